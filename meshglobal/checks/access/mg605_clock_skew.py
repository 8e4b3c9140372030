"""The clock of a cluster's API server and the one here are more than five minutes apart.

Tokens and certificates that are young or about to end are then refused by the one and taken by the other. Which of the
two clocks is wrong is not known: where all clusters differ alike, it is the one here. The difference is taken from the
date of the first answer; it is exact to a second and the time that the answer took. `check` alone says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Evidence, Finding, Level

_TOLERATED = 300.0
_MINUTE = 60.0

CHECK = Check(
    code="MG605",
    slug="clock-skew",
    title="A cluster's clock differs from ours",
    level=Level.WARNING,
    summary="the API server's clock is {minutes} min {direction} the one here",
    remedy="",
    needs=(kinds.NAMESPACE,),
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Where an answer carried a date."""
    for view in mesh.views if mesh.is_fleet else ():
        skew = view.cluster.circumstances.clock_skew
        if skew is None or abs(skew) <= _TOLERATED:
            continue
        seen = Evidence(context=view.context, kind="Cluster", field="clock", value=f"{skew:+.0f} s", expected="0 s")
        yield CHECK.finding(
            context=view.context,
            minutes=int(abs(skew) // _MINUTE),
            direction="ahead of" if skew > 0 else "behind",
            evidence=(seen,),
        )
