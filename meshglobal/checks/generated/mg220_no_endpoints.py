"""No cluster that publishes the service has a ready endpoint: each request to the global host fails.

It is said only where the EndpointSlices of all publishers were read, and no publisher is outside the selection.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.generated.reach import reaches
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG220",
    slug="no-endpoints",
    title="No cluster has a ready endpoint",
    level=Level.ERROR,
    summary="no ready endpoint in any cluster that publishes it: {clusters}",
    remedy="kubectl --context {context_of_one} -n {namespace} describe service {service}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.WORKLOAD_ENTRY, kinds.ENDPOINT_SLICE, kinds.SEGMENT),
    rule="R22",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """None ready anywhere."""
    for reach in reaches(mesh):
        if not reach.ready:
            empty = sorted(reach.empty)
            found = CHECK.finding(
                key=reach.key,
                clusters=", ".join(empty),
                context_of_one=empty[0],
                evidence=tuple(reach.seen(context) for context in empty),
            )
            yield reach.scaling(found, empty[0])
