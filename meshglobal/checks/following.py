"""What follows from what: a finding that another one brings about is not named beside it, and goes when that is mended.

The table says of each code which others it may bring about. It says nothing of how bad they are.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence

import msgspec

from meshglobal.domain.diagnosis import LEVELS, RootCause, for_all
from meshglobal.domain.finding import Finding
from meshglobal.domain.names import ServiceKey

_ENDPOINTS = ("MG220", "MG221", "MG222")
_ENTRIES = ("MG201", "MG202", "MG203", "MG204", "MG206", "MG207", "MG208")
_REFERENCES = ("MG410", "MG411", "MG412", "MG420", "MG423", "MG430", "MG432", "MG433", "MG434")
_LINKS = ("MG303", "MG304", "MG305", "MG207", "MG201", "MG313")

FOLLOWS: dict[str, tuple[str, ...]] = {
    "MG102": ("MG106", "MG109"),
    "MG108": ("MG109",),
    "MG111": ("MG109", "MG122", *_ENDPOINTS),
    "MG120": _ENDPOINTS,
    "MG122": _ENDPOINTS,
    "MG130": ("MG101", "MG106", "MG109", "MG115", "MG116"),
    "MG132": ("MG101", "MG109", "MG115"),
    "MG201": _REFERENCES,
    "MG202": _REFERENCES,
    "MG203": ("MG412", "MG423"),
    "MG224": ("MG203", "MG412", "MG423"),
    "MG301": _LINKS,
    "MG302": _LINKS,
    "MG303": ("MG201", "MG207"),
    "MG304": ("MG201", "MG207", "MG208"),
    "MG305": ("MG201", "MG207", "MG208"),
    "MG306": _LINKS,
    "MG307": (*_ENTRIES, *_LINKS),
    "MG310": _LINKS,
    "MG311": _LINKS,
    "MG312": _LINKS,
    "MG314": _LINKS,
    "MG315": _LINKS,
    "MG401": ("MG201", *_REFERENCES),
    "MG402": (*_ENTRIES, *_REFERENCES),
    "MG403": (*_ENTRIES, *_REFERENCES),
}


def with_followers(cause: RootCause | None, findings: Iterable[Finding]) -> RootCause | None:
    """A cause with the codes of those findings that it brings about."""
    if cause is None:
        return None
    brought = FOLLOWS.get(cause.code or "", ())
    return msgspec.structs.replace(cause, explains=tuple(sorted({one.code for one in findings} & set(brought))))


def doubt_of(findings: Sequence[Finding], key: ServiceKey) -> RootCause | None:
    """Where no link is broken: the finding to look at first, the worst one; those about the service come first.

    None where nothing was found.
    """
    brought = {code for one in findings for code in FOLLOWS.get(one.code, ())}
    left = [one for one in findings if one.code not in brought]
    if not left:
        return None
    first = min(left, key=lambda one: (LEVELS[one.level], not _is_about(one, key), one.code, one.subject))
    alike = [one.context for one in left if one.context is not None and _is_alike(one, first)]
    contexts = tuple(dict.fromkeys(alike or (seen.context for seen in first.evidence)))
    doubt = RootCause(
        contexts=contexts,
        link="",
        level=first.level,
        message=first.message,
        code=first.code,
        remedy=for_all(first.remedy, first.context, contexts) if first.context is not None else first.remedy,
    )
    return with_followers(doubt, findings)


def _is_about(finding: Finding, key: ServiceKey) -> bool:
    return (finding.namespace, finding.service) == key


def _is_alike(one: Finding, first: Finding) -> bool:
    """Whether one command of ours mends both; others are mended one by one."""
    if one is first:
        return True
    is_ours = first.remedy.startswith("meshglobal ")
    return is_ours and one.code == first.code and _without_context(one) == _without_context(first)


def _without_context(finding: Finding) -> str:
    return f"{finding.remedy} ".replace(f"--context {shlex.quote(finding.context or '')} ", "")
