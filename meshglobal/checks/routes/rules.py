"""Walk the hosts that DestinationRules and VirtualServices name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.fields import Field
from meshglobal.checks.routes.hosts import is_asked, lost_host, meant_host, text_of
from meshglobal.checks.routes.publishing import exposing
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding
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
    """A finding for each host that certainly does not exist; it names the host that was meant, where one is."""
    for one in named:
        host = lost_host(mesh, one.field.view, one.host)
        meant = meant_host(mesh, one.field.view, host) if host is not None else None
        key = meant.key if meant is not None else host.key if host is not None else None
        if host is None or key is None or not is_asked(mesh, key):
            continue
        right = text_of(meant) if meant is not None else ""
        found = check.finding(
            context=one.field.context,
            key=key,
            where=one.field.where,
            host=one.host,
            meant=f"; {right} does" if right else "",
            object=one.field.object.name,
            object_namespace=one.field.object.namespace,
            patch=one.field.replacement(one.member, one.host, right),
            evidence=(one.field.seen(one.member, one.host, right or None),),
        )
        yield found if right else exposing(mesh, found, host)
