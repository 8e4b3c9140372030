"""Calls to a global host were answered with 503: no endpoint of it was taken for healthy, here or in any other cluster.

Said by a proxy on the way (`no healthy upstream`) or by the service itself. The cause is the first broken link of the
service's chain in the caller's cluster; where all hold, look at the pods: health, policies, the path across clusters.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.traffic.failing import LOOKED_AT, explained, failing
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG502",
    slug="call-unavailable",
    title="Calls were answered that nobody can serve them",
    level=Level.ERROR,
    summary="{place} answered 503 ({often}): {cause}",
    remedy="meshglobal diagnose svc {service} -n {namespace} --context {context}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT),
    uses=LOOKED_AT,
    rule="R22",
)
_OTHERWISE = "the service is set up rightly; its pods, or a policy before them, refuse"


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Calls that were answered 503."""
    for one in failing(mesh, "503"):
        yield explained(CHECK, mesh, one, _OTHERWISE)
