"""Walk the hosts that DestinationRules and VirtualServices name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.fields import Field, Spot, replacement
from meshglobal.checks.routes.hosts import is_asked, lost_host, text_of
from meshglobal.checks.routes.meant import meant_host
from meshglobal.checks.routes.publishing import exposing
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding
from meshglobal.domain.names import SplitHost
from meshglobal.domain.route_objects import DestinationRule, VirtualService, VirtualServiceRule
from meshglobal.domain.view import ClusterView

_IN_MESH = "mesh"
Path = tuple[str | int, ...]


class Named(NamedTuple):
    """A host, and the member of the mapping or list that holds it."""

    field: Field
    member: str | int
    host: str


def destination_rule_hosts(view: ClusterView) -> Iterator[Named]:
    """The host of each DestinationRule."""
    for rule in view.cluster.of(kinds.DESTINATION_RULE, DestinationRule):
        yield Named(Field(view, kinds.DESTINATION_RULE, rule, ()), "host", rule.spec.host)


def virtual_service_hosts(view: ClusterView) -> Iterator[Named]:
    """The hosts that VirtualServices are for, as callers in the mesh see them.

    For callers behind a gateway a host is whatever they send: it need not exist in the mesh.
    """
    for service in view.cluster.of(kinds.VIRTUAL_SERVICE, VirtualService):
        if not service.spec.gateways or _IN_MESH in service.spec.gateways:
            field = Field(view, kinds.VIRTUAL_SERVICE, service, ("hosts",))
            for place, host in enumerate(service.spec.hosts or ()):
                yield Named(field, place, host)


def destinations(view: ClusterView) -> Iterator[Named]:
    """The hosts that VirtualServices send requests to, or copies of them."""
    for service in view.cluster.of(kinds.VIRTUAL_SERVICE, VirtualService):
        spec = service.spec
        for name, rules in (("http", spec.http), ("tcp", spec.tcp), ("tls", spec.tls)):
            for place, rule in enumerate(rules or ()):
                for path, host in _of_rule(rule):
                    yield Named(Field(view, kinds.VIRTUAL_SERVICE, service, (name, place, *path)), "host", host)


def _of_rule(rule: VirtualServiceRule) -> Iterator[tuple[Path, str]]:
    for name, some in (("route", rule.route), ("mirrors", rule.mirrors)):
        for place, one in enumerate(some or ()):
            yield (name, place, "destination"), one.destination.host
    if rule.mirror is not None:
        yield ("mirror",), rule.mirror.host


def lost_among(mesh: Mesh, named: Iterator[Named], check: Check) -> Iterator[Finding]:
    """A finding for each object and host that certainly does not exist; it names the host that was meant, if any."""
    together: dict[tuple[int, str], list[Named]] = {}
    for one in named:
        together.setdefault((id(one.field.object), one.host), []).append(one)
    for alike in together.values():
        view, text = alike[0].field.view, alike[0].host
        host = lost_host(mesh, view, text)
        meant = meant_host(mesh, view, host) if host is not None else None
        if host is not None and is_asked(mesh, (meant or host).key):
            found = _finding(check, alike, host, meant)
            yield found if meant is not None else exposing(mesh, found, host)


def _finding(check: Check, alike: list[Named], host: SplitHost, meant: SplitHost | None) -> Finding:
    field, text = alike[0].field, alike[0].host
    right = text_of(meant) if meant is not None else ""
    return check.finding(
        context=field.context,
        key=(meant or host).key,
        where=field.where,
        host=text,
        instead=f"{right} does" if right else "no ServiceEntry has it",
        object=field.object.name,
        object_namespace=field.object.namespace,
        patch=replacement((Spot(one.field, one.member) for one in alike), text, right),
        evidence=tuple(one.field.seen(one.member, text, right or None) for one in alike),
    )
