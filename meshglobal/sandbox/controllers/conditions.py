"""Status conditions: a list of {type, status, reason, message} with the times of their changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON, timestamp

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence


def condition(conditions: Sequence[JSON] | None, kind: str) -> JSON | None:
    """Return the condition of a type."""
    return next((each for each in conditions or () if each.get("type") == kind), None)


def is_true(obj: JSON, kind: str) -> bool:
    """Whether an object's status has a condition of this type with status True."""
    found = condition((obj.get("status") or {}).get("conditions"), kind)
    return found is not None and found.get("status") == "True"


def merged(old: Sequence[JSON] | None, new: JSON, now: dt.datetime, *, has_update_time: bool = False) -> JSON:
    """Return the condition `new` with its times: an unchanged one keeps its own, lastTransitionTime follows the status.

    A lastUpdateTime that `new` brings along counts as a change.
    """
    before = condition(old, new["type"])
    if before and before | new == before:
        return before
    keeps = before is not None and before.get("status") == new["status"]
    moved = before["lastTransitionTime"] if before and keeps else timestamp(now)
    times = {"lastTransitionTime": moved}
    if has_update_time:
        times["lastUpdateTime"] = timestamp(now)
    return new | times


def seconds_since(text: str, now: dt.datetime) -> float:
    """Return how long ago a timestamp was."""
    # fromisoformat reads the closing Z since Python 3.11.
    return (now - now.fromisoformat(text)).total_seconds()
