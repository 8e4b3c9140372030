"""The last link of the chain: do the routes, rules and policies that name the service still name what exists?"""

from __future__ import annotations

from collections import Counter

from meshglobal.checks.place import Place, broken, ok, unchecked
from meshglobal.checks.routes.backends import backends_of
from meshglobal.checks.routes.hosts import global_host_in
from meshglobal.checks.routes.targets import parents_of, policy_targets_of
from meshglobal.domain import kinds
from meshglobal.domain.diagnosis import ChainLink
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.objects import Object
from meshglobal.domain.references import destination_rule_hosts, destinations, virtual_service_hosts
from meshglobal.domain.route_objects import HTTPRoute

_BANDS = ("MG41", "MG42", "MG43")
_ORDER = (Level.ERROR, Level.WARNING, Level.UNKNOWN)
_KINDS = (kinds.HTTP_ROUTE, kinds.DESTINATION_RULE, kinds.VIRTUAL_SERVICE, kinds.AUTHORIZATION_POLICY)


def route(place: Place) -> ChainLink:
    """What names the service names a host, a port or an entry that is there (R38, R39)."""
    if (found := _worst(place)) is not None:
        return broken(found.message, found.level, found)
    for kind in (*_KINDS, kinds.SERVICE_ENTRY):
        if why := place.view.cluster.why_unread(kind):
            return unchecked(why, Level.UNKNOWN)
    return ok("; ".join(filter(None, (_named_by(place), *_false_alarms(place)))))


def _worst(place: Place) -> Finding | None:
    found = [one for band in _BANDS if (one := place.found(band)) is not None]
    return min(found, key=lambda one: _ORDER.index(one.level), default=None)


def _named_by(place: Place) -> str:
    counts = Counter(type(one).__name__ for one in _naming(place))
    named = ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in sorted(counts.items()))
    return f"named by {named}" if named else "nothing names it"


def _naming(place: Place) -> list[Object]:
    """What names a host or an entry of the service here, each object once."""
    mesh, view = place.mesh, place.view
    hosts: list[tuple[str, Object]]
    hosts = [(one.ref.name, one.route) for one in backends_of(mesh) if one.view is view and one.is_hostname]
    for walk in (destination_rule_hosts, virtual_service_hosts, destinations):
        hosts += [(one.host, one.field.object) for one in walk(view)]
    found: list[Object] = [named_in for host, named_in in hosts if _is_ours(place, host)]
    targets = (*parents_of(mesh), *policy_targets_of(mesh))
    found += [one.named_in for one in targets if one.view is view and one.is_entry and one.key == place.key]
    return list({id(one): one for one in found}.values())


def _is_ours(place: Place, host: str) -> bool:
    found = global_host_in(place.mesh, host)
    return found is not None and found.key == place.key


def _false_alarms(place: Place) -> list[str]:
    """Routes whose status says that a backend is not found, though all that they name of the service is there.

    Upstream says so of routes that work (https://github.com/istio/istio/issues/60971).
    """
    return sorted(
        f"the status of HTTPRoute {one.namespace}/{one.name} says BackendNotFound, though the host is there: "
        "known of routes that work (istio/istio#60971)"
        for one in _naming(place)
        if isinstance(one, HTTPRoute) and _says_not_found(one)
    )


def _says_not_found(one: HTTPRoute) -> bool:
    conditions = [said for parent in one.status.parents or () for said in parent.conditions or ()]
    return any(
        (said.type, said.status, said.reason) == ("ResolvedRefs", "False", "BackendNotFound") for said in conditions
    )
