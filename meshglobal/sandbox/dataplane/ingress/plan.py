"""From the Gateways and HTTPRoutes of one cluster to its Envoy's listeners, and to what their status must say."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import msgspec

from meshglobal.sandbox.controlplane.switches import Switches
from meshglobal.sandbox.dataplane.directory import Directory
from meshglobal.sandbox.dataplane.envoy_config import JSON, Marks, listener
from meshglobal.sandbox.dataplane.ingress.attaching import ANY_HOST, Attachment, attachments
from meshglobal.sandbox.dataplane.ingress.backends import HOSTNAME, Problem, Way, way_of
from meshglobal.sandbox.dataplane.ingress.in_mesh import Hanging, Taken, before_pool, hangings, taken
from meshglobal.sandbox.dataplane.ingress.observed import Gateway, Listener, ObjectKey, Route
from meshglobal.sandbox.dataplane.ingress.route_config import Placed, envoy_routes
from meshglobal.sandbox.dataplane.observed import Locality
from meshglobal.sandbox.dataplane.sight import ClusterSight

PortOf = Callable[[ObjectKey, str], int]
"""The port of loopback for a listener of a Gateway; the same at each call."""
_BEFORE_POOLS = ("", "")
"""Stands in for a Gateway where a listener belongs to none."""


@dataclass(frozen=True, slots=True)
class RouteVerdict:
    """What is to be said of a route: what became of its references, to Gateways and entries, and of its backends."""

    route: Route
    attachments: tuple[Attachment, ...]
    hangings: tuple[Hanging, ...]
    problem: Problem | None


@dataclass(slots=True)
class Plan:
    """What follows from a cluster's Gateways and routes."""

    listeners: list[JSON] = field(default_factory=list)
    pools: set[str] = field(default_factory=set)
    """The pools that routes lead to."""
    ports: dict[ObjectKey, dict[str, int]] = field(default_factory=dict)
    """Gateway -> listener -> port of loopback, for listeners that work."""
    gateways: list[Gateway] = field(default_factory=list)
    controllers: dict[ObjectKey, str] = field(default_factory=dict)
    """Gateway -> the name of who serves it."""
    routes: list[RouteVerdict] = field(default_factory=list)
    diversions: dict[str, int] = field(default_factory=dict)
    """Pool -> port of the listener that stands before it, for callers in the mesh."""

    def attached(self, gateway: Gateway, name: str) -> int:
        """How many routes a listener has."""
        parts = (each for verdict in self.routes for each in verdict.attachments if each.gateway == gateway.key)
        return sum(name == one.listener.name for each in parts for one in each.found)


def plan_of(
    sight: ClusterSight, directory: Directory, marks: Marks, port_of: PortOf, switches: Switches | None = None
) -> Plan:
    """Work out the Gateways and routes of a cluster. Gateways are in the mesh, so they know global hosts."""
    served = {key: each for key, each in sight.gateways.items() if ("", each.gateway_class) in sight.gateway_classes}
    controllers = {key: sight.gateway_classes["", each.gateway_class] for key, each in served.items()}
    plan = Plan(gateways=list(served.values()), controllers=controllers)
    localities = sorted(set(sight.nodes.values())) or [Locality()]
    diverted: dict[Taken, list[Placed]] = {}
    hosts: dict[tuple[ObjectKey, str], dict[str, list[Placed]]] = {}
    for route in sight.routes.values():
        found = tuple(attachments(route, served, sight.picture.namespace_labels))
        hanging = tuple(hangings(route, sight))
        placed, problem = _placed(route, directory, localities[0])
        if found or hanging:
            plan.routes.append(RouteVerdict(route, found, hanging, problem or _reported(route, switches)))
        for one in _taken(hanging, directory, localities):
            diverted.setdefault(one, []).extend(_placed(route, directory, one.locality)[0])
        for key, each, host in _places(found):
            hosts.setdefault((key, each.name), {}).setdefault(host, []).extend(placed)
            plan.pools |= _pools_of(placed)
    for gateway in served.values():
        for each in filter(is_carried, gateway.listeners):
            port = port_of(gateway.key, each.name)
            plan.ports.setdefault(gateway.key, {})[each.name] = port
            plan.listeners.append(_listener(gateway, each, hosts.get((gateway.key, each.name), {}), marks, port))
    for one, rules in diverted.items():
        plan.pools |= _pools_of(rules)
        routes = before_pool(envoy_routes(rules, marks.onward))
        # Connections that are open go on by the old rules for a while: other rules are another listener.
        name = f"before/{one.pool}/{hashlib.sha256(msgspec.json.encode(routes)).hexdigest()[:16]}"
        plan.diversions[one.pool] = port_of(_BEFORE_POOLS, name)
        plan.listeners.append(listener(name, routes, plan.diversions[one.pool]))
    return plan


def _pools_of(placed: list[Placed]) -> set[str]:
    return {way.pool for one in placed for way, _ in one.ways if way}


def _taken(hanging: tuple[Hanging, ...], directory: Directory, localities: list[Locality]) -> list[Taken]:
    """The pools that a route stands before, each once."""
    places = dict.fromkeys(place for each in hanging for place in each.found)
    return list(dict.fromkeys(one for host, port in places for one in taken(host, port, directory, localities)))


def _reported(route: Route, switches: Switches | None) -> Problem | None:
    """What a status may say of a route to global hosts though nothing is wrong with it (R38)."""
    names = [(each.group, each.kind, each.name) for rule in route.rules for each in rule.backends]
    host = next((name for group, kind, name in names if (group, kind) == HOSTNAME), None)
    if switches is None or switches.hostname_backends == "resolved" or host is None:
        return None
    return Problem("BackendNotFound", f"backend({host}) not found")


def listener_name(gateway: Gateway, each: Listener) -> str:
    """Envoy's name for a listener of a Gateway."""
    return "/".join((*gateway.key, each.name))


def is_carried(each: Listener) -> bool:
    """Whether the sandbox can serve a listener."""
    return each.protocol == "HTTP"


def _places(found: tuple[Attachment, ...]) -> Iterator[tuple[ObjectKey, Listener, str]]:
    for attachment in found:
        for attached in attachment.found:
            for host in attached.hosts:
                yield attachment.gateway, attached.listener, host


def _placed(route: Route, directory: Directory, locality: Locality) -> tuple[list[Placed], Problem | None]:
    """The rules with where they lead, and the first thing that is wrong with their backends."""
    placed, problems = [], []
    for number, rule in enumerate(route.rules):
        found = [(way_of(each, route, directory, locality), each.weight) for each in rule.backends]
        problems += [way for way, _ in found if isinstance(way, Problem)]
        ways = tuple((way if isinstance(way, Way) else None, weight) for way, weight in found)
        placed.append(Placed(route, number, rule, ways))
    return placed, next(iter(problems), None)


def _listener(gateway: Gateway, each: Listener, hosts: dict[str, list[Placed]], marks: Marks, port: int) -> JSON:
    virtual = [
        {"name": host, "domains": [host], "routes": envoy_routes(rules, marks.onward)}
        for host, rules in sorted(hosts.items(), key=lambda one: (one[0] == ANY_HOST, one[0]))
    ]
    routes = {"virtual_hosts": virtual, "ignore_port_in_host_matching": True, "validate_clusters": False}
    return listener(listener_name(gateway, each), routes, port)
