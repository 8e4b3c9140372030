"""An HTTPRoute sends requests to a global host on a port that its ServiceEntry does not have, or on none.

The port of a route is that of the Service, not its targetPort.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.backends import Backend, host_backends
from meshglobal.checks.routes.hosts import hosts_of
from meshglobal.checks.routes.publishing import without_remedy
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.names import ServiceKey

CHECK = Check(
    code="MG412",
    slug="route-host-port",
    title="An HTTPRoute sends requests to a port that the host does not have",
    level=Level.ERROR,
    summary="{where} sends requests to {port} of {host}, whose ports are {ports}",
    remedy="kubectl --context {context} -n {route_namespace} patch httproute {route} --type=json -p {patch}",
    needs=(kinds.HTTP_ROUTE, kinds.SERVICE_ENTRY, kinds.NAMESPACE, kinds.SERVICE, kinds.SEGMENT),
    rule="R38",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """What the Service says counts as well: of an entry that lacks its ports, other findings speak."""
    for one, host in host_backends(mesh):
        ports = _ports(mesh, one)
        if ports and one.ref.port not in ports | _expected(mesh, one):
            right = _meant(one, host.key, ports)
            found = CHECK.finding(
                context=one.view.context,
                key=host.key,
                port=f"port {one.ref.port}" if one.ref.port is not None else "no port",
                ports=", ".join(map(str, sorted(ports))),
                patch=one.patch(port=right) if right is not None else "",
                evidence=(one.field.seen("port", one.ref.port, right),),
                **one.words,
            )
            yield _mended(mesh, found) if right is not None else without_remedy(found)


def _mended(mesh: Mesh, found: Finding) -> Finding:
    """The Service may have the port, and its entry lack it: where that was not read, the route is not to be changed."""
    if not mesh.expectation.unread:
        return found
    return msgspec.structs.replace(found, remedy=f"meshglobal diagnose svc {found.service} -n {found.namespace}")


def _ports(mesh: Mesh, one: Backend) -> set[int]:
    entries = hosts_of(mesh)[one.view.context].entries.get(one.ref.name.casefold(), [])
    return {port.number for entry in entries for port in entry.spec.ports or ()}


def _expected(mesh: Mesh, one: Backend) -> set[int]:
    entry = mesh.expectation.entries.get(one.view.context, {}).get(one.ref.name.casefold())
    return {port.number for ports in entry.ports for port in ports} if entry is not None else set()


def _meant(one: Backend, key: ServiceKey, ports: set[int]) -> int | None:
    """The only port, or the one whose targetPort was written."""
    if len(ports) == 1:
        return next(iter(ports))
    service = one.view.services.get(key)
    behind = [port.port for port in service.ports if port.target_port == one.ref.port] if service is not None else []
    return behind[0] if len(behind) == 1 and behind[0] in ports and one.ref.port is not None else None
