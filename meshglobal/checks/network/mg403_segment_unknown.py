"""The control plane's namespace names a segment (`admin.solo.io/segment`), and the cluster has no such Segment.

What the cluster then does is not documented. No host can be computed for what it publishes. Where another cluster has
the Segment, the command makes it here, too; else it takes the cluster back into the default segment.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.network.members import document_of, labelled, seen, segments_of
from meshglobal.checks.remedy import mended_by_applying
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.view import ClusterView

CHECK = Check(
    code="MG403",
    slug="segment-unknown",
    title="A cluster is labelled with a segment that does not exist",
    level=Level.ERROR,
    summary="namespace {istio_namespace} names segment {segment}, but there is no such Segment with a domain",
    remedy="kubectl --context {context} label namespace {istio_namespace} admin.solo.io/segment-",
    needs=(kinds.SEGMENT, kinds.NAMESPACE),
    rule="R7",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """As the home of the cluster says."""
    for view in mesh.views:
        home = view.home
        if home.segment is not None and home.domain is None and not home.is_unread:
            domain = segments_of(view, mesh).get(home.segment)
            evidence = (labelled(view, mesh), seen(view, mesh, home.segment, domain))
            found = CHECK.finding(
                context=view.context, segment=home.segment, istio_namespace=mesh.istio_namespace, evidence=evidence
            )
            yield _made_as_elsewhere(mesh, view, home.segment, found)


def _made_as_elsewhere(mesh: Mesh, view: ClusterView, segment: str, found: Finding) -> Finding:
    others = {one.context: one for one in mesh.views if segments_of(one, mesh).get(segment)}
    if not others:
        return found
    return mended_by_applying(found, view.context, document_of(others[min(others)], mesh, segment))
