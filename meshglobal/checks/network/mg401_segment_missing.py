"""A cluster lacks a Segment object that another cluster is in.

Every Segment belongs into every cluster: a control plane that does not know a peer's segment does not know the domain
of the hosts that the peer publishes. The command makes it as it is in the other cluster; it is for bash and zsh.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.network.members import document_of, labelled, seen, segments_of
from meshglobal.checks.remedy import quoted
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.view import ClusterView

CHECK = Check(
    code="MG401",
    slug="segment-missing",
    title="A Segment that other clusters are in is missing in a cluster",
    level=Level.WARNING,
    summary="there is no Segment {segment}, which {source} is in",
    remedy="kubectl --context {context} apply -f - <<< {document}",
    needs=(kinds.SEGMENT, kinds.NAMESPACE),
    rule="R6",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Only segments that a cluster is in and has."""
    for name, source in _used(mesh):
        for view in mesh.views:
            if _lacks(view, mesh, name):
                yield CHECK.finding(
                    context=view.context,
                    segment=name,
                    source=source.context,
                    document=quoted(document_of(source, mesh, name)),
                    evidence=(seen(view, mesh, name, None, source.home.domain), labelled(source, mesh)),
                )


def _used(mesh: Mesh) -> list[tuple[str, ClusterView]]:
    """The segments that some cluster is in, each with the first such cluster by context."""
    used: dict[str, ClusterView] = {}
    for view in sorted(mesh.views, key=lambda one: one.context):
        if view.home.segment is not None and view.home.domain is not None:
            used.setdefault(view.home.segment, view)
    return sorted(used.items())


def _lacks(view: ClusterView, mesh: Mesh, name: str) -> bool:
    if mesh.istio_namespace not in view.namespaces or view.home.segment == name:
        return False
    is_read = view.cluster.has_read(kinds.SEGMENT, mesh.istio_namespace, name)
    return is_read and name not in segments_of(view, mesh)
