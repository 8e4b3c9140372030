"""Read the clusters, and notice what no object says: which names resolve, and which links do not stay as they are.

Links are followed by a watch and not looked at now and then: a link that goes and comes back between two looks would
seem steady.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from meshglobal.app.naming import with_names
from meshglobal.app.picture import OnCluster
from meshglobal.app.ports import Clock, ClusterEvent, Fleet, Resolver
from meshglobal.app.waiting import LiveMesh
from meshglobal.domain import kinds
from meshglobal.domain.failure import Cause, Failure, failure
from meshglobal.domain.objects import Gateway
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, MeshSnapshot, Query
from meshglobal.domain.steadiness import Sightings

_TOLERATED = 0.1  # seconds


@dataclass(frozen=True, slots=True)
class Following:
    """For how many seconds links are followed, by whose clock."""

    seconds: float
    clock: Clock


@dataclass(frozen=True, slots=True)
class Senses:
    """How to notice things. Without a resolver no name is looked up, without a following no link is followed."""

    resolver: Resolver | None = None
    following: Following | None = None


def read_noticing(
    fleet: Fleet, queries: Sequence[Query], senses: Senses, on_cluster: OnCluster | None = None
) -> MeshSnapshot:
    """Read all clusters, follow their links, and look names up as they are then."""
    snapshot = fleet.read(queries, on_cluster)
    if senses.following is not None:
        snapshot = _followed(fleet, followed_queries(queries), snapshot, senses.following)
    return with_names(snapshot, senses.resolver)


def followed_queries(queries: Sequence[Query]) -> tuple[Query, ...]:
    """What is watched to follow links: the gateways, as they are read."""
    return tuple(query for query in queries if query.kind is kinds.GATEWAY)


def _followed(fleet: Fleet, queries: Sequence[Query], first: MeshSnapshot, how: Following) -> MeshSnapshot:
    live = LiveMesh(first.clusters, queries)
    sightings = {cluster.context: Sightings() for cluster in first.clusters}
    for cluster in first.clusters:
        for gateway in cluster.of(kinds.GATEWAY, Gateway):
            sightings[cluster.context].see(gateway)
    end = how.clock.monotonic() + how.seconds
    for event in fleet.watch(queries, end):
        live.take(event)
        if (seen := sightings.get(event.context)) is not None:
            _take(event, seen)
    if (lacking := end - how.clock.monotonic()) > _TOLERATED:
        return MeshSnapshot(tuple(_cut_short(one, how.seconds - lacking, how.seconds) for one in first.clusters))
    last = zip(first.clusters, live.snapshot().clusters, strict=True)
    return MeshSnapshot(tuple(_merged(begun, ended, sightings[begun.context]) for begun, ended in last))


def _cut_short(cluster: ClusterSnapshot, followed: float, wanted: float) -> ClusterSnapshot:
    """The time of the run was over before links had been followed for long enough: whether they stay is not known."""
    said = f"links were followed for {followed:.0f} of {wanted:.0f} s: the time of the run was over"
    return _lost(cluster, failure(Cause.TIMEOUT, said, cluster.context))


def _lost(cluster: ClusterSnapshot, why: Failure) -> ClusterSnapshot:
    """The cluster with the gap that its gateways could not be followed; where they were not even read, there is one."""
    queries = [query for query in cluster.queries if query.kind is kinds.GATEWAY]
    return replace(cluster, gaps=(*cluster.gaps, *(Gap(why, query) for query in queries)))


def _take(event: ClusterEvent, seen: Sightings) -> None:
    if isinstance(event.object, Gateway):
        (seen.forget if event.type == "deleted" else seen.see)(event.object)


def _merged(begun: ClusterSnapshot, ended: ClusterSnapshot, seen: Sightings) -> ClusterSnapshot:
    """The cluster with its gateways as they are in the end; where they could not be followed, this is a gap."""
    if not begun.is_reached or all(query.kind is not kinds.GATEWAY for query in begun.queries):
        return begun
    noticed = msgspec.structs.replace(begun.circumstances, unsteady=seen.unsteady())
    if ended.gaps:
        return _lost(replace(begun, circumstances=noticed), ended.gaps[0].failure)
    gateways = {kinds.GATEWAY: ended.objects.get(kinds.GATEWAY, ())}
    return replace(begun, objects={**begun.objects, **gateways}, circumstances=noticed)
