"""A Gateway and HTTPRoutes for a global host, as JSON (R38, R39)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from meshglobal.domain import kinds
from meshglobal.domain.kinds import Kind
from meshglobal.domain.labels import MANAGED_BY, MANAGED_BY_US, ROUTED_SERVICE
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.object_plan import JSON
from meshglobal.domain.route_wish import RouteWish

GROUP, HOSTNAME = "networking.istio.io", "Hostname"
HTTP_PORT = 80


class PortRoute(NamedTuple):
    """What one HTTPRoute leads to: a port, hosts with their weights, and where it hangs.

    ``section`` is the listener's name, for a generated entry its port; empty: all of them. ``entry`` is the name of the
    generated entry that a route in the mesh hangs on.
    """

    port: int
    hosts: tuple[tuple[str, int], ...]
    section: str = ""
    entry: str = ""


def mark_of(key: ServiceKey) -> dict[str, str]:
    """The labels by which our objects for a service are known."""
    return {MANAGED_BY: MANAGED_BY_US, ROUTED_SERVICE: key.name}


def manifests(wish: RouteWish, routes: Sequence[PortRoute]) -> Iterator[JSON]:
    """The objects, in the order in which they are applied."""
    if wish.gateway is None and not wish.in_mesh and routes:
        yield _gateway(wish, routes)
    for one in routes:
        yield _route(wish, one, has_port=len(routes) > 1)


def listener_of(port: int, *, is_only: bool) -> tuple[str, int]:
    """Name and port of our own Gateway's listener for a port of the service; the only one has the usual port."""
    return ("http", HTTP_PORT) if is_only else (f"http-{port}", port)


def _gateway(wish: RouteWish, routes: Sequence[PortRoute]) -> JSON:
    listeners = [listener_of(one.port, is_only=len(routes) == 1) for one in routes]
    spec = {
        "gatewayClassName": wish.gateway_class,
        "listeners": [
            {"name": name, "port": port, "protocol": "HTTP", "allowedRoutes": {"namespaces": {"from": "Same"}}}
            for name, port in listeners
        ],
    }
    return _object(kinds.GATEWAY, wish, wish.gateway_name, spec)


def _route(wish: RouteWish, route: PortRoute, *, has_port: bool) -> JSON:
    rule = {
        "matches": [{"path": {"type": "PathPrefix", "value": wish.path}}],
        "backendRefs": [_backend(host, route.port, weight) for host, weight in route.hosts],
    }
    spec = {
        "parentRefs": [_parent(wish, route)],
        "hostnames": list(wish.hostnames) if wish.hostnames and not wish.in_mesh else None,
        "rules": [rule],
    }
    name = f"{wish.route_name}-{route.port}" if has_port else wish.route_name
    return _object(kinds.HTTP_ROUTE, wish, name, spec)


def _parent(wish: RouteWish, route: PortRoute) -> JSON:
    if wish.in_mesh:
        return {"group": GROUP, "kind": kinds.SERVICE_ENTRY.name, "name": route.entry, "sectionName": route.section}
    namespace, name = wish.parent
    found: JSON = {"name": name}
    if namespace != wish.key.namespace:
        found["namespace"] = namespace
    if route.section:
        found["sectionName"] = route.section
    return found


def _backend(host: str, port: int, weight: int) -> JSON:
    return {"group": GROUP, "kind": HOSTNAME, "name": host, "port": port, "weight": weight}


def _object(kind: Kind, wish: RouteWish, name: str, spec: JSON) -> JSON:
    metadata = {"name": name, "namespace": wish.key.namespace, "labels": mark_of(wish.key)}
    return {
        "apiVersion": f"{kind.group}/{kind.version}",
        "kind": kind.name,
        "metadata": metadata,
        "spec": spec,
    }


def without_unset(manifest: JSON) -> JSON:
    """A manifest without the fields of its ``spec`` that shall not be set (None)."""
    return manifest | {"spec": {key: value for key, value in manifest.get("spec", {}).items() if value is not None}}
