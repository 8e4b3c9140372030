"""Looks at a mesh that is followed: rows at once, findings when there is time, nobody holds anybody up."""

from __future__ import annotations

import queue
from collections.abc import Iterator

import msgspec
import pytest
from memory_fleet import MemoryFleet
from test_verifying import cluster, generated

from meshglobal.app.live import LiveOrder, Look, live_wish, looks
from meshglobal.app.picture import MeshSettings
from meshglobal.app.ports import ClusterEvent, Following
from meshglobal.app.selecting import Request
from meshglobal.bootstrap import SystemClock
from meshglobal.domain import kinds
from meshglobal.domain.changes import HostChange
from meshglobal.domain.errors import NotFoundError
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.labels import SERVICE_SCOPE
from meshglobal.domain.objects import Meta, Namespace
from meshglobal.domain.snapshot import Gap
from meshglobal.domain.targets import Targets
from meshglobal.domain.verdict import State

MESH = MeshSettings()
EVERYTHING = LiveOrder(Request(None, None))
END = ClusterEvent("", "end")


class ToldFleet(MemoryFleet):
    """Its events are those that a test tells."""

    def __init__(self) -> None:
        super().__init__(
            {
                "one": cluster("one", scope="global", entry=True, peers=("two",)),
                "two": cluster("two", scope="global", entry=True, peers=("one",)),
            }
        )
        self.told: queue.SimpleQueue[ClusterEvent] = queue.SimpleQueue()

    def follow(self, wish: Following) -> Iterator[ClusterEvent]:
        del wish
        return iter(self.told.get, END)

    def tell_read(self, context: str) -> None:
        wish = live_wish(MESH, EVERYTHING)
        found = {one.context: one for one in self.read(wish.queries).clusters}
        self.told.put(ClusterEvent(context, "read", cluster=found[context]))
        self.told.put(ClusterEvent(context, "synced"))


@pytest.fixture
def fleet() -> Iterator[ToldFleet]:
    told = ToldFleet()
    yield told
    told.told.put(END)


def following(fleet: ToldFleet, order: LiveOrder = EVERYTHING) -> Iterator[Look]:
    return looks(fleet, SystemClock(), MESH, order)


def states(look: Look) -> dict[str, State | None]:
    return {cell.context: cell.state for service in look.inventory.services for cell in service.cells}


def until_checked(seen: Iterator[Look]) -> Look:
    return next(look for look in seen if look.check is not None)


def test_a_cluster_that_does_not_answer_holds_nobody_up(fleet: ToldFleet) -> None:
    fleet.tell_read("one")
    seen = following(fleet)
    first = next(seen)
    assert states(first) == {"one": State.READY, "two": State.UNKNOWN}
    assert first.unread == ("two",)
    assert "has not been read yet" in first.inventory.services[0].cells[1].reason
    fleet.tell_read("two")
    later = next(look for look in seen if not look.unread)
    assert states(later) == {"one": State.READY, "two": State.READY}
    assert later.changes == ()  # that it has been read now is no change of the mesh


def test_a_change_is_told_with_what_it_was_before(fleet: ToldFleet) -> None:
    fleet.tell_read("one")
    fleet.tell_read("two")
    seen = following(fleet)
    until_checked(seen)
    gone = fleet.get("two", kinds.SERVICE_ENTRY, "istio-system", "autogen.shop.web")
    fleet.told.put(ClusterEvent("two", "deleted", None, kinds.SERVICE_ENTRY, gone))
    look = next(seen)
    assert states(look) == {"one": State.READY, "two": State.MISSING}
    [change] = look.changes
    assert isinstance(change, HostChange)
    assert (change.context, change.before, change.after) == ("two", State.READY, State.MISSING)
    found = next(seen)
    assert "MG201" in {one.code for one in found.findings}
    assert found.inventory.services is look.inventory.services


def test_a_lost_cluster_is_unknown_with_its_reason_and_comes_back(fleet: ToldFleet) -> None:
    fleet.tell_read("one")
    fleet.tell_read("two")
    seen = following(fleet)
    until_checked(seen)
    refused = failure(Cause.REFUSED, "connection refused", "two")
    fleet.told.put(ClusterEvent("two", "lost", gap=Gap(refused)))
    lost = next(look for look in seen if states(look)["two"] is State.UNKNOWN)
    assert lost.inventory.services[0].cells[1].reason == "connection refused"
    assert lost.inventory.exit_code == 3
    fleet.told.put(ClusterEvent("two", "synced"))
    assert states(next(look for look in seen if look.inventory.exit_code == 0))["two"] is State.READY


def test_what_says_nothing_new_is_no_look(fleet: ToldFleet) -> None:
    fleet.tell_read("one")
    fleet.tell_read("two")
    seen = following(fleet)
    checked = until_checked(seen)
    fleet.told.put(ClusterEvent("one", "synced"))
    entry = generated()
    other = msgspec.structs.replace(entry, metadata=msgspec.structs.replace(entry.metadata, resource_version="9"))
    fleet.told.put(ClusterEvent("one", "modified", None, kinds.SERVICE_ENTRY, other))
    namespace = Namespace(metadata=Meta(name="shop", labels={SERVICE_SCOPE: "cluster"}))
    fleet.told.put(ClusterEvent("one", "added", None, kinds.NAMESPACE, namespace))
    fleet.told.put(END)
    versions = [look.version for look in seen]
    assert versions in ([], [checked.version + 1])  # the namespace may bring findings about, the rest nothing


def test_who_is_named_and_nowhere_is_told_so(fleet: ToldFleet) -> None:
    fleet.tell_read("one")
    fleet.tell_read("two")
    order = LiveOrder(Request(Targets(kinds.SERVICE, ("wob",)), "shop"))
    with pytest.raises(NotFoundError, match="wob"):
        list(following(fleet, order))


def test_a_table_alone_needs_no_check(fleet: ToldFleet) -> None:
    fleet.tell_read("one")
    fleet.tell_read("two")
    fleet.told.put(END)
    *_, last = following(fleet, LiveOrder(Request(None, None), is_fleet=False, thin=True))
    assert last.check is None
    assert states(last) == {"one": State.READY, "two": State.READY}


def test_what_goes_wrong_while_following_is_raised(fleet: ToldFleet, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(wish: Following) -> Iterator[ClusterEvent]:
        del wish
        raise ValueError("a defect")
        yield END

    monkeypatch.setattr(fleet, "follow", broken)
    with pytest.raises(ValueError, match="a defect"):
        list(following(fleet))
