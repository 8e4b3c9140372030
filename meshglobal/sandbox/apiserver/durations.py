"""How long ago something was, as kubectl shows ages: `5s`, `3m12s`, `4h`, `12d`, `2y30d`."""

from __future__ import annotations

import datetime as dt

_MINUTE, _HOUR, _DAY, _YEAR = 60, 3600, 86400, 86400 * 365
_STEPS = (
    # Below so many seconds: the larger unit's size and letter, the smaller one's (0: not shown).
    (2 * _MINUTE, 1, "s", 0, ""),
    (10 * _MINUTE, _MINUTE, "m", 1, "s"),
    (3 * _HOUR, _MINUTE, "m", 0, ""),
    (8 * _HOUR, _HOUR, "h", _MINUTE, "m"),
    (2 * _DAY, _HOUR, "h", 0, ""),
    (8 * _DAY, _DAY, "d", _HOUR, "h"),
    (2 * _YEAR, _DAY, "d", 0, ""),
    (8 * _YEAR, _YEAR, "y", _DAY, "d"),
)


def since(timestamp: str | None, now: dt.datetime) -> str:
    """The age of a timestamp (RFC 3339), `<unknown>` without one."""
    if not timestamp:
        return "<unknown>"
    return human((now - dt.datetime.fromisoformat(timestamp)).total_seconds())


def human(seconds: float) -> str:
    """A duration in one or two units."""
    whole = int(seconds)
    if whole < 0:
        return "0s" if whole >= -1 else "<invalid>"
    for limit, size, letter, small, small_letter in _STEPS:
        if whole < limit:
            rest = whole % size // small if small else 0
            return f"{whole // size}{letter}" + (f"{rest}{small_letter}" if rest else "")
    return f"{whole // _YEAR}y"
