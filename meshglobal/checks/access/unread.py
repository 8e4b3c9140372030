"""Walk what could not be read in clusters that answered; what these checks have in common."""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.mesh import Mesh
from meshglobal.domain.failure import Cause
from meshglobal.domain.finding import Evidence
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, Query


def unread(mesh: Mesh, cause: Cause) -> Iterator[tuple[ClusterSnapshot, list[Query], list[Gap]]]:
    """Each reached cluster with the readings that failed for a cause; clusters without one are left out."""
    for view in mesh.views:
        gaps = [gap for gap in view.cluster.gaps if gap.query is not None and gap.failure.cause is cause]
        queries = [gap.query for gap in gaps if gap.query is not None]
        if queries and view.cluster.is_reached:
            yield view.cluster, queries, gaps


def evidence_of(cluster: ClusterSnapshot, gaps: list[Gap]) -> tuple[Evidence, ...]:
    """What the server said to each reading."""
    return tuple(
        Evidence(
            context=cluster.context,
            kind=gap.query.kind.name,
            namespace=gap.query.namespace,
            name=gap.query.name or "",
            value=gap.failure.message,
        )
        for gap in gaps
        if gap.query is not None
    )
