"""An HTTPRoute sends requests to a global host, and no ServiceEntry of its cluster has this host.

Requests that match fail. Either nobody publishes the service for this cluster, or the host is written wrongly; where a
host is found that was probably meant, MG411 says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.backends import lost_backends
from meshglobal.checks.routes.hosts import is_asked
from meshglobal.checks.routes.publishing import exposing
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG410",
    slug="route-host-unknown",
    title="An HTTPRoute sends requests to a host that does not exist",
    level=Level.ERROR,
    summary="{where} sends requests to {host}, and no ServiceEntry here has this host",
    remedy="meshglobal expose svc {service} -n {namespace} --context {contexts}",
    needs=(kinds.HTTP_ROUTE, kinds.SERVICE_ENTRY, kinds.SEGMENT, kinds.NAMESPACE, kinds.SERVICE),
    rule="R38",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Without a command where the Service is nowhere; where Services were not read, `diagnose` goes on."""
    for lost in lost_backends(mesh):
        if lost.meant is None and is_asked(mesh, lost.host.key):
            one = lost.backends[0]
            found = CHECK.finding(
                context=one.view.context,
                key=lost.host.key,
                contexts="",
                evidence=tuple(spot.field.seen(spot.member, one.ref.name) for spot in lost.spots),
                **one.words,
            )
            yield exposing(mesh, found, lost.host)
