"""Nobody answered the global host while the copy of one cluster was away: there was no failover.

Either no other cluster could serve the callers, which `drill` says before (`--dry-run`), or the path to the other
clusters does not work although all objects look right: requests to port 15008 of the other east-west gateway are
dropped, or the certificates of the clusters do not trust each other.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.traffic.drilled import key_of, seen_of
from meshglobal.domain.drill_prediction import Ending
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG550",
    slug="drill-outage",
    title="Nobody answered while a copy was away",
    level=Level.ERROR,
    summary="no call was answered while the copy of {context} was away: {said}",
    remedy="meshglobal diagnose svc {service} -n {namespace}",
    rule="",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Outages, foreseen or not."""
    for one in mesh.drills:
        if one.observed is Ending.OUTAGE:
            yield CHECK.finding(
                context=one.context,
                key=key_of(one),
                said=one.said or "no answer",
                evidence=seen_of(one, "calls", "none good"),
            )
