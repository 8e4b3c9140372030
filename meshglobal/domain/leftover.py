"""Generated entries that nobody is seen to publish: stale (R31), of somebody whom we cannot see, or unasked (R23)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshglobal.domain import kinds
from meshglobal.domain.compare import is_named_after, outside_peers
from meshglobal.domain.names import FLAT_PREFIX, ServiceKey
from meshglobal.domain.objects import WorkloadEntry
from meshglobal.domain.view import ClusterView


def waypoints_of(views: Sequence[ClusterView]) -> frozenset[ServiceKey]:
    """Services that are waypoints: the control plane generates entries for them unasked (R23)."""
    return frozenset().union(*(view.waypoints for view in views))


def unseen_publisher(key: ServiceKey, views: Sequence[ClusterView]) -> str:
    """Which of the clusters may publish a service without our seeing it, and why; empty: none."""
    return next((f"{view.context}: {why}" for view in views if (why := view.why_unclear(key))), "")


def outside_publishers(key: ServiceKey, view: ClusterView, views: Sequence[ClusterView]) -> list[str]:
    """Clusters that are not selected and publish a service, as far as the entries in one cluster name them (R23).

    Entries of a flat network stand for pods, and which service they belong to is not documented (R21): a cluster
    outside the selection that has any there may be the publisher.
    """
    found = outside_peers(view.peers.get(key, []), views)
    selected = {name for one in views for name in (one.context, one.home.network)}
    flat = {entry.name.removeprefix(FLAT_PREFIX).partition(".")[0] for entry in view.flat_entries}
    return found + sorted(flat - selected)


def doubt_about(key: ServiceKey, view: ClusterView, views: Sequence[ClusterView], istio_namespace: str) -> str:
    """Why an entry that no cluster is seen to publish may be right all the same; empty: it is stale."""
    if why := unseen_publisher(key, views):
        return why
    if why := view.cluster.why_unread(kinds.WORKLOAD_ENTRY, istio_namespace):
        return f"{view.context}: {why}"
    for other in views:
        # A Namespace may attach a waypoint, and the control plane's tells the network of a peer.
        if why := other.cluster.why_unread(kinds.NAMESPACE, name=key.namespace) or _unread_network(other):
            return f"{other.context}: {why}"
    return ""


def quiet_peers(key: ServiceKey, views: Sequence[ClusterView]) -> list[ClusterView]:
    """The clusters of which it is certain that neither they nor another of their network publish a service."""
    taken = {view.home.network for view in views if _may_publish(key, view)}
    return [] if None in taken else [view for view in views if view.home.network not in taken]


def leftover_peers(
    key: ServiceKey, view: ClusterView, quiet: Sequence[ClusterView]
) -> Iterator[tuple[WorkloadEntry, ClusterView]]:
    """WorkloadEntries in one cluster of `quiet_peers`, each with its peer (R31, R33).

    Only what is certain: the entry bears both the peer's name and its network.
    """
    for entry in view.peers.get(key, []) if quiet else ():
        for peer in quiet:
            if peer is not view and is_named_after(entry, peer):
                yield entry, peer


def _may_publish(key: ServiceKey, view: ClusterView) -> bool:
    scope = view.scope_of(key)
    return (scope is not None and bool(scope.is_published)) or bool(view.why_unclear(key))


def _unread_network(view: ClusterView) -> str:
    return "" if view.home.is_segment_known else view.home.problem
