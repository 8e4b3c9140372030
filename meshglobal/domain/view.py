"""One cluster's snapshot, indexed for joining: by service, by namespace, by host.

Built once per cluster and run; every rule looks things up here instead of walking the lists again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from meshglobal.domain import kinds
from meshglobal.domain.gateways import REMOTE, by_class, by_sign
from meshglobal.domain.labels import SERVICE_NAME, USE_WAYPOINT, USE_WAYPOINT_NAMESPACE
from meshglobal.domain.names import FLAT_PREFIX, ServiceKey, generated_for, is_generated
from meshglobal.domain.objects import (
    EndpointSlice,
    Gateway,
    Meta,
    Namespace,
    Object,
    Service,
    ServiceEntry,
    WorkloadEntry,
)
from meshglobal.domain.scope import Scope, scope_of
from meshglobal.domain.segments import Home, home_of
from meshglobal.domain.snapshot import ClusterSnapshot

_GATEWAY_CLASS = "gateway.networking.k8s.io/gateway-class-name"
T = TypeVar("T", bound=Object)


@dataclass(frozen=True, slots=True)
class ClusterView:
    """A cluster's objects by the keys that join them.

    Attributes:
        cluster: what was read.
        home: its segment, domain and network.
        services, namespaces: by key and by name.
        entries: generated ServiceEntries by host (R8: found by host, not by name).
        named_entries: the same by the service that their names end in.
        peers: generated WorkloadEntries by the service that their names end in (R19).
        flat_entries: WorkloadEntries that stand for single pods of a flat network (R21).
        slices: EndpointSlices by service.
        waypoints: Services that are waypoints, by their own labels or by those of what they serve (R23).
        gateways: by class, each sorted by place.
        signposts: the remote gateways by what tells to which peer they lead.
    """

    cluster: ClusterSnapshot
    home: Home
    services: dict[ServiceKey, Service]
    namespaces: dict[str, Namespace]
    entries: dict[str, list[ServiceEntry]]
    named_entries: dict[ServiceKey, list[ServiceEntry]]
    peers: dict[ServiceKey, list[WorkloadEntry]]
    flat_entries: list[WorkloadEntry]
    slices: dict[ServiceKey, list[EndpointSlice]]
    waypoints: frozenset[ServiceKey]
    gateways: dict[str, list[Gateway]]
    signposts: dict[str, list[Gateway]]
    _scopes: dict[ServiceKey, Scope] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def context(self) -> str:
        """The cluster's context."""
        return self.cluster.context

    def scope_of(self, key: ServiceKey) -> Scope | None:
        """The effective scope of the cluster's own Service; None when there is none (or it was not read)."""
        found = self._scopes.get(key)
        if found is None and (service := self.services.get(key)) is not None:
            found = self._scopes[key] = scope_of(service, self._namespace(key.namespace))
        return found

    def why_unclear(self, key: ServiceKey) -> str:
        """Why it cannot be told whether, and under which host, this cluster publishes a service; empty if it can."""
        effective = self.scope_of(key)
        if effective is None:
            return self.cluster.why_unread(kinds.SERVICE, key.namespace, key.name)
        if effective.is_published is None:
            return self.cluster.why_unread(kinds.NAMESPACE, name=key.namespace)
        return self.home.problem if effective.is_published and self.home.domain is None else ""

    def _namespace(self, name: str) -> Namespace | None:
        """A Namespace; one that was looked for and is not there has no labels; None when it was not read."""
        found = self.namespaces.get(name)
        if found is None and self.cluster.has_read(kinds.NAMESPACE, name=name):
            return Namespace()
        return found


def _by_host(entries: list[ServiceEntry]) -> dict[str, list[ServiceEntry]]:
    found: dict[str, list[ServiceEntry]] = {}
    for entry in entries:
        for host in dict.fromkeys(entry.hosts):
            found.setdefault(host, []).append(entry)
    return found


def _by_service(entries: Iterable[T]) -> dict[ServiceKey, list[T]]:
    """Generated entries by the service that their names end in. There may be millions: one look at each."""
    found: dict[ServiceKey, list[T]] = {}
    for entry in entries:
        if (key := generated_for(entry.metadata.name)) is not None:
            if (behind := found.get(key)) is None:
                found[key] = [entry]
            else:
                behind.append(entry)
    return found


def _slices(cluster: ClusterSnapshot) -> dict[ServiceKey, list[EndpointSlice]]:
    found: dict[ServiceKey, list[EndpointSlice]] = {}
    for endpoint_slice in cluster.of(kinds.ENDPOINT_SLICE, EndpointSlice):
        if (name := endpoint_slice.metadata.label(SERVICE_NAME)) is not None:
            found.setdefault(ServiceKey(endpoint_slice.namespace, name), []).append(endpoint_slice)
    return found


def _waypoints(cluster: ClusterSnapshot) -> Iterator[ServiceKey]:
    for service in cluster.of(kinds.SERVICE, Service):
        if service.metadata.deletion_timestamp is not None:
            continue
        if "waypoint" in (service.metadata.label(_GATEWAY_CLASS) or ""):
            yield ServiceKey(service.namespace, service.name)
        yield from _attached(service.metadata, service.namespace)
    for namespace in cluster.of(kinds.NAMESPACE, Namespace):
        yield from _attached(namespace.metadata, namespace.name)


def _attached(metadata: Meta, namespace: str) -> Iterator[ServiceKey]:
    if (name := metadata.label(USE_WAYPOINT)) is not None:
        yield ServiceKey(metadata.label(USE_WAYPOINT_NAMESPACE) or namespace, name)


def view_of(cluster: ClusterSnapshot, istio_namespace: str) -> ClusterView:
    """Index one cluster's snapshot. A Service that is being deleted counts as gone."""
    entries = [one for one in cluster.of(kinds.SERVICE_ENTRY, ServiceEntry) if one.namespace == istio_namespace]
    peers = [
        one for one in cluster.of(kinds.WORKLOAD_ENTRY, WorkloadEntry) if one.metadata.namespace == istio_namespace
    ]
    gateways = by_class(cluster.of(kinds.GATEWAY, Gateway))
    return ClusterView(
        cluster=cluster,
        home=home_of(cluster, istio_namespace),
        services={
            ServiceKey(service.namespace, service.name): service
            for service in cluster.of(kinds.SERVICE, Service)
            if service.metadata.deletion_timestamp is None
        },
        namespaces={namespace.name: namespace for namespace in cluster.of(kinds.NAMESPACE, Namespace)},
        entries=_by_host([entry for entry in entries if is_generated(entry.name)]),
        named_entries=_by_service(entries),
        peers=_by_service(peers),
        flat_entries=[entry for entry in peers if entry.metadata.name.startswith(FLAT_PREFIX)],
        slices=_slices(cluster),
        waypoints=frozenset(_waypoints(cluster)),
        gateways=gateways,
        signposts=by_sign(gateways.get(REMOTE, [])),
    )
