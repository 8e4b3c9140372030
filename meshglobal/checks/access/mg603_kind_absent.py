"""The API server of a cluster does not know a kind of the mesh: its CustomResourceDefinition is not installed.

Either the mesh is not installed in this cluster, or the context leads to another cluster than meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.access.unread import evidence_of, unread
from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.failure import Cause
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG603",
    slug="kind-absent",
    title="A kind of the mesh is not installed",
    level=Level.UNKNOWN,
    summary="{why}",
    remedy="kubectl --context {context} get crds",
    needs=(kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY),
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """One for each absent kind."""
    for cluster, _, gaps in unread(mesh, Cause.NO_SUCH_KIND):
        for gap in gaps:
            evidence = evidence_of(cluster, [gap])
            yield CHECK.finding(context=cluster.context, why=gap.failure.message, evidence=evidence)
