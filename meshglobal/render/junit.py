"""`--report junit=FILE`: a suite for each cluster, a case for each service in it; for `check` one for the cluster.

Unknown is skipped, never passed. Each cluster has one more case, ``reading``; what concerns no single cluster stands in
the suite ``mesh``, and a run that could not go on in the suite ``meshglobal``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from meshglobal.domain.errors import ExitCode
from meshglobal.domain.finding import Finding
from meshglobal.domain.report import ClusterReport, Write
from meshglobal.domain.verdict import Severity
from meshglobal.domain.waivers import Waived
from meshglobal.render.legible import legible
from meshglobal.render.result import CLUSTER, Result, Told, severity_of


class Remark(NamedTuple):
    """One thing that a case says: how bad, of which type (a state or a code), and the text."""

    severity: Severity
    type: str
    text: str


@dataclass
class Case:
    """A test case; ``result`` None: passed; else the name of the XML element that says otherwise."""

    classname: str
    name: str
    remarks: list[Remark] = field(default_factory=list)
    result: str | None = None


Suites = dict[str, dict[tuple[str, str], Case]]


def text_of(result: Result) -> str:
    """The result as JUnit's XML."""
    suites: Suites = {}
    _run(suites, result)
    for cluster in result.clusters:
        _reading(suites, cluster, result)
    for write in result.writes:
        _of_write(suites, write)
    for told in result.told:
        name = result.command if result.subject is CLUSTER else told.service
        _case(suites, told.context, told.namespace, name).remarks.append(_of_told(told))
    for finding in result.findings:
        _of_finding(suites, finding, result)
    told_of = {told.fingerprint for told in result.told}
    for one in result.waived:
        if one.fingerprint not in told_of:
            _of_waived(suites, one, result)
    for suite in suites.values():
        for case in suite.values():
            case.result = case.result or _result(case, result)
    every = [case for suite in suites.values() for case in suite.values()]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites{_attributes('meshglobal', every)}>"]
    for name, cases in suites.items():
        lines += _suite(name, list(cases.values()))
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _case(suites: Suites, suite: str, classname: str, name: str) -> Case:
    suite, classname, name = legible(suite), legible(classname), legible(name)
    cases = suites.setdefault(suite, {})
    prefix = f"{suite}.{classname}" if classname else suite
    return cases.setdefault((classname, name), Case(prefix, name))


def _run(suites: Suites, result: Result) -> None:
    """A case of its own for a run that ended for another reason than what it found."""
    if result.error is None and result.exit_code in (ExitCode.OK, ExitCode.FINDINGS, ExitCode.CANNOT_CHECK):
        return
    case = _case(suites, "meshglobal", "", result.command or "run")
    text = "\n".join(filter(None, [result.error.message, result.error.hint])) if result.error else result.ending
    case.remarks.append(Remark(Severity.ERROR, f"exit code {result.exit_code}", text))
    case.result = "error"


def _reading(suites: Suites, cluster: ClusterReport, result: Result) -> None:
    """Whether the cluster was read: an error, or skipped where the run passes without it (`--min-coverage`)."""
    case = _case(suites, cluster.context, "", "reading")
    for gap in cluster.unread:
        text = f"{gap.kind or 'cluster'}: {gap.failure.message}\n{gap.failure.next_step}".strip()
        case.remarks.append(Remark(Severity.UNKNOWN, gap.failure.cause.value, text))
    if not cluster.reached or cluster.unread:
        case.result = "skipped" if result.exit_code == ExitCode.OK else "error"


def _of_write(suites: Suites, write: Write) -> None:
    """A case for each object that was written, or could not be."""
    case = _case(suites, write.context, write.namespace or "", f"{write.kind.lower()}/{write.name}")
    if write.failure is not None:
        text = "\n".join(filter(None, [write.failure.message, write.failure.next_step]))
        case.remarks.append(Remark(Severity.ERROR, write.status.value, text))
        case.result = "error"


def _of_told(told: Told) -> Remark:
    """What a state says; a waived one is skipped: neither failed nor passed."""
    text = ": ".join(filter(None, [told.title, told.state, told.reason]))
    text = "\n".join(filter(None, [text, told.remedy and f"next: {told.remedy}"]))
    if told.waived:
        return Remark(Severity.UNKNOWN, "waived", f"waived: {told.waived}\n{text}")
    return Remark(told.severity, told.state, text)


def _of_finding(suites: Suites, finding: Finding, result: Result) -> None:
    """A finding joins the case of its service and cluster."""
    text = "\n".join(filter(None, [finding.message, finding.remedy and f"next: {finding.remedy}"]))
    remark = Remark(severity_of(finding.level), f"{finding.code} {finding.slug}", text)
    _case_at(suites, finding, result).remarks.append(remark)


def _of_waived(suites: Suites, one: Waived, result: Result) -> None:
    """What would fail and is waived is skipped, like a host; one that would pass stays as it is."""
    if one.level is not None and result.fails(severity_of(one.level)):
        remark = Remark(Severity.UNKNOWN, "waived", f"waived: {one.reason}\n{one.code}: {one.message}")
        _case_at(suites, one, result).remarks.append(remark)


def _case_at(suites: Suites, one: Finding | Waived, result: Result) -> Case:
    """The case of a service; of a cluster where the command speaks of clusters; else one of the code's own."""
    suite, name = one.context or "mesh", one.service or one.code
    if result.subject is CLUSTER and one.service is None and legible(suite) in suites and one.context is not None:
        name = result.command
    return _case(suites, suite, one.namespace or "", name)


def _result(case: Case, result: Result) -> str | None:
    worst = max((remark.severity for remark in case.remarks), default=Severity.OK)
    if worst is not Severity.OK and result.fails(worst):
        return "failure"
    # A warning beside something unknown does not make it known.
    is_unknown = any(remark.severity is Severity.UNKNOWN for remark in case.remarks)
    return "skipped" if is_unknown else None


def _attributes(name: str, cases: Iterable[Case]) -> str:
    results = [case.result for case in cases]
    counted = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    numbers = "".join(f' {key}="{results.count(result)}"' for key, result in counted.items())
    return f' name={_quoted(name)} tests="{len(results)}"{numbers}'


def _suite(name: str, cases: list[Case]) -> list[str]:
    lines = [f"  <testsuite{_attributes(name, cases)}>"]
    for case in cases:
        lines += _case_lines(case)
    return [*lines, "  </testsuite>"]


def _case_lines(case: Case) -> list[str]:
    opening = f"    <testcase classname={_quoted(case.classname)} name={_quoted(case.name)}"
    said = sorted((remark for remark in case.remarks if remark.severity is not Severity.OK), key=lambda r: -r.severity)
    if not said and case.result is None:
        return [f"{opening}/>"]
    text = escape(legible("\n".join(f"[{remark.type}] {remark.text}" for remark in said)))
    if case.result is None:
        return [f"{opening}>", f"      <system-out>{text}</system-out>", "    </testcase>"]
    first = said[0] if said else Remark(Severity.UNKNOWN, "unread", "could not be read")
    about = f" type={_quoted(first.type)}" if case.result != "skipped" else ""
    message = _quoted(first.text.partition("\n")[0])
    return [
        f"{opening}>",
        f"      <{case.result} message={message}{about}>{text}</{case.result}>",
        "    </testcase>",
    ]


def _quoted(text: str) -> str:
    return quoteattr(legible(text))
