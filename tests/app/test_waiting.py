"""Waiting: judged by what has been answered, never by what has not been read yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from memory_fleet import MemoryFleet

from meshglobal.app.picture import MeshSettings, Picture, mesh_queries
from meshglobal.app.ports import ClusterEvent
from meshglobal.app.waiting import LiveMesh, Watching, wait_until
from meshglobal.domain import kinds
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.objects import Meta, Namespace, Object, Service, ServiceEntry, ServiceEntrySpec
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, Query

MESH = MeshSettings()
ONE = ClusterSnapshot("one", uid="1-1", aliases=("uno",))
SERVICES, ENTRIES = Query(kinds.SERVICE, "shop"), Query(kinds.SERVICE_ENTRY, "istio-system")


def service(name: str) -> Service:
    return Service(metadata=Meta(name=name, namespace="shop"))


def entry(name: str, *hosts: str) -> ServiceEntry:
    return ServiceEntry(
        metadata=Meta(name=f"autogen.shop.{name}", namespace="istio-system"),
        spec=ServiceEntrySpec(hosts=list(hosts), resolution="STATIC"),
    )


def told(*events: ClusterEvent) -> LiveMesh:
    live = LiveMesh([ONE], [SERVICES, ENTRIES])
    for event in events:
        live.take(event)
    return live


def added(found: Object, query: Query) -> ClusterEvent:
    return ClusterEvent("one", "added", query, query.kind, found)


def lost(cause: Cause, query: Query | None) -> ClusterEvent:
    return ClusterEvent("one", "lost", query, gap=Gap(failure(cause, "gone", "one"), query))


def test_what_has_not_answered_yet_is_a_gap_and_not_an_absence() -> None:
    live = told(added(service("web"), SERVICES), ClusterEvent("one", "synced", SERVICES))
    [cluster] = live.snapshot().clusters
    assert not live.is_settled
    assert cluster.has_read(kinds.SERVICE, "shop")
    assert not cluster.has_read(kinds.SERVICE_ENTRY, "istio-system")


def test_a_query_that_may_not_be_read_leaves_the_others_as_they_are() -> None:
    live = told(
        added(service("web"), SERVICES), ClusterEvent("one", "synced", SERVICES), lost(Cause.FORBIDDEN, ENTRIES)
    )
    [cluster] = live.snapshot().clusters
    assert live.is_settled
    assert [one.name for one in cluster.of(kinds.SERVICE, Service)] == ["web"]
    gap = cluster.gap_for(kinds.SERVICE_ENTRY)
    assert gap is not None
    assert gap.failure.cause is Cause.FORBIDDEN


def test_a_lost_cluster_is_a_gap_until_it_comes_back_with_what_changed() -> None:
    both = ClusterEvent("one", "synced")
    live = told(added(service("web"), SERVICES), both, lost(Cause.REFUSED, None))
    assert not live.snapshot().clusters[0].is_reached
    live.take(ClusterEvent("one", "deleted", SERVICES, kinds.SERVICE, service("web")))
    live.take(both)
    [cluster] = live.snapshot().clusters
    assert cluster.is_reached
    assert cluster.has_read(kinds.SERVICE, "shop")
    assert cluster.of(kinds.SERVICE, Service) == ()


class _Scripted(MemoryFleet):
    """A fleet whose watch tells a script."""

    def __init__(self, events: Sequence[ClusterEvent]) -> None:
        super().__init__({"one": []})
        self._events = events

    def watch(self, queries: Sequence[Query], deadline: float) -> Iterator[ClusterEvent]:
        del queries, deadline
        yield from self._events


def test_nobody_is_asked_before_everything_has_answered() -> None:
    events = [
        ClusterEvent("one", "synced", SERVICES),
        added(entry("web", "web.shop.mesh.internal"), ENTRIES),
        ClusterEvent("one", "synced"),
    ]
    asked: list[int] = []

    def is_gone(picture: Picture) -> bool:
        asked.append(len(picture.views[0].entries))
        return not picture.views[0].entries

    waited = wait_until(_Scripted(events), Watching([SERVICES, ENTRIES], MESH, (ONE,)), is_gone, deadline=0)
    assert asked == [1], "an entry that was not delivered yet must not look like one that is gone"
    assert not waited.is_done


def test_the_wait_ends_with_the_change_it_waits_for() -> None:
    fleet = MemoryFleet({"one": [Namespace(metadata=Meta(name="istio-system"))]})

    def generate(world: MemoryFleet) -> bool:
        world.put("one", entry("web", "web.shop.mesh.internal"))
        return True

    fleet.on_idle = generate
    watching = Watching(mesh_queries(MESH, "shop"), MESH, (ONE,))
    waited = wait_until(
        fleet, watching, lambda seen: "web.shop.mesh.internal" in seen.views[0].entries, deadline=float("inf")
    )
    assert waited.is_done


@pytest.mark.parametrize("context", ["one", "two"])
def test_events_of_clusters_that_are_not_watched_are_left_out(context: str) -> None:
    live = LiveMesh([ONE], [SERVICES])
    live.take(ClusterEvent(context, "added", SERVICES, kinds.SERVICE, service("web")))
    live.take(ClusterEvent(context, "synced"))
    assert live.is_settled == (context == "one")


def test_who_a_cluster_is_stays_known() -> None:
    [cluster] = told(ClusterEvent("one", "synced")).snapshot().clusters
    assert (cluster.uid, cluster.aliases) == ("1-1", ("uno",))


def test_a_cluster_that_answers_nothing_is_one_gap_with_the_reason_that_says_most() -> None:
    refused = Gap(failure(Cause.REFUSED, "connection refused", "one"))
    dead = LiveMesh([ClusterSnapshot("one", gaps=(refused,))], [SERVICES, ENTRIES])
    assert dead.snapshot().clusters[0].gaps == (refused,)
    for query in (SERVICES, ENTRIES):
        dead.take(lost(Cause.TIMEOUT, query))
    assert dead.snapshot().clusters[0].gaps == (refused,)
    dead.take(lost(Cause.UNAUTHORIZED, None))
    [gap] = dead.snapshot().clusters[0].gaps
    assert (gap.query, gap.failure.cause) == (None, Cause.UNAUTHORIZED)


def test_events_that_come_together_are_judged_once() -> None:
    synced = ClusterEvent("one", "synced", is_followed=True)
    more = [replace(added(entry(f"web{number}"), ENTRIES), is_followed=True) for number in range(100)]
    asked: list[int] = []

    def is_never(picture: Picture) -> bool:
        asked.append(len(picture.snapshot.clusters[0].of(kinds.SERVICE_ENTRY, ServiceEntry)))
        return False

    events = [synced, *more, added(entry("last"), ENTRIES)]
    wait_until(_Scripted(events), Watching([SERVICES, ENTRIES], MESH, (ONE,)), is_never, deadline=0)
    assert asked == [101]


def test_what_was_read_at_first_is_not_kept_beside_what_the_events_tell() -> None:
    (read,) = MemoryFleet({"one": [service("web")]}).read([SERVICES]).clusters
    assert read.objects
    live = LiveMesh([read], [SERVICES])
    assert [one._first.objects for one in live._clusters.values()] == [{}]
