"""Many calls in figures: statuses, times, failures by kind, who answered."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import msgspec

from meshglobal.domain.call import Answer

UNKNOWN = "unknown"


class Latency(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """How long the calls took that were answered, in seconds."""

    min: float
    p50: float
    p90: float
    p99: float
    max: float


class Failed(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Calls that failed alike: ``kind`` is a trouble or an HTTP status of 500 or more; ``message`` of the first."""

    kind: str
    count: int
    message: str = ""


class ServedBy(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Who answered how often; ``context``: the cluster that this is, null where it is not known.

    It is the name that its peers have for a cluster that is not selected.
    """

    name: str
    count: int
    context: str | None = None


class Figures(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The figures of a series; fewer ``connections`` than calls: some served several calls."""

    ended: int = 0
    good: int = 0
    statuses: dict[str, int] = {}
    latency: Latency | None = None
    failed: tuple[Failed, ...] = ()
    served_by: tuple[ServedBy, ...] = ()
    connections: int = 0


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of the values do not exceed (nearest rank); the values are in order."""
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def latency_of(seconds: Sequence[float]) -> Latency | None:
    """How the times are spread; None: there are none."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    return Latency(
        min=ordered[0],
        p50=percentile(ordered, 50),
        p90=percentile(ordered, 90),
        p99=percentile(ordered, 99),
        max=ordered[-1],
    )


def figures_of(answers: Sequence[Answer], names: dict[str, str] | None = None) -> Figures:
    """Count. ``names``: contexts by the names that their clusters and pods have."""
    answered = [one for one in answers if one.status]
    failed = Counter(one.kind for one in answers if not one.is_good)
    said = {one.kind: one.message or f"HTTP {one.status}" for one in reversed(answers) if not one.is_good}
    served = Counter(one.by or UNKNOWN for one in answered)
    return Figures(
        ended=len(answers),
        good=sum(one.is_good for one in answers),
        statuses={str(status): count for status, count in sorted(Counter(one.status for one in answered).items())},
        latency=latency_of([one.seconds for one in answered if one.trouble is None]),
        failed=tuple(Failed(kind=kind, count=count, message=said[kind]) for kind, count in failed.most_common()),
        served_by=tuple(
            ServedBy(name=name, count=count, context=(names or {}).get(name)) for name, count in _ordered(served)
        ),
        connections=sum(one.connects for one in answers),
    )


def _ordered(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
