"""A VirtualService sends requests, or copies of them, to a global host that no ServiceEntry of its cluster has.

Requests that match fail.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.rules import lost_among
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.references import destinations

CHECK = Check(
    code="MG433",
    slug="virtual-service-destination",
    title="A VirtualService sends requests to a host that does not exist",
    level=Level.ERROR,
    summary="{where} sends requests to {host}, which does not exist here; {instead}",
    # Other products of the vendor have a VirtualService of their own.
    remedy="kubectl --context {context} -n {object_namespace} patch virtualservices.networking.istio.io {object} "
    "--type=json -p {patch}",
    needs=(kinds.VIRTUAL_SERVICE, kinds.SERVICE_ENTRY, kinds.SEGMENT, kinds.NAMESPACE, kinds.SERVICE),
    rule="R6, R9",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Routes of HTTP, TCP and TLS, and mirrors."""
    for view in mesh.views:
        yield from lost_among(mesh, destinations(view), CHECK)
