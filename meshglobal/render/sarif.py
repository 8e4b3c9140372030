"""`--report sarif=FILE`: SARIF 2.1.0, with the rules from the catalogue of findings.

A host that is not Ready, or a broken link, that no finding explains is a result of a rule named after it. What stayed
unknown is a result of kind ``open``; what is waived is a result that is suppressed, with the reason. Fingerprints are
the same in every run, whatever the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

import meshglobal
from meshglobal.checks.catalogue import Listed, catalogue
from meshglobal.checks.chain import LINKS
from meshglobal.checks.pages import placeholders
from meshglobal.checks.pages import text_of as page_text
from meshglobal.domain.excused import link_code
from meshglobal.domain.finding import Level
from meshglobal.domain.verdict import SEVERITIES, Severity, State
from meshglobal.domain.waivers import Waived
from meshglobal.render.legible import legible
from meshglobal.render.result import Result

JSON = dict[str, Any]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME = "https://github.com/meshglobal/meshglobal"
_FINGERPRINT = "meshglobal/v1"
_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.UNKNOWN: "none"}
_STATE_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.UNKNOWN: "none"}


def text_of(result: Result) -> str:
    """The result as a SARIF log with one run."""
    driver = {
        "name": "meshglobal",
        "version": meshglobal.__version__,
        "informationUri": _HOME,
        "rules": [*map(_rule, catalogue()), *_state_rules(), *_link_rules()],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(result)],
        "columnKind": "unicodeCodePoints",
        "results": list(_results(result)),
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


def _link_rules() -> Iterator[JSON]:
    for link in LINKS:
        yield {
            "id": link_code(link.name),
            "name": "Link" + "".join(word.capitalize() for word in link.name.split()),
            "shortDescription": {"text": f"The chain of a global service is broken in a cluster: {link.name}"},
            "helpUri": f"{_HOME}/blob/main/docs/how-to/find-out-why.md",
            "defaultConfiguration": {"level": "error"},
        }


def _invocation(result: Result) -> JSON:
    said = [_notification(f"{context}: {text}", "warning") for context, text, _ in result.unread()]
    said += [_notification(f"{context}: {name}: {text}", "error") for context, name, text, _ in result.unwritten()]
    if result.error is not None:
        said.append(_notification(result.error.message, "error"))
    return {
        "executionSuccessful": result.error is None,
        "exitCode": result.exit_code,
        "toolExecutionNotifications": said,
    }


def _notification(text: str, level: str) -> JSON:
    return {"message": {"text": legible(text)}, "level": level}


def _results(result: Result) -> Iterator[JSON]:
    for one in result.findings:
        place = (one.context or "", one.namespace or "", one.service or "")
        yield _result(one.code, _LEVELS[one.level], _with_next(one.message, one.remedy), place, one.fingerprint)
    for told in result.unexplained:
        text = ": ".join(filter(None, [told.title, told.state, told.reason]))
        place = (told.context, told.namespace, told.service)
        level = _STATE_LEVELS[told.severity]
        yield _result(told.code, level, _with_next(text, told.remedy), place, told.fingerprint)
    yield from map(_suppressed, _waived_once(result.waived))


def _with_next(text: str, remedy: str) -> str:
    return "\n".join(filter(None, [text, remedy and f"next: {remedy}"]))


def _waived_once(waived: Sequence[Waived]) -> Iterator[Waived]:
    """What was waived; a host or a link is left out where a finding on the same service and cluster is."""
    codes = {listed.check.code for listed in catalogue()}
    told = {(one.context, one.namespace, one.service) for one in waived if one.code in codes}
    for one in waived:
        if one.code in codes or (one.context, one.namespace, one.service) not in told:
            yield one


def _suppressed(one: Waived) -> JSON:
    place = (one.context or "", one.namespace or "", one.service or "")
    level = _LEVELS[one.level] if one.level is not None else "warning"
    why = f"{one.reason} (until {one.expires})" if one.expires else one.reason
    suppression = {"kind": "external", "status": "accepted", "justification": legible(why)}
    return _result(one.code, level, one.message, place, one.fingerprint) | {"suppressions": [suppression]}


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
