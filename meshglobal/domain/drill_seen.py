"""What was seen of a drill, as checks look at it."""

from __future__ import annotations

from dataclasses import dataclass

from meshglobal.domain.drill_prediction import Ending


@dataclass(frozen=True, slots=True)
class DrillSeen:
    """A drill that came to its end.

    Attributes:
        context, namespace, service: whose copy of what was taken away.
        expected, observed: what became of the calls.
        lost, max_lost: how many failed, and how many might.
        said: what was said of the first that failed; empty: nothing failed.
        is_ready: whether the copy was ready again in time.
        has_returned: whether it answered again; None: that cannot be told, or was not to be expected.
        unrestored: values that could not be put back, each a sentence's part.
    """

    context: str
    namespace: str
    service: str
    expected: Ending = Ending.FAILOVER
    observed: Ending = Ending.FAILOVER
    lost: int = 0
    max_lost: int = 0
    said: str = ""
    is_ready: bool = True
    has_returned: bool | None = True
    unrestored: tuple[str, ...] = ()
