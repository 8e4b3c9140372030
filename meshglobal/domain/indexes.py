"""What stands in one cluster, indexed for joining: by service, by host, by peer.

Each index is made when it is first looked at: a plan of segments looks at none of the peers, a table at no gateway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TypeVar

from meshglobal.domain import kinds
from meshglobal.domain.gateways import REMOTE, by_class, by_sign
from meshglobal.domain.labels import SERVICE_NAME, USE_WAYPOINT, USE_WAYPOINT_NAMESPACE
from meshglobal.domain.names import FLAT_PREFIX, ServiceKey, generated_for, is_generated, shared_key
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
from meshglobal.domain.snapshot import ClusterSnapshot

_GATEWAY_CLASS = "gateway.networking.k8s.io/gateway-class-name"
T = TypeVar("T", bound=Object)


# What each index is made of.
_SOURCES = {
    "_entries": (kinds.SERVICE_ENTRY,),
    "entries": (kinds.SERVICE_ENTRY,),
    "named_entries": (kinds.SERVICE_ENTRY,),
    "_peers": (kinds.WORKLOAD_ENTRY,),
    "peers": (kinds.WORKLOAD_ENTRY,),
    "flat_entries": (kinds.WORKLOAD_ENTRY,),
    "slices": (kinds.ENDPOINT_SLICE,),
    "waypoints": (kinds.SERVICE, kinds.NAMESPACE),
    "gateways": (kinds.GATEWAY,),
    "signposts": (kinds.GATEWAY,),
}


class Indexes:
    """The indexes of one cluster; `ClusterView` says what each holds."""

    def __init__(self, cluster: ClusterSnapshot, istio_namespace: str, before: Indexes | None = None) -> None:
        """``before``: those of an earlier snapshot; what was made of the same objects is taken over."""
        self.cluster = cluster
        self.istio_namespace = istio_namespace
        if before is not None and before.istio_namespace == istio_namespace:
            was, found = before.cluster.objects, cluster.objects
            same = {name for name, of in _SOURCES.items() if all(found.get(kind) is was.get(kind) for kind in of)}
            # Where a cached property keeps what it has made.
            vars(self).update({name: value for name, value in vars(before).items() if name in same})

    @cached_property
    def entries(self) -> dict[str, list[ServiceEntry]]:
        """Generated ServiceEntries by host."""
        found: dict[str, list[ServiceEntry]] = {}
        for entry in self._entries:
            if is_generated(entry.name):
                for host in dict.fromkeys(entry.hosts):
                    found.setdefault(host, []).append(entry)
        return found

    @cached_property
    def named_entries(self) -> dict[ServiceKey, list[ServiceEntry]]:
        """Generated ServiceEntries by service."""
        return _by_service(self._entries)

    @cached_property
    def peers(self) -> dict[ServiceKey, list[WorkloadEntry]]:
        """Generated WorkloadEntries by service."""
        return _by_service(self._peers)

    @cached_property
    def flat_entries(self) -> list[WorkloadEntry]:
        """WorkloadEntries of single pods."""
        return [entry for entry in self._peers if entry.metadata.name.startswith(FLAT_PREFIX)]

    @cached_property
    def slices(self) -> dict[ServiceKey, list[EndpointSlice]]:
        """EndpointSlices by service."""
        found: dict[ServiceKey, list[EndpointSlice]] = {}
        for one in self.cluster.of(kinds.ENDPOINT_SLICE, EndpointSlice):
            metadata = one.metadata
            if metadata.labels and (name := metadata.labels.get(SERVICE_NAME)) is not None:
                found.setdefault(shared_key(metadata.namespace, name), []).append(one)
        return found

    @cached_property
    def waypoints(self) -> frozenset[ServiceKey]:
        """Services that are waypoints."""
        return frozenset(_waypoints(self.cluster))

    @cached_property
    def gateways(self) -> dict[str, list[Gateway]]:
        """Gateways by class."""
        return by_class(self.cluster.of(kinds.GATEWAY, Gateway))

    @cached_property
    def signposts(self) -> dict[str, list[Gateway]]:
        """Remote gateways by sign."""
        return by_sign(self.gateways.get(REMOTE, []))

    @cached_property
    def _entries(self) -> list[ServiceEntry]:
        found = self.cluster.of(kinds.SERVICE_ENTRY, ServiceEntry)
        return [one for one in found if one.metadata.namespace == self.istio_namespace]

    @cached_property
    def _peers(self) -> list[WorkloadEntry]:
        found = self.cluster.of(kinds.WORKLOAD_ENTRY, WorkloadEntry)
        return [one for one in found if one.metadata.namespace == self.istio_namespace]


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


def _waypoints(cluster: ClusterSnapshot) -> Iterator[ServiceKey]:
    for service in cluster.of(kinds.SERVICE, Service):
        metadata = service.metadata
        labels = metadata.labels
        if not labels or metadata.deletion_timestamp is not None:
            continue
        if _GATEWAY_CLASS in labels and "waypoint" in labels[_GATEWAY_CLASS]:
            yield shared_key(metadata.namespace, metadata.name)
        if USE_WAYPOINT in labels:
            yield from _attached(metadata, metadata.namespace)
    for namespace in cluster.of(kinds.NAMESPACE, Namespace):
        yield from _attached(namespace.metadata, namespace.name)


def _attached(metadata: Meta, namespace: str) -> Iterator[ServiceKey]:
    if (name := metadata.label(USE_WAYPOINT)) is not None:
        yield ServiceKey(metadata.label(USE_WAYPOINT_NAMESPACE) or namespace, name)
