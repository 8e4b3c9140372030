"""From the Gateways and HTTPRoutes of one cluster to its Envoy's listeners, and to what their status must say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from meshglobal.sandbox.dataplane.directory import Directory
from meshglobal.sandbox.dataplane.envoy_config import JSON, Marks, listener
from meshglobal.sandbox.dataplane.ingress.attaching import ANY_HOST, Attachment, attachments
from meshglobal.sandbox.dataplane.ingress.backends import Problem, Way, way_of
from meshglobal.sandbox.dataplane.ingress.observed import Gateway, Listener, ObjectKey, Route
from meshglobal.sandbox.dataplane.ingress.route_config import Placed, envoy_routes
from meshglobal.sandbox.dataplane.observed import Locality
from meshglobal.sandbox.dataplane.sight import ClusterSight

PortOf = Callable[[ObjectKey, str], int]
"""The port of loopback for a listener of a Gateway; the same at each call."""


@dataclass(frozen=True, slots=True)
class RouteVerdict:
    """What is to be said of a route: what became of its references, and of its backends."""

    route: Route
    attachments: tuple[Attachment, ...]
    problem: Problem | None


@dataclass(slots=True)
class Plan:
    """What follows from a cluster's Gateways."""

    listeners: list[JSON] = field(default_factory=list)
    pools: set[str] = field(default_factory=set)
    """The pools that routes lead to."""
    ports: dict[ObjectKey, dict[str, int]] = field(default_factory=dict)
    """Gateway -> listener -> port of loopback, for listeners that work."""
    gateways: list[Gateway] = field(default_factory=list)
    routes: list[RouteVerdict] = field(default_factory=list)

    def attached(self, gateway: Gateway, name: str) -> int:
        """How many routes a listener has."""
        parts = (each for verdict in self.routes for each in verdict.attachments if each.gateway == gateway.key)
        return sum(name == one.listener.name for each in parts for one in each.found)


def plan_of(sight: ClusterSight, directory: Directory, marks: Marks, port_of: PortOf) -> Plan:
    """Work out the Gateways of a cluster. They are in the mesh, so they know global hosts."""
    served = {key: each for key, each in sight.gateways.items() if ("", each.gateway_class) in sight.gateway_classes}
    plan = Plan(gateways=list(served.values()))
    locality = next(iter(sorted(sight.nodes.values())), Locality())
    hosts: dict[tuple[ObjectKey, str], dict[str, list[Placed]]] = {}
    for route in sight.routes.values():
        found = tuple(attachments(route, served, sight.picture.namespace_labels))
        placed, problem = _placed(route, directory, locality)
        if found:
            plan.routes.append(RouteVerdict(route, found, problem))
        for key, each, host in _places(found):
            hosts.setdefault((key, each.name), {}).setdefault(host, []).extend(placed)
            plan.pools |= {way.pool for one in placed for way, _ in one.ways if way}
    for gateway in served.values():
        for each in filter(is_carried, gateway.listeners):
            port = port_of(gateway.key, each.name)
            plan.ports.setdefault(gateway.key, {})[each.name] = port
            plan.listeners.append(_listener(gateway, each, hosts.get((gateway.key, each.name), {}), marks, port))
    return plan


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
