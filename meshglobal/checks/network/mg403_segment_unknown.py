"""The control plane's namespace names a segment (`admin.solo.io/segment`), and the cluster has no such Segment.

What the cluster then does is not documented. No host can be computed for what it publishes.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.network.members import labelled, seen, segments_of
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG403",
    slug="segment-unknown",
    title="A cluster is labelled with a segment that does not exist",
    level=Level.ERROR,
    summary="namespace {istio_namespace} names segment {segment}, but there is no such Segment with a domain",
    remedy="kubectl --context {context} get segments.admin.solo.io -n {istio_namespace}",
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
            yield CHECK.finding(
                context=view.context, segment=home.segment, istio_namespace=mesh.istio_namespace, evidence=evidence
            )
