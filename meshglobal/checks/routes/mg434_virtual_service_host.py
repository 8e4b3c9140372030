"""A VirtualService for callers in the mesh is for a global host that no ServiceEntry of its cluster has.

Nobody can call that host. Nothing is said of a VirtualService that is bound to gateways only: there a host is whatever
callers send.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.rules import lost_among
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.references import virtual_service_hosts

CHECK = Check(
    code="MG434",
    slug="virtual-service-host",
    title="A VirtualService is for a host that does not exist",
    level=Level.WARNING,
    summary="{where} is for {host}, which does not exist here; {instead}",
    # Other products of the vendor have a VirtualService of their own.
    remedy="kubectl --context {context} -n {object_namespace} patch virtualservices.networking.istio.io {object} "
    "--type=json -p {patch}",
    needs=(kinds.VIRTUAL_SERVICE, kinds.SERVICE_ENTRY, kinds.SEGMENT, kinds.NAMESPACE, kinds.SERVICE),
    rule="R6, R9",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Each host by itself; wildcards are not looked at."""
    for view in mesh.views:
        yield from lost_among(mesh, virtual_service_hosts(view), CHECK)
