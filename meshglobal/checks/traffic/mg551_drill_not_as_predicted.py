"""What became of the calls while a copy was away is not what was predicted.

The prediction rests on the mode of distribution, the endpoints, and the links between the clusters. Something routes
differently than these say: a waypoint, a DestinationRule, or a proxy that has not been told yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.traffic.drilled import key_of, seen_of
from meshglobal.domain.drill_prediction import Ending
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG551",
    slug="drill-not-as-predicted",
    title="A drill came out otherwise than predicted",
    level=Level.ERROR,
    summary="with the copy of {context} away the calls came to {observed}, predicted was {expected}",
    remedy="meshglobal diagnose svc {service} -n {namespace}",
    rule="",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """What nobody foresaw; outages have a finding of their own."""
    for one in mesh.drills:
        if one.observed not in (one.expected, Ending.OUTAGE, Ending.UNKNOWN):
            yield CHECK.finding(
                context=one.context,
                key=key_of(one),
                observed=one.observed.value,
                expected=one.expected.value,
                evidence=seen_of(one, "calls", one.observed.value, one.expected.value),
            )
