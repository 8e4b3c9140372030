"""`verify --watch` in memory: a report after each change, what is lost is unknown, and nothing piles up."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

import msgspec
import pytest
from memory_fleet import MemoryFleet
from test_verifying import cluster, generated

from meshglobal.app.following import follow
from meshglobal.app.picture import MeshSettings
from meshglobal.app.ports import ClusterEvent, Following
from meshglobal.app.selecting import Request
from meshglobal.app.verify import Verify, verify_demand
from meshglobal.domain import kinds
from meshglobal.domain.changes import HostChange, changes
from meshglobal.domain.errors import NotFoundError
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.labels import SERVICE_SCOPE
from meshglobal.domain.objects import Meta
from meshglobal.domain.report import Report
from meshglobal.domain.snapshot import Gap, Query
from meshglobal.domain.targets import Targets
from meshglobal.domain.waivers import Allowances, Waiver

MESH = MeshSettings()
ALL = Verify(Request(None, "shop"), is_followed=True)
FOR_EVER = float("inf")


@dataclass
class StillClock:
    """Stands still until a test moves it."""

    seconds: float = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> float:
        return self.seconds


@dataclass
class Scripted:
    """Does one thing to a fleet each time that it has nothing more to tell; then the watch ends."""

    steps: list[Callable[[MemoryFleet], object]] = field(default_factory=list)

    def __call__(self, fleet: MemoryFleet) -> bool:
        if not self.steps:
            return False
        self.steps.pop(0)(fleet)
        return True


def tell(event: ClusterEvent) -> Callable[[MemoryFleet], None]:
    """Something that happens to a watch, not to objects."""

    def do(fleet: MemoryFleet) -> None:
        for watcher in fleet._watchers:
            watcher.put(event)

    return do


def remove_entry(context: str) -> Callable[[MemoryFleet], None]:
    return lambda fleet: fleet.delete(context, kinds.SERVICE_ENTRY, "istio-system", "autogen.shop.web")


def two() -> MemoryFleet:
    return MemoryFleet(
        {
            "one": cluster("one", scope="global", entry=True, peers=("two",)),
            "two": cluster("two", scope="global", entry=True, peers=("one",)),
        }
    )


def reports(fleet: MemoryFleet, order: Verify = ALL, clock: StillClock | None = None) -> Iterator[Report]:
    fleet.monotonic = lambda: 0.0
    return follow(fleet, clock or StillClock(), MESH, order, FOR_EVER)


def told(fleet: MemoryFleet) -> list[list[str]]:
    """What each report says that the one before it did not: context, states, reason."""
    found = list(reports(fleet))
    return [
        [f"{one.context} {one.before}>{one.after}" for one in changes(*pair, "") if isinstance(one, HostChange)]
        for pair in pairwise(found)
    ]


def news(fleet: MemoryFleet) -> list[list[str]]:
    """The same without the reports in which nothing is new."""
    return [one for one in told(fleet) if one]


def test_each_change_is_told_once_and_what_stays_is_not() -> None:
    fleet = two()
    fleet.on_idle = Scripted(
        [remove_entry("two"), lambda world: world.put("one", generated()), lambda world: world.put("two", generated())]
    )
    assert news(fleet) == [["two Ready>Missing"], ["two Missing>Ready"]]


def test_the_clusters_are_read_once_and_never_again() -> None:
    fleet = two()
    steps = [lambda world: world.put("one", generated())] * 50
    fleet.on_idle = Scripted([*steps])
    assert len(list(reports(fleet))) > 50
    assert len(fleet.reads) == len(verify_demand(MESH, ALL).queries)


def test_a_service_that_becomes_global_appears_and_one_that_is_not_disappears() -> None:
    fleet = MemoryFleet({"one": cluster("one")})
    labelled, bare = cluster("one", scope="global")[2], cluster("one")[2]
    fleet.on_idle = Scripted(
        [
            lambda world: world.put("one", labelled),
            lambda world: world.put("one", generated()),
            lambda world: world.put("one", bare),
            remove_entry("one"),
        ]
    )
    assert news(fleet) == [["one None>Missing"], ["one Missing>Ready"], ["one Ready>Stale"], ["one Stale>None"]]


def test_a_lost_cluster_turns_unknown_with_the_reason_and_comes_back_with_what_changed() -> None:
    fleet = two()
    gone = Gap(failure(Cause.REFUSED, "connection refused", "two"))
    fleet.on_idle = Scripted(
        [tell(ClusterEvent("two", "lost", gap=gone)), remove_entry("two"), tell(ClusterEvent("two", "synced"))]
    )
    first, lost, *_, last = reports(fleet)
    assert [one.state for one in first.hosts] == ["Ready", "Ready"]
    assert [(one.state, one.reason) for one in lost.hosts if one.context == "two"] == [
        ("Unknown", "connection refused")
    ]
    assert (lost.clusters[1].reached, lost.summary.clusters_read, lost.exit_code) == (False, 1, 3)
    assert [one.code for one in lost.findings] == ["MG601"]
    assert {one.context: one.state for one in last.hosts} == {"one": "Ready", "two": "Missing"}
    assert (last.clusters[1].reached, last.exit_code) == (True, 1)


def test_other_words_for_the_same_unknown_are_no_news() -> None:
    fleet = two()
    gaps = [Gap(failure(cause, word, "two")) for cause, word in ((Cause.REFUSED, "refused"), (Cause.TIMEOUT, "late"))]
    fleet.on_idle = Scripted([tell(ClusterEvent("two", "lost", gap=gap)) for gap in gaps])
    (change,) = news(fleet)
    assert "two Ready>Unknown" in change


def test_a_cluster_that_is_dead_at_first_is_followed_too() -> None:
    fleet = MemoryFleet(
        {"one": cluster("one", scope="global", entry=True), "two": []},
        unreachable={"two": failure(Cause.REFUSED, "connection refused", "two")},
    )
    fleet.on_idle = Scripted([tell(ClusterEvent("two", "synced"))])
    *_, last = reports(fleet)
    assert [one.reached for one in last.clusters] == [True, True]


def test_it_ends_with_its_deadline_and_a_name_that_is_nowhere_is_refused() -> None:
    fleet = two()
    assert len(list(follow(fleet, StillClock(), MESH, ALL, deadline=0.0))) == 1
    nowhere = Verify(Request(Targets(kinds.SERVICE, ("wbe",)), "shop"))
    with pytest.raises(NotFoundError, match="not found"):
        next(reports(fleet, nowhere))


class Silent(MemoryFleet):
    """The time is over before any cluster has been read."""

    def follow(self, wish: Following) -> Iterator[ClusterEvent]:
        del wish
        return iter(())


def test_what_was_not_read_in_time_is_unknown() -> None:
    (report,) = reports(Silent({"one": cluster("one", scope="global", entry=True)}))
    assert [one.reached for one in report.clusters] == [False]
    assert (report.summary.clusters_read, report.exit_code) == (0, 3)


def test_a_context_that_leads_to_the_same_cluster_is_an_alias() -> None:
    fleet = MemoryFleet({"one": cluster("one", scope="global", entry=True), "uno": []}, uids={"one": "u", "uno": "u"})
    fleet.on_idle = Scripted([remove_entry("one")])
    first, last = reports(fleet)
    assert [(one.context, one.aliases) for one in last.clusters] == [("one", ("uno",))]
    assert [[one.state for one in report.hosts] for report in (first, last)] == [["Ready"], ["Missing"]]


def test_a_named_service_that_is_deleted_disappears() -> None:
    fleet = MemoryFleet({"one": cluster("one", scope="global", entry=True)})
    fleet.on_idle = Scripted(
        [lambda world: world.delete("one", kinds.SERVICE, "shop", "web"), remove_entry("one")],
    )
    named = Verify(Request(Targets(kinds.SERVICE, ("web",)), "shop"))
    first, *_, last = reports(fleet, named)
    assert (len(first.hosts), last.hosts) == (1, ())


def test_a_waiver_expires_while_it_runs() -> None:
    fleet, clock = two(), StillClock()
    waiver = Waiver(finding="MG201", reason="moving", expires="1970-01-01")
    order = msgspec.structs.replace(Allowances(), waivers=(waiver,))
    remove_entry("two")(fleet)

    def tomorrow(world: MemoryFleet) -> None:
        clock.seconds = 86_401.0
        world.put("one", generated())

    fleet.on_idle = Scripted([tomorrow])
    first, *_, last = reports(fleet, Verify(Request(None, "shop"), allowances=order, is_followed=True), clock)
    assert (first.exit_code, last.exit_code) == (0, 1)
    assert "MG690" in [one.code for one in last.findings]


class Replayed(MemoryFleet):
    """Its watches go on with services that come and go, ten events at a time."""

    def follow(self, wish: Following) -> Iterator[ClusterEvent]:
        yield from super().follow(wish)
        bare, query = cluster("one")[2], Query(kinds.SERVICE, "shop")
        for number in range(5_000):
            labels = {SERVICE_SCOPE: "global", "filler": "x" * 1_000}
            found = msgspec.structs.replace(bare, metadata=Meta(name=f"s{number}", namespace="shop", labels=labels))
            event = ClusterEvent("one", "added", query, kinds.SERVICE, found, is_followed=True)
            yield event
            yield replace(event, type="deleted", is_followed=number % 10 != 9)


def test_memory_stays_flat_over_thousands_of_events() -> None:
    """What is kept is the mesh as it is, not what happened."""
    fleet = Replayed({"one": cluster("one", scope="global", entry=True)})
    fleet.on_idle = Scripted()
    sizes = []
    tracemalloc.start()
    try:
        for position, _ in enumerate(reports(fleet)):
            if position % 100 == 0:
                gc.collect()
                sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert len(sizes) == 6
    assert sizes[-1] - sizes[1] < 100_000, sizes
