"""A cluster publishes the service and has no ready endpoint of its own: its callers are served by other clusters.

Requests succeed, and cross the network. At least two other clusters have ready endpoints; where only one has, it is
MG221.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.generated.reach import reaches
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG222",
    slug="only-remote",
    title="A publishing cluster has no ready endpoint of its own",
    level=Level.WARNING,
    summary="{context} has no ready endpoint: its callers are served by {others}",
    remedy="kubectl --context {context} -n {namespace} describe service {service}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.WORKLOAD_ENTRY, kinds.ENDPOINT_SLICE, kinds.SEGMENT),
    rule="R22",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """None here, enough elsewhere."""
    for reach in reaches(mesh):
        if len(reach.ready) > 1:
            others = ", ".join(sorted(reach.ready))
            for context in reach.empty:
                found = CHECK.finding(context=context, key=reach.key, others=others, evidence=(reach.seen(context),))
                yield reach.scaling(found, context)
