"""A service of scope `segment` is published by a cluster of the default segment, while other clusters are in segments.

It is reachable from the clusters of the default segment alone. Perhaps the cluster was to join a segment
(`meshglobal segment assign`), perhaps the service was to be global (`meshglobal expose --scope global`): which of the
two is for people to say.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import published_of
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.network.members import labelled
from meshglobal.domain import kinds, scope
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.labels import SERVICE_SCOPE

CHECK = Check(
    code="MG407",
    slug="segment-scope-outside",
    title="Scope segment in a cluster of the default segment",
    level=Level.WARNING,
    summary="the scope is segment, but the cluster is in none, as {others} {are}: these do not see the service",
    remedy="",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R10",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Where no cluster is in a segment, the default segment is the whole mesh, and nothing is doubtful."""
    joined = sorted((view for view in mesh.views if view.home.segment is not None), key=lambda view: view.context)
    for one in published_of(mesh):
        home = one.view.home
        if joined and one.scope.value == scope.SEGMENT and home.segment is None and home.is_segment_known:
            yield CHECK.finding(
                context=one.context,
                key=one.key,
                others=", ".join(view.context for view in joined),
                are="is" if len(joined) == 1 else "are",
                evidence=(one.above(SERVICE_SCOPE), one.seen(SERVICE_SCOPE), labelled(joined[0], mesh)),
            )
