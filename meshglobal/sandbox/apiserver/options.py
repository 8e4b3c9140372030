"""Query parameters of lists, watches and writes: reading them, and refusing combinations that make no sense."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import problems
from meshglobal.sandbox.apiserver.problems import Cause

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
_FORBIDDEN = "FieldValueForbidden"
_MATCH = "resourceVersionMatch"
_OLDEST, _EXACT = "NotOlderThan", "Exact"


@dataclass(frozen=True, slots=True)
class ListOptions:
    """What a list or a watch asks for, as in meta.k8s.io/v1 ListOptions."""

    labels: str = ""
    fields: str = ""
    limit: int = 0
    token: str = ""
    """The continue token."""
    version: str = ""
    match: str = ""
    timeout: int | None = None
    """Seconds after which a watch ends."""
    is_watch: bool = False
    wants_bookmarks: bool = False
    sends_initial: bool | None = None

    @property
    def is_exact(self) -> bool:
        """Whether the state at one version is asked for."""
        return self.match == _EXACT


def flag(query: Mapping[str, str], name: str) -> bool | None:
    """Return a truth value, None where it is not given: anything but 0 and false is true."""
    if name not in query:
        return None
    return query[name].lower() not in ("0", "false")


def number(query: Mapping[str, str], name: str) -> int | None:
    """Return a whole number, None where it is not given; raises ApiError (400)."""
    text = query.get(name, "")
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise problems.bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax')
    return int(text)


def list_options(query: Mapping[str, str], *, is_watch: bool = False) -> ListOptions:
    """Return what a list or watch asks for; raises ApiError (400, 422)."""
    options = ListOptions(
        labels=query.get("labelSelector", ""),
        fields=query.get("fieldSelector", ""),
        limit=number(query, "limit") or 0,
        token=query.get("continue", ""),
        version=query.get("resourceVersion", ""),
        match=query.get(_MATCH, ""),
        timeout=number(query, "timeoutSeconds"),
        is_watch=is_watch or bool(flag(query, "watch")),
        wants_bookmarks=bool(flag(query, "allowWatchBookmarks")),
        sends_initial=flag(query, "sendInitialEvents"),
    )
    causes = _watch_causes(options) if options.is_watch else _list_causes(options)
    if causes:
        raise problems.invalid("ListOptions", "meta.k8s.io", "", causes)
    return options


def _forbid(field: str, why: str) -> Cause:
    return Cause(_FORBIDDEN, field, f"Forbidden: {why}")


def _unsupported(value: str, supported: str) -> Cause:
    return Cause("FieldValueNotSupported", _MATCH, f'Unsupported value: "{value}": supported values: {supported}')


def _list_causes(options: ListOptions) -> list[Cause]:
    causes = []
    if options.match:
        if not options.version:
            causes.append(_forbid(_MATCH, f"{_MATCH} is forbidden unless resourceVersion is provided"))
        if options.token:
            causes.append(_forbid(_MATCH, f"{_MATCH} is forbidden when continue is provided"))
        if options.match not in (_EXACT, _OLDEST):
            causes.append(_unsupported(options.match, f'"{_EXACT}", "{_OLDEST}", ""'))
        if options.is_exact and options.version == "0":
            causes.append(_forbid(_MATCH, f'{_MATCH} "exact" is forbidden for resourceVersion "0"'))
    if options.sends_initial is not None:
        causes.append(_forbid("sendInitialEvents", "sendInitialEvents is forbidden for list"))
    return causes


def _watch_causes(options: ListOptions) -> list[Cause]:
    causes = []
    if options.sends_initial is not None and options.match != _OLDEST:
        causes.append(_forbid(_MATCH, f"sendInitialEvents requires setting {_MATCH} to {_OLDEST}"))
    if options.match:
        if options.sends_initial is None:
            causes.append(_forbid(_MATCH, f"{_MATCH} is forbidden for watch unless sendInitialEvents is provided"))
        if options.match != _OLDEST:
            causes.append(_unsupported(options.match, f'"{_OLDEST}"'))
    return causes


def parsed_version(text: str, current: int) -> int | None:
    """Return a resourceVersion of a query; None for "" and "0"; raises ApiError (500 where it is no number, 504)."""
    if text in ("", "0"):
        return None
    if not text.isdigit():
        complaint = f'strconv.ParseUint: parsing "{text}": invalid syntax'
        raise problems.ApiError(500, "", f'resourceVersion: Invalid value: "{text}": {complaint}')
    if int(text) > current:
        raise problems.from_the_future(int(text), current)
    return int(text)
