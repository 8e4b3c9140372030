"""What a followed mesh does not know is unknown, whichever way it came to be so; and events keep their order."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from test_live import END, EVERYTHING, MESH, ToldFleet, following, states, until_checked

from meshglobal.app.live import Look, live_wish
from meshglobal.app.ports import ClusterEvent
from meshglobal.domain import kinds
from meshglobal.domain.changes import HostChange
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.objects import Meta, Namespace
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, Query
from meshglobal.domain.verdict import State

WISH = live_wish(MESH, EVERYTHING)
FOLLOWED = (*WISH.queries, *WISH.later)
SILENT = failure(Cause.TIMEOUT, "it had not answered in time", "two")
REFUSED = failure(Cause.REFUSED, "connection refused", "two")


@pytest.fixture
def fleet() -> Iterator[ToldFleet]:
    told = ToldFleet()
    told.tell_read("one")
    told.tell_read("two")
    yield told
    told.told.put(END)


def queries_of(kind: kinds.Kind) -> list[Query]:
    return [query for query in FOLLOWED if query.kind is kind]


def last_after(fleet: ToldFleet, *events: ClusterEvent) -> Look:
    """The look at what has come of some events, once everything was read and checked."""
    seen = following(fleet)
    before = until_checked(seen)
    for event in (*events, END):
        fleet.told.put(event)
    return [before, *seen][-1]


def lost(query: Query | None, why: object = SILENT) -> ClusterEvent:
    return ClusterEvent("two", "lost", query, gap=Gap(why, query))  # type: ignore[arg-type] # a failure


def test_entries_that_are_not_followed_any_more_are_not_taken_for_there(fleet: ToldFleet) -> None:
    look = last_after(fleet, *map(lost, queries_of(kinds.SERVICE_ENTRY)))
    assert states(look) == {"one": State.READY, "two": State.UNKNOWN}
    assert look.inventory.exit_code == 3


def test_a_cluster_that_falls_silent_is_unknown_though_each_list_is_lost_by_itself(fleet: ToldFleet) -> None:
    look = last_after(fleet, *map(lost, FOLLOWED))
    assert states(look) == {"one": State.READY, "two": State.UNKNOWN}
    assert [cluster.reached for cluster in look.inventory.clusters] == [True, False]
    assert look.inventory.services[0].cells[1].reason == "it had not answered in time"


def test_a_cluster_is_back_when_all_of_it_is(fleet: ToldFleet) -> None:
    entries = queries_of(kinds.SERVICE_ENTRY)
    back = [ClusterEvent("two", "synced", query) for query in FOLLOWED if query not in entries]
    look = last_after(fleet, lost(None, REFUSED), *back)
    assert (states(look)["two"], look.inventory.exit_code) == (State.UNKNOWN, 3)


def test_what_was_lost_comes_back_with_its_objects(fleet: ToldFleet) -> None:
    back = [ClusterEvent("two", "synced", query) for query in FOLLOWED]
    look = last_after(fleet, *map(lost, FOLLOWED), *back)
    assert (states(look)["two"], look.inventory.exit_code) == (State.READY, 0)


def test_the_end_of_an_object_is_not_that_of_the_one_in_its_place(fleet: ToldFleet) -> None:
    """Generated entries are in two lists, and both tell of each that goes and comes."""
    entry = fleet.get("two", kinds.SERVICE_ENTRY, "istio-system", "autogen.shop.web")
    assert entry is not None
    old, new = (
        msgspec.structs.replace(entry, metadata=msgspec.structs.replace(entry.metadata, uid=uid))
        for uid in ("old", "new")
    )
    told = [("modified", old), ("deleted", old), ("added", new), ("deleted", old)]
    look = last_after(fleet, *(ClusterEvent("two", kind, None, kinds.SERVICE_ENTRY, one) for kind, one in told))
    assert states(look)["two"] is State.READY


def test_events_keep_their_order_however_many_come_at_once(fleet: ToldFleet) -> None:
    entry = fleet.get("two", kinds.SERVICE_ENTRY, "istio-system", "autogen.shop.web")

    def told(kind: str) -> ClusterEvent:
        return ClusterEvent("two", kind, None, kinds.SERVICE_ENTRY, entry)

    for _ in range(4_996):  # with the four of the fixture as many as are taken at once
        fleet.told.put(told("modified"))
    fleet.told.put(told("deleted"))
    fleet.told.put(told("added"))
    seen = following(fleet)
    first = next(seen)
    fleet.told.put(END)
    assert states([first, *seen][-1])["two"] is State.READY


def test_what_is_not_seen_because_a_list_was_lost_is_not_told_to_be_gone() -> None:
    fleet = ToldFleet()
    fleet.delete("one", kinds.SERVICE, "shop", "web")
    fleet.delete("one", kinds.SERVICE_ENTRY, "istio-system", "autogen.shop.web")
    fleet.tell_read("one")
    fleet.tell_read("two")
    seen = following(fleet)
    until_checked(seen)
    for query in (*queries_of(kinds.SERVICE), *queries_of(kinds.SERVICE_ENTRY)):
        fleet.told.put(lost(query))
    fleet.told.put(END)
    told = [one for look in seen for one in look.changes if isinstance(one, HostChange)]
    assert {one.after for one in told} == {State.UNKNOWN}


@pytest.fixture
def blind() -> Iterator[ToldFleet]:
    """Of its two contexts the second could not be read at first."""
    told = ToldFleet()
    told.tell_read("one")
    told.told.put(ClusterEvent("two", "read", cluster=ClusterSnapshot("two", gaps=(Gap(REFUSED),))))
    yield told
    told.told.put(END)


@pytest.mark.parametrize(("uid", "expected"), [("uid-one", [("one", ("two",))]), ("else", [("one", ()), ("two", ())])])
def test_who_could_not_be_read_at_first_may_be_a_cluster_that_is_known(
    blind: ToldFleet, uid: str, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    system = Namespace(metadata=Meta(name="kube-system", uid=uid))
    back = ClusterEvent("two", "added", None, kinds.NAMESPACE, system)
    look = last_after(blind, back, ClusterEvent("two", "synced"))
    assert [(one.context, one.aliases) for one in look.inventory.clusters] == expected
    assert look.inventory.exit_code == 0
