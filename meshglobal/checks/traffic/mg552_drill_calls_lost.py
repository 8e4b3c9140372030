"""Other clusters took over, and calls failed all the same, more than `--max-lost` allows.

Calls are lost when pods end before proxies know of it. Let the application finish what it has begun (a `preStop` hook,
a longer `terminationGracePeriodSeconds`), and let callers or a waypoint try again what is safe to repeat.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.traffic.drilled import key_of, seen_of
from meshglobal.domain.drill_prediction import Ending
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG552",
    slug="drill-calls-lost",
    title="Calls were lost in a failover",
    level=Level.ERROR,
    summary="{lost} calls failed since the copy of {context} was taken away, at most {most} might: {said}",
    remedy="meshglobal diagnose svc {service} -n {namespace}",
    rule="",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """More than may be lost."""
    for one in mesh.drills:
        if one.observed is not Ending.OUTAGE and one.lost > one.max_lost:
            yield CHECK.finding(
                context=one.context,
                key=key_of(one),
                lost=one.lost,
                most=one.max_lost,
                said=one.said,
                evidence=seen_of(one, "calls lost", str(one.lost), f"at most {one.max_lost}"),
            )
