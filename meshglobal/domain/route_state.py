"""How routes fare once they are there: from the status of Gateways and HTTPRoutes, as one cluster shows them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from meshglobal.domain import kinds
from meshglobal.domain.kinds import Kind
from meshglobal.domain.labels import LISTENS_AT
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.object_plan import JSON, ObjectResult
from meshglobal.domain.objects import Condition, Gateway, Object
from meshglobal.domain.route_manifests import mark_of
from meshglobal.domain.route_objects import HTTPRoute
from meshglobal.domain.route_remarks import Remarks
from meshglobal.domain.route_wish import RouteWish
from meshglobal.domain.view import ClusterView

_ISSUE = "https://github.com/istio/istio/issues/60971"
_ALARM = ("ResolvedRefs", "False", "BackendNotFound")
_PLAIN = {"HTTP": ("http", 80), "HTTPS": ("https", 443)}


class Ours(NamedTuple):
    """What stands in a cluster with our mark, for one service."""

    routes: tuple[HTTPRoute, ...]
    gateways: tuple[Gateway, ...]


def ours(view: ClusterView, key: ServiceKey) -> Ours:
    """Our Gateways and routes for a service."""
    routes = view.cluster.of(kinds.HTTP_ROUTE, HTTPRoute)
    gateways = view.cluster.of(kinds.GATEWAY, Gateway)
    return Ours(
        tuple(one for one in routes if _is_marked(one, key)), tuple(one for one in gateways if _is_marked(one, key))
    )


def _is_marked(found: Object, key: ServiceKey) -> bool:
    marks = found.metadata.labels or {}
    return found.namespace == key.namespace and all(marks.get(name) == value for name, value in mark_of(key).items())


def is_in_mesh(route: HTTPRoute) -> bool:
    """Whether a route hangs on a generated entry, for callers in the mesh (R39)."""
    return any(one.kind == kinds.SERVICE_ENTRY.name for one in route.spec.parent_refs or ())


def guests_of(gateway: Gateway, view: ClusterView, key: ServiceKey) -> Iterator[HTTPRoute]:
    """The routes on a Gateway that are not ours for this service."""
    for route in view.cluster.of(kinds.HTTP_ROUTE, HTTPRoute):
        parents = {(one.namespace or route.namespace, one.name) for one in route.spec.parent_refs or ()}
        if (gateway.namespace, gateway.name) in parents and not _is_marked(route, key):
            yield route


def leftovers(wish: RouteWish, view: ClusterView, kept: Collection[str], said: Remarks) -> tuple[JSON, ...]:
    """Our objects for the service that are not among those kept (``KIND/NAME``), in the order in which they go.

    A wish for a route in the mesh has nothing to do with Gateways, and the other way round; with nothing kept, one for
    Gateways takes all. A Gateway on which others' routes hang stays.
    """
    found = ours(view, wish.key)
    is_all = not kept and not wish.in_mesh
    gone = [_named(kinds.HTTP_ROUTE, one) for one in found.routes if is_all or is_in_mesh(one) is wish.in_mesh]
    for gateway in () if wish.in_mesh else found.gateways:
        if f"{kinds.GATEWAY.name}/{gateway.name}" in kept:
            continue
        guests = [f"{one.namespace}/{one.name}" for one in guests_of(gateway, view, wish.key)]
        if guests:
            text = f"Gateway {gateway.namespace}/{gateway.name} stays: HTTPRoute {', '.join(guests)} hangs on it"
            said.warning("gateway-stays", text)
        else:
            gone.append(_named(kinds.GATEWAY, gateway))
    return tuple(one for one in gone if f"{one['kind']}/{one['metadata']['name']}" not in kept)


def _named(kind: Kind, found: Object) -> JSON:
    return {"kind": kind.name, "metadata": {"namespace": found.namespace, "name": found.name}}


def why_not_ready(view: ClusterView, written: Iterable[ObjectResult]) -> str:
    """Why what was written does not work yet, as a sentence; empty where it does.

    A backend that is said not to be found does not count: see `tell_false_alarms`. What is said of an older state of an
    object counts as not said.
    """
    gateways = {(one.namespace, one.name): one for one in view.cluster.of(kinds.GATEWAY, Gateway)}
    routes = {(one.namespace, one.name): one for one in view.cluster.of(kinds.HTTP_ROUTE, HTTPRoute)}
    for result in written:
        step, place = result.step, (result.step.namespace, result.step.name)
        if step.context != view.context or step.wanted is None:
            continue
        generation = ((result.after or {}).get("metadata") or {}).get("generation") or 0
        if step.kind is kinds.GATEWAY:
            gateway = gateways.get(place)
            why = _not_true(gateway.status.conditions or () if gateway is not None else (), "Programmed", generation)
        else:
            route = routes.get(place)
            parents = route.status.parents or () if route is not None else ()
            said = [_not_true(one.conditions or (), "Accepted", generation) for one in parents]
            why = next(filter(None, said), "" if said else "no controller has said anything about it")
        if why:
            return f"{step.kind.name} {step.namespace}/{step.name}: {why}"
    return ""


def _not_true(conditions: Sequence[Condition], kind: str, generation: int) -> str:
    said = next((one for one in conditions if one.type == kind), None)
    if said is None or (said.observed_generation is not None and said.observed_generation < generation):
        return f"no controller has said that it is {kind.lower()}"
    if said.status == "True":
        return ""
    return f"{kind} is {said.status}: {said.reason}" + (f", {said.message}" if said.message else "")


def tell_false_alarms(view: ClusterView, key: ServiceKey, said: Remarks) -> None:
    """Explain where a status says that a backend is not found though its host has an entry (R38)."""
    for route in ours(view, key).routes:
        conditions = [one for parent in route.status.parents or () for one in parent.conditions or ()]
        alarm = any((one.type, one.status, one.reason) == _ALARM for one in conditions)
        refs = [ref for rule in route.spec.rules or () for ref in rule.backend_refs or ()]
        if alarm and refs and all(ref.name in view.entries for ref in refs):
            said.warning(
                "false-alarm",
                f"the status of HTTPRoute {route.namespace}/{route.name} says BackendNotFound, "
                f"though every host that it names has its entry: known of routes that work ({_ISSUE})",
                "send a request to see: where it is answered, nothing is wrong",
            )


def addresses(view: ClusterView, wish: RouteWish, objects: Sequence[JSON]) -> Iterator[str]:
    """URLs under which the routes can be reached from outside, as far as their Gateway says where it listens."""
    gateway = next(
        (one for one in view.cluster.of(kinds.GATEWAY, Gateway) if (one.namespace, one.name) == wish.parent), None
    )
    if gateway is None or wish.in_mesh or not objects:
        return
    told = dict(one.partition("=")[::2] for one in (gateway.metadata.annotation(LISTENS_AT) or "").split(","))
    sections = {ref.get("sectionName") for one in objects for ref in one["spec"].get("parentRefs") or ()}
    for listener in gateway.spec.listeners or ():
        if listener.protocol not in _PLAIN or not sections & {None, listener.name}:
            continue
        scheme, usual = _PLAIN[listener.protocol]
        if listener.name in told:
            yield f"{scheme}://{told[listener.name]}{wish.path}"
            continue
        for one in gateway.status.addresses or ():
            host = f"[{one.value}]" if ":" in one.value else one.value
            yield f"{scheme}://{host}{'' if listener.port == usual else f':{listener.port}'}{wish.path}"
