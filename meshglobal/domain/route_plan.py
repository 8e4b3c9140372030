"""What `route` would write into one cluster, and whether it would work there. Pure: from what was read to a plan.

Three-valued as everything: what could not be read is neither fine nor wrong.
"""

from __future__ import annotations

import shlex
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from meshglobal.domain import kinds
from meshglobal.domain.names import global_host
from meshglobal.domain.object_plan import JSON
from meshglobal.domain.objects import EntryPort, ServiceEntry
from meshglobal.domain.route_manifests import PortRoute, listener_of, manifests
from meshglobal.domain.route_objects import HTTPRoute
from meshglobal.domain.route_parents import sections_of
from meshglobal.domain.route_remarks import Remarks, RouteRemark
from meshglobal.domain.route_rivals import Place, Planned, Rival, rivals_of
from meshglobal.domain.route_state import leftovers
from meshglobal.domain.route_wish import ANY_PATH, RouteWish
from meshglobal.domain.view import ClusterView

_CARRIES_HTTP = ("HTTP", "GRPC")
Shares = tuple[tuple[str, int], ...]
"""Hosts with their weights."""


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """What one cluster shall get.

    ``objects`` in the order in which they are applied; none where that cannot be told. ``gone``: what we made for the
    same service before, and is not among them any more.
    """

    context: str
    hosts: tuple[str, ...]
    objects: tuple[JSON, ...] = ()
    gone: tuple[JSON, ...] = ()
    remarks: tuple[RouteRemark, ...] = ()


def route_plan(wish: RouteWish, view: ClusterView, istio_namespace: str) -> RoutePlan:
    """Work out the objects for one cluster, and look whether they would do what they are for."""
    said = Remarks(view.context)
    hosts, routes = _routes(wish, view, istio_namespace, said)
    objects = tuple(manifests(wish, routes))
    kept = [f"{one['kind']}/{one['metadata']['name']}" for one in objects]
    gone = leftovers(wish, view, kept, said) if kept else ()
    _look_for_rivals(wish, view, routes, {one["metadata"]["name"] for one in gone}, said)
    return RoutePlan(view.context, hosts, objects, gone, tuple(said.said))


def _routes(
    wish: RouteWish, view: ClusterView, istio_namespace: str, said: Remarks
) -> tuple[tuple[str, ...], list[PortRoute]]:
    """The hosts, and where the routes lead and hang; none where the hosts do not exist."""
    domain = view.home.domain
    if domain is None:
        said.unknown("host-unknown", f"which domain its hosts have cannot be told: {view.home.problem}")
        return (), []
    own = global_host(wish.key, domain)
    shares: Shares = tuple((one.host_in(wish.key.namespace, domain), one.weight) for one in wish.weights) or ((own, 1),)
    hosts = tuple(host for host, _ in shares)
    entries = _entries(view, istio_namespace, (own, *hosts) if wish.in_mesh else hosts, said)
    if entries is None:
        return hosts, []
    ports = _ports(wish, {host: entries[host] for host in hosts}, said)
    if wish.in_mesh:
        _look_at_path(wish, own, said)
        return hosts, [PortRoute(port, shares, str(port), entries[own].name) for port in ports]
    if wish.gateway is not None:
        return hosts, [PortRoute(port, shares, name) for port, name in sections_of(wish, view, ports, said)]
    names = {port: listener_of(port, is_only=False)[0] if len(ports) > 1 else "" for port in ports}
    return hosts, [PortRoute(port, shares, name) for port, name in names.items()]


# -- the hosts and their ports (R38) ---------------------------------------------------------------------------------


def _entries(
    view: ClusterView, istio_namespace: str, hosts: Sequence[str], said: Remarks
) -> dict[str, ServiceEntry] | None:
    """The entry of each host; None unless all stand here."""
    found = {host: entries[0] for host in hosts if (entries := view.entries.get(host))}
    missing = [host for host in dict.fromkeys(hosts) if host not in found]
    if missing and (why := view.cluster.why_unread(kinds.SERVICE_ENTRY, istio_namespace)):
        said.unknown("entries-unread", f"whether {', '.join(missing)} exists cannot be told: {why}")
        return None
    for host in missing:
        said.error("host-missing", f"no generated entry has the host {host}", _what_to_do(host, view))
    return None if missing else found


