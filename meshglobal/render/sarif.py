"""`--report sarif=FILE`: SARIF 2.1.0, with the rules from the catalogue of findings.

A host that is not Ready and that no finding explains is a result of a rule named after its state. What stayed unknown
is a result of kind ``open``. Fingerprints are the same in every run, whatever the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import msgspec

import meshglobal
from meshglobal.checks.catalogue import Listed, catalogue
from meshglobal.checks.pages import placeholders
from meshglobal.checks.pages import text_of as page_text
from meshglobal.domain.finding import Level
from meshglobal.domain.report import Report
from meshglobal.domain.verdict import SEVERITIES, Severity, State
from meshglobal.render.legible import legible
from meshglobal.render.outcome import host_of, unexplained, unread

JSON = dict[str, Any]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME = "https://github.com/meshglobal/meshglobal"
_FINGERPRINT = "meshglobal/v1"
_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.UNKNOWN: "none"}
_STATE_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.UNKNOWN: "none"}


def text_of(report: Report) -> str:
    """The report as a SARIF log with one run."""
    driver = {
        "name": "meshglobal",
        "version": meshglobal.__version__,
        "informationUri": _HOME,
        "rules": [*map(_rule, catalogue()), *_state_rules()],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": list(_results(report)),
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n"


def _rule(listed: Listed) -> JSON:
    check = listed.check
    return {
        "id": check.code,
        "name": "".join(part.capitalize() for part in check.slug.split("-")),
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": listed.documentation},
        "messageStrings": {"default": {"text": placeholders(check.summary)}},
        "help": {"text": page_text(listed)},
        "helpUri": f"{_HOME}/blob/main/docs/findings/{check.code}.md",
        "defaultConfiguration": {"level": _LEVELS[check.level]},
        "properties": {"tags": [listed.area], "rule": check.rule},
    }


def _state_rules() -> Iterator[JSON]:
    for state, severity in SEVERITIES.items():
        if severity is not Severity.OK:
            yield {
                "id": _state_rule(state),
                "name": f"Host{state.value}",
                "shortDescription": {"text": f"A global host is {state.value} in a cluster"},
                "helpUri": f"{_HOME}/blob/main/docs/reference/verify.md",
                "defaultConfiguration": {"level": _STATE_LEVELS[severity]},
            }


def _state_rule(state: State) -> str:
    return f"host-{state.value.lower()}"


def _invocation(report: Report) -> JSON:
    said = [_notification(f"{context}: {text}", "warning") for context, text, _ in unread(report)]
    if report.error is not None:
        said.append(_notification(report.error.message, "error"))
    return {
        "executionSuccessful": report.error is None,
        "exitCode": report.exit_code,
        "toolExecutionNotifications": said,
    }


def _notification(text: str, level: str) -> JSON:
    return {"message": {"text": legible(text)}, "level": level}


def _results(report: Report) -> Iterator[JSON]:
    for one in report.findings:
        text = "\n".join(filter(None, [one.message, one.remedy and f"next: {one.remedy}"]))
        place = (one.context or "", one.namespace or "", one.service or "")
        yield _result(one.code, _LEVELS[one.level], text, place, one.fingerprint)
    for verdict in unexplained(report):
        text = ": ".join(filter(None, [host_of(verdict), verdict.state.value, verdict.reason]))
        place = (verdict.context, verdict.namespace, verdict.service)
        level = _STATE_LEVELS[verdict.severity]
        yield _result(verdict.code, level, text, place, verdict.fingerprint)


def _result(rule: str, level: str, text: str, place: tuple[str, str, str], fingerprint: str) -> JSON:
    return {
        "ruleId": rule,
        "kind": "open" if level == "none" else "fail",
        "level": level,
        "message": {"text": legible(text)},
        "locations": [_location(place)],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
    }


def _location(place: tuple[str, str, str]) -> JSON:
    """``cluster/namespace/service``. Code scanning takes no result without a file, so the same stands as one's URI."""
    parts = [part or "mesh" if position == 0 else part for position, part in enumerate(place)]
    parts = [legible(part) for part in parts if part]
    kind = ("module", "namespace", "member")[len(parts) - 1]
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": "/".join(quote(part, safe="") for part in parts)},
            "region": {"startLine": 1},
        },
        "logicalLocations": [{"name": parts[-1], "fullyQualifiedName": "/".join(parts), "kind": kind}],
    }
