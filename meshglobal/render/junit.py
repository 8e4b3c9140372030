"""`--report junit=FILE`: a suite for each cluster, a case for each service in it.

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
from meshglobal.domain.report import ClusterReport, Report
from meshglobal.domain.verdict import Severity, Verdict
from meshglobal.render.legible import legible
from meshglobal.render.outcome import ending, fails, host_of, severity_of


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


def text_of(report: Report) -> str:
    """The report as JUnit's XML."""
    suites: Suites = {}
    _run(suites, report)
    for cluster in report.clusters:
        _reading(suites, cluster, report)
    waived = {one.fingerprint: one.reason for one in report.waived}
    for verdict in report.hosts:
        _case(suites, verdict.context, verdict.namespace, verdict.service).remarks.append(
            _of_verdict(verdict, waived.get(verdict.fingerprint))
        )
    for finding in report.findings:
        _of_finding(suites, finding)
    for suite in suites.values():
        for case in suite.values():
            case.result = case.result or _result(case, report)
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


def _run(suites: Suites, report: Report) -> None:
    """A case of its own for a run that ended for another reason than what it found."""
    if report.error is None and report.exit_code in (ExitCode.OK, ExitCode.FINDINGS, ExitCode.CANNOT_CHECK):
        return
    case = _case(suites, "meshglobal", "", report.command or "run")
    text = "\n".join(filter(None, [report.error.message, report.error.hint])) if report.error else ending(report)
    case.remarks.append(Remark(Severity.ERROR, f"exit code {report.exit_code}", text))
    case.result = "error"


def _reading(suites: Suites, cluster: ClusterReport, report: Report) -> None:
    """Whether the cluster was read: an error, or skipped where the run passes without it (`--min-coverage`)."""
    case = _case(suites, cluster.context, "", "reading")
    for gap in cluster.unread:
        text = f"{gap.kind or 'cluster'}: {gap.failure.message}\n{gap.failure.next_step}".strip()
        case.remarks.append(Remark(Severity.UNKNOWN, gap.failure.cause.value, text))
    if not cluster.reached or cluster.unread:
        case.result = "skipped" if report.exit_code == ExitCode.OK else "error"


def _of_verdict(verdict: Verdict, waived: str | None) -> Remark:
    """What a state says; a waived one is skipped: neither failed nor passed."""
    text = ": ".join(filter(None, [host_of(verdict), verdict.state.value, verdict.reason]))
    if waived is not None:
        return Remark(Severity.UNKNOWN, "waived", f"waived: {waived}\n{text}")
    return Remark(verdict.severity, verdict.state.value, text)


def _of_finding(suites: Suites, finding: Finding) -> None:
    """A finding joins the case of its service and cluster; without a service it has a case of its own."""
    name = finding.service or finding.code
    case = _case(suites, finding.context or "mesh", finding.namespace or "", name)
    text = "\n".join(filter(None, [finding.message, finding.remedy and f"next: {finding.remedy}"]))
    case.remarks.append(Remark(severity_of(finding), f"{finding.code} {finding.slug}", text))


def _result(case: Case, report: Report) -> str | None:
    worst = max((remark.severity for remark in case.remarks), default=Severity.OK)
    if worst is not Severity.OK and fails(worst, report):
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