def _what_to_do(host: str, view: ClusterView) -> str:
    if near := get_close_matches(host, list(view.entries), n=1, cutoff=0.85):
        return f"did you mean {near[0]}?"
    name, namespace, *_ = (*host.split("."), "", "")
    return f"make the service global, or find out why it is not: meshglobal diagnose svc {name} -n {namespace}"


def _ports(wish: RouteWish, entries: dict[str, ServiceEntry], said: Remarks) -> tuple[int, ...]:
    """The ports to route to: those that were asked for, or the first that carries HTTP."""
    known = {host: {port.number: port for port in entry.spec.ports or ()} for host, entry in entries.items()}
    first = next(iter(known))
    wanted = wish.ports or _usual_port(known[first])
    if not wanted:
        said.error("port-missing", f"the entry of {first} has no port")
    for port in wanted:
        for host, ports in known.items():
            _look_at_port(host, port, ports, said)
    return wanted


def _look_at_path(wish: RouteWish, own: str, said: Remarks) -> None:
    if wish.path != ANY_PATH:
        said.warning(
            "path-alone",
            f"callers in the mesh get 404 for every path of {own} that does not begin with {wish.path}",
            "leave out --path, unless other routes on the same entry are for the rest",
        )


def _usual_port(ports: dict[int, EntryPort]) -> tuple[int, ...]:
    """The first that carries HTTP, or the first."""
    numbers = [number for number, port in ports.items() if port.protocol.upper().startswith(_CARRIES_HTTP)]
    return tuple((numbers or list(ports))[:1])


def _look_at_port(host: str, port: int, ports: dict[int, EntryPort], said: Remarks) -> None:
    found = ports.get(port)
    if found is None:
        there = ", ".join(map(str, ports)) or "none"
        said.error("port-missing", f"{host} has no port {port}; its ports, those of the Service: {there}")
    elif not found.protocol.upper().startswith(_CARRIES_HTTP):
        said.warning(
            "port-not-http",
            f"port {port} of {host} carries {found.protocol or 'no protocol by name'}, and an HTTPRoute is for HTTP",
            "call the Service's port http, or give it appProtocol: http",
        )


# -- who else is there -----------------------------------------------------------------------------------------------


def _look_for_rivals(
    wish: RouteWish, view: ClusterView, routes: Sequence[PortRoute], gone: Container[str], said: Remarks
) -> None:
    if routes and (why := view.cluster.why_unread(kinds.HTTP_ROUTE)):
        said.unknown("routes-unread", f"whether another route comes first cannot be told: {why}")
        return
    found = view.cluster.of(kinds.HTTP_ROUTE, HTTPRoute)
    known = [one for one in found if one.namespace != wish.key.namespace or one.name not in gone]
    for planned in _planned(wish, routes, known):
        for rival in rivals_of(planned, known):
            _tell_rival(rival, view.context, said)


def _planned(wish: RouteWish, routes: Sequence[PortRoute], known: Sequence[HTTPRoute]) -> Iterator[Planned]:
    names = [one["metadata"]["name"] for one in manifests(wish, routes) if one["kind"] == kinds.HTTP_ROUTE.name]
    for one, name in zip(routes, names, strict=True):
        place = Place("Gateway", *wish.parent, one.section)
        if wish.in_mesh:
            place = Place(kinds.SERVICE_ENTRY.name, "", one.entry, one.section)
        there = next((each for each in known if (each.namespace, each.name) == (wish.key.namespace, name)), None)
        created = (there.metadata.creation_timestamp or "") if there else None
        yield Planned(wish.key.namespace, name, created, (place,), wish.hostnames, wish.path)


def _tell_rival(rival: Rival, context: str, said: Remarks) -> None:
    route = rival.route
    where = f"HTTPRoute {route.namespace}/{route.name}"
    if not rival.is_whole:
        said.warning("route-loses-some", f"{where} is more specific: it gets {rival.what}")
        return
    said.error(
        "route-loses",
        f"{where} has the same hosts and path on the same parent and comes first: it gets all requests",
        "choose another --path or --hostname, or look whether it is needed: "
        f"kubectl --context {shlex.quote(context)} -n {route.namespace} get httproute {route.name} -o yaml",
    )
