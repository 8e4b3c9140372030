"""Several clusters publish the service, and a single one has ready endpoints: there is nothing to fail over to."""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.generated.reach import reaches
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG221",
    slug="one-cluster-left",
    title="A single cluster has ready endpoints",
    level=Level.WARNING,
    summary="only {left} has ready endpoints, {empty} has none: nothing to fail over to",
    remedy="kubectl --context {context_of_one} -n {namespace} describe service {service}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.WORKLOAD_ENTRY, kinds.ENDPOINT_SLICE, kinds.SEGMENT),
    rule="R22",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """One of several."""
    for reach in reaches(mesh):
        if len(reach.ready) == 1 and reach.empty:
            empty = sorted(reach.empty)
            found = CHECK.finding(
                key=reach.key,
                left=reach.ready[0],
                empty=", ".join(empty),
                context_of_one=empty[0],
                evidence=tuple(reach.seen(context) for context in sorted(reach.counts)),
            )
            yield reach.scaling(found, empty[0])
