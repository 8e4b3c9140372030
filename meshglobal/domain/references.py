"""Walk what names hosts and entries in other objects: routes, rules, policies, entries that people wrote.

Each walker looks at one cluster, and says of every name where it stands. What the name means is for others to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from meshglobal.domain import kinds
from meshglobal.domain.fields import Field, Step
from meshglobal.domain.names import is_generated
from meshglobal.domain.objects import ServiceEntry
from meshglobal.domain.route_objects import (
    AuthorizationPolicy,
    DestinationRule,
    HTTPRoute,
    ParentRef,
    PolicyOperation,
    TargetRef,
    VirtualService,
    VirtualServiceRule,
)
from meshglobal.domain.view import ClusterView

ISTIO_GROUP = "networking.istio.io"
HOSTNAME = "Hostname"
_IN_MESH = "mesh"
_KEEPER = "gloo.solo.io"
_MIRROR = ("requestMirror", "backendRef")
Path = tuple[Step, ...]


class Named(NamedTuple):
    """A host, and the member of the mapping or list that holds it."""

    field: Field
    member: Step
    host: str


class EntryRef(NamedTuple):
    """A reference to a ServiceEntry, or to what is called like one, and where it stands."""

    field: Field
    ref: ParentRef | TargetRef

    @property
    def is_entry(self) -> bool:
        """Whether its kind and group are those of a ServiceEntry."""
        return (self.ref.kind, self.ref.group) == (kinds.SERVICE_ENTRY.name, ISTIO_GROUP)


def backend_hosts(view: ClusterView) -> Iterator[Named]:
    """The hosts that HTTPRoutes send requests to, or copies of them (R38)."""
    for route in view.cluster.of(kinds.HTTP_ROUTE, HTTPRoute):
        for row, rule in enumerate(route.spec.rules or ()):
            for column, ref in enumerate(rule.backend_refs or ()):
                if ref.kind == HOSTNAME:
                    path = ("rules", row, "backendRefs", column)
                    yield Named(Field(view, kinds.HTTP_ROUTE, route, path), "name", ref.name)
            for column, one in enumerate(rule.filters or ()):
                if one.request_mirror is not None and one.request_mirror.backend_ref.kind == HOSTNAME:
                    field = Field(view, kinds.HTTP_ROUTE, route, ("rules", row, "filters", column, *_MIRROR))
                    yield Named(field, "name", one.request_mirror.backend_ref.name)


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


def written_hosts(view: ClusterView) -> Iterator[Named]:
    """The hosts of ServiceEntries that people wrote; not of those that a controller owns or keeps."""
    for entry in view.cluster.of(kinds.SERVICE_ENTRY, ServiceEntry):
        if not is_generated(entry.name) and not _is_kept(entry):
            field = Field(view, kinds.SERVICE_ENTRY, entry, ("hosts",))
            for place, host in enumerate(entry.hosts):
                yield Named(field, place, host)


def _is_kept(entry: ServiceEntry) -> bool:
    labels = entry.metadata.labels or {}
    return bool(entry.metadata.owner_references) or any(_KEEPER in key.partition("/")[0] for key in labels)


def policy_hosts(view: ClusterView) -> Iterator[Named]:
    """The hosts that rules of AuthorizationPolicies are about; patterns with a wildcard are names of no host."""
    for policy in view.cluster.of(kinds.AUTHORIZATION_POLICY, AuthorizationPolicy):
        for row, rule in enumerate(policy.spec.rules or ()):
            for column, to in enumerate(rule.to or ()):
                for member, hosts in _of_operation(to.operation):
                    path = ("rules", row, "to", column, "operation", member)
                    for place, host in enumerate(hosts):
                        yield Named(Field(view, kinds.AUTHORIZATION_POLICY, policy, path), place, host)


def _of_operation(operation: PolicyOperation | None) -> Iterator[tuple[str, Sequence[str]]]:
    if operation is not None:
        yield "hosts", operation.hosts or ()
        yield "notHosts", operation.not_hosts or ()


def named_hosts(view: ClusterView) -> Iterator[Named]:
    """Every host that an object of a cluster names."""
    yield from backend_hosts(view)
    yield from destination_rule_hosts(view)
    yield from virtual_service_hosts(view)
    yield from destinations(view)
    yield from policy_hosts(view)
    yield from written_hosts(view)


def parent_refs(view: ClusterView) -> Iterator[EntryRef]:
    """What HTTPRoutes hang on (R39)."""
    for route in view.cluster.of(kinds.HTTP_ROUTE, HTTPRoute):
        for place, ref in enumerate(route.spec.parent_refs or ()):
            yield EntryRef(Field(view, kinds.HTTP_ROUTE, route, ("parentRefs", place)), ref)


def policy_refs(view: ClusterView) -> Iterator[EntryRef]:
    """What AuthorizationPolicies are for (R39)."""
    for policy in view.cluster.of(kinds.AUTHORIZATION_POLICY, AuthorizationPolicy):
        for place, ref in enumerate(policy.spec.target_refs or ()):
            yield EntryRef(Field(view, kinds.AUTHORIZATION_POLICY, policy, ("targetRefs", place)), ref)
        if policy.spec.target_ref is not None:
            yield EntryRef(Field(view, kinds.AUTHORIZATION_POLICY, policy, ("targetRef",)), policy.spec.target_ref)
