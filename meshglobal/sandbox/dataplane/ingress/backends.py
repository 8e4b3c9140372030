"""What the backends of a rule lead to: pools, or the reason why they lead nowhere (R38)."""

from __future__ import annotations

from typing import NamedTuple

from meshglobal.domain.names import ServiceKey
from meshglobal.sandbox.controlplane.hosts import local_host
from meshglobal.sandbox.dataplane.directory import Directory
from meshglobal.sandbox.dataplane.ingress.observed import Backend, Route
from meshglobal.sandbox.dataplane.observed import Locality

HOSTNAME = ("networking.istio.io", "Hostname")
SERVICE = ("", "Service")


class Problem(NamedTuple):
    """Why a backend leads nowhere: reason and message of the condition ResolvedRefs."""

    reason: str
    message: str


class Way(NamedTuple):
    """A pool, and its name at the far end of a hop."""

    pool: str
    onward: str


def way_of(backend: Backend, route: Route, directory: Directory, locality: Locality) -> Way | Problem:
    """Where a backend leads for a Gateway in this locality."""
    match (backend.group, backend.kind):
        case kind if kind == HOSTNAME:
            if backend.namespace:
                return Problem("InvalidDestination", "namespace may not be set with Hostname type")
            host = backend.name
        case kind if kind == SERVICE:
            namespace = backend.namespace or route.key[0]
            if namespace != route.key[0]:
                text = (
                    f"backendRef {backend.name}/{namespace} not accessible to a HTTPRoute in namespace {route.key[0]!r}"
                )
                return Problem("RefNotPermitted", text)
            host = local_host(ServiceKey(namespace, backend.name))
        case _:
            return Problem(
                "InvalidKind", f"referencing unsupported backendRef: group {backend.group!r} kind {backend.kind!r}"
            )
    found = directory.mesh_hosts.get(host)
    port = found.ports.get(backend.port) if found else None
    if port is None:
        where = f"{host}:{backend.port}" if found else host
        return Problem("BackendNotFound", f"backend({where}) not found")
    return Way(port.pool_for(locality), port.onward)
