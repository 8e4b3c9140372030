"""One cluster's snapshot, indexed for joining: by service, by namespace, by host.

Made once per cluster and run; every rule looks things up here instead of walking the lists again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from meshglobal.domain import kinds
from meshglobal.domain.indexes import Indexes
from meshglobal.domain.names import ServiceKey, shared_key
from meshglobal.domain.objects import EndpointSlice, Gateway, Namespace, Service, ServiceEntry, WorkloadEntry
from meshglobal.domain.publication import Publication, Scopes
from meshglobal.domain.scope import Scope, above_of
from meshglobal.domain.segments import Home, home_of
from meshglobal.domain.snapshot import ClusterSnapshot


@dataclass(frozen=True)  # without slots: what is published is kept here
class ClusterView:
    """A cluster's objects by the keys that join them.

    Attributes:
        cluster: what was read.
        home: its segment, domain and network.
        services, namespaces: by key and by name.
        scopes: the effective scopes of these services.
        indexes: of everything else.
    """

    cluster: ClusterSnapshot
    home: Home
    services: dict[ServiceKey, Service]
    namespaces: dict[str, Namespace]
    scopes: Scopes
    indexes: Indexes

    @property
    def context(self) -> str:
        """The cluster's context."""
        return self.cluster.context

    @property
    def entries(self) -> dict[str, list[ServiceEntry]]:
        """Generated ServiceEntries by host (R8: found by host, not by name)."""
        return self.indexes.entries

    @property
    def named_entries(self) -> dict[ServiceKey, list[ServiceEntry]]:
        """The same by the service that their names end in."""
        return self.indexes.named_entries

    @property
    def peers(self) -> dict[ServiceKey, list[WorkloadEntry]]:
        """Generated WorkloadEntries by the service that their names end in (R19)."""
        return self.indexes.peers

    @property
    def flat_entries(self) -> list[WorkloadEntry]:
        """WorkloadEntries that stand for single pods of a flat network (R21)."""
        return self.indexes.flat_entries

    @property
    def slices(self) -> dict[ServiceKey, list[EndpointSlice]]:
        """EndpointSlices by service."""
        return self.indexes.slices

    @property
    def waypoints(self) -> frozenset[ServiceKey]:
        """Services that are waypoints, by their own labels or by those of what they serve (R23)."""
        return self.indexes.waypoints

    @property
    def gateways(self) -> dict[str, list[Gateway]]:
        """Gateways by class, each sorted by place."""
        return self.indexes.gateways

    @property
    def signposts(self) -> dict[str, list[Gateway]]:
        """The remote gateways by what tells to which peer they lead."""
        return self.indexes.signposts

    @cached_property
    def publications(self) -> tuple[Publication, ...]:
        """What the cluster publishes (R1, R4)."""
        return tuple(offer.published(self.context, self.home) for offer in self.scopes.offers)

    def scope_of(self, key: ServiceKey) -> Scope | None:
        """The effective scope of the cluster's own Service; None when there is none (or it was not read)."""
        return self.scopes.of(key)

    def why_unclear(self, key: ServiceKey) -> str:
        """Why it cannot be told whether, and under which host, this cluster publishes a service; empty if it can."""
        effective = self.scope_of(key)
        if effective is None:
            return self.cluster.why_unread(kinds.SERVICE, key.namespace, key.name)
        if effective.is_published is None:
            return self.cluster.why_unread(kinds.NAMESPACE, name=key.namespace)
        return self.home.problem if effective.is_published and self.home.domain is None else ""

    def labelled(self, services: dict[ServiceKey, Service], namespaces: dict[str, Namespace]) -> ClusterView:
        """The cluster with other labels on its Services and Namespaces."""
        scopes = _scopes(self.cluster, services, namespaces)
        return replace(self, services=services, namespaces=namespaces, scopes=scopes)


def _scopes(
    cluster: ClusterSnapshot,
    services: dict[ServiceKey, Service],
    namespaces: dict[str, Namespace],
    before: Scopes | None = None,
) -> Scopes:
    def namespace_of(name: str) -> Namespace | None:
        """One that was looked for and is not there has no labels."""
        found = namespaces.get(name)
        return Namespace() if found is None and cluster.has_read(kinds.NAMESPACE, name=name) else found

    above = {name: above_of(namespace_of(name)) for name in {key.namespace for key in services}}
    return before if before is not None and before.follow_from(services, above) else Scopes(services, above)


def _services(cluster: ClusterSnapshot) -> dict[ServiceKey, Service]:
    """A Service that is being deleted counts as gone."""
    return {
        shared_key(metadata.namespace, metadata.name): service
        for service in cluster.of(kinds.SERVICE, Service)
        if (metadata := service.metadata).deletion_timestamp is None
    }


def view_of(cluster: ClusterSnapshot, istio_namespace: str, before: ClusterView | None = None) -> ClusterView:
    """Index one cluster's snapshot.

    ``before``: the view of an earlier one of the same cluster; what follows from the same objects is taken over.
    """
    is_same = before is not None and cluster.objects.get(kinds.SERVICE) is before.cluster.objects.get(kinds.SERVICE)
    services = before.services if before is not None and is_same else _services(cluster)
    namespaces = {namespace.name: namespace for namespace in cluster.of(kinds.NAMESPACE, Namespace)}
    return ClusterView(
        cluster=cluster,
        home=home_of(cluster, istio_namespace),
        services=services,
        namespaces=namespaces,
        scopes=_scopes(cluster, services, namespaces, before.scopes if before is not None else None),
        indexes=Indexes(cluster, istio_namespace, before.indexes if before is not None else None),
    )
