"""What is noticed beside the objects: names that resolve, and links that are followed for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
import pytest
from memory_fleet import MemoryFleet
from mesh_cases import cases, fleet_of

from meshglobal.app.checking import check_clusters, fleet_queries
from meshglobal.app.noticing import Following, Senses, read_noticing
from meshglobal.app.picture import MeshSettings
from meshglobal.app.ports import ClusterEvent
from meshglobal.domain import kinds
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.fleet import FleetCheck
from meshglobal.domain.links import CONNECTED
from meshglobal.domain.objects import Gateway
from meshglobal.domain.snapshot import Query
from meshglobal.domain.strictness import Strictness

MESH = MeshSettings()
BODIES = {case.title: case.body["clusters"] for case in cases()}
LINK = ("istio-eastwest", "remote-b")


class FakeClock:
    """Moves by a second whenever nothing happens."""

    def __init__(self) -> None:
        self.time = 0.0

    def monotonic(self) -> float:
        return self.time

    def now(self) -> float:
        return self.time


class Names:
    """A resolver that knows what it was told, and keeps what it was asked."""

    def __init__(self, known: Mapping[str, bool | None]) -> None:
        self.known = known
        self.asked: list[str] = []

    def resolve(self, names: Sequence[str]) -> Mapping[str, bool | None]:
        self.asked += names
        return self.known


def link(fleet: MemoryFleet) -> Gateway:
    found = fleet.get("c1", kinds.GATEWAY, *LINK)
    assert isinstance(found, Gateway)
    return found


def say(fleet: MemoryFleet, status: str) -> None:
    found = link(fleet)
    conditions = [
        msgspec.structs.replace(one, status=status) if one.type == CONNECTED else one
        for one in found.status.conditions or []
    ]
    fleet.put("c1", msgspec.structs.replace(found, status=msgspec.structs.replace(found.status, conditions=conditions)))


def followed(*changes: Callable[[MemoryFleet], None], fleet: MemoryFleet | None = None) -> FleetCheck:
    """`check` over two healthy peers that are followed for ten seconds, in which these things happen."""
    mesh = fleet or fleet_of(BODIES["two healthy peers"])
    clock = FakeClock()
    left: Iterator[Callable[[MemoryFleet], None]] = iter(changes)

    def on_idle(running: MemoryFleet) -> bool:
        clock.time += 1.0
        if (change := next(left, None)) is not None:
            change(running)
        return True

    mesh.on_idle = on_idle
    mesh.monotonic = clock.monotonic
    return check_clusters(mesh, MESH, Strictness(), senses=Senses(following=Following(10.0, clock)))


def down(fleet: MemoryFleet) -> None:
    say(fleet, "False")


def up(fleet: MemoryFleet) -> None:
    say(fleet, "True")


def gone(fleet: MemoryFleet) -> None:
    fleet.delete("c1", kinds.GATEWAY, *LINK)


def codes(check: FleetCheck) -> list[str]:
    return [one.code for one in check.findings]


def test_a_link_that_stays_is_no_finding() -> None:
    assert codes(followed()) == []


def test_a_link_that_goes_and_comes_back_flaps() -> None:
    found = followed(down, up)
    assert codes(found) == ["MG313"]
    assert "PeerConnected was True, False, True" in found.findings[0].message
    assert found.exit_code == 1


def test_a_link_that_goes_is_seen_as_it_is_in_the_end() -> None:
    assert codes(followed(down)) == ["MG304"]


def test_a_link_that_comes_back_for_good_is_news_and_no_unrest() -> None:
    fleet = fleet_of(BODIES["two healthy peers"])
    down(fleet)
    assert codes(followed(up, fleet=fleet)) == []


def test_a_link_that_is_made_anew_is_another_one() -> None:
    fleet = fleet_of(BODIES["two healthy peers"])
    kept = link(fleet)

    def again(running: MemoryFleet) -> None:
        running.put("c1", kept)

    assert codes(followed(down, gone, again, fleet=fleet)) == []


def test_a_link_that_is_gone_in_the_end_is_missing() -> None:
    assert codes(followed(down, up, gone)) == ["MG303"]


class Unwatchable(MemoryFleet):
    """Its clusters can be read, and go away when they are to be watched."""

    def watch(self, queries: Sequence[Query], deadline: float) -> Iterator[ClusterEvent]:
        for one in self.members:
            self.unreachable[one.context] = failure(Cause.REFUSED, "connection refused", one.context)
        yield from super().watch(queries, deadline)


def test_gateways_that_cannot_be_followed_are_unknown_and_not_steady() -> None:
    read = fleet_of(BODIES["two healthy peers"]).read(fleet_queries(MESH))
    objects = {one.context: [found for some in one.objects.values() for found in some] for one in read.clusters}
    found = followed(fleet=Unwatchable(objects))
    assert (found.exit_code, codes(found)) == (3, ["MG607", "MG607"])
    assert {unread.kind for cluster in found.clusters for unread in cluster.unread} == {"Gateway"}
    assert [member.gateway for member in found.members] == ["ready", "ready"]


def test_links_that_were_followed_for_less_than_was_asked_for_are_unknown() -> None:
    mesh = fleet_of(BODIES["two healthy peers"])
    clock = FakeClock()
    mesh.on_idle = lambda _: False
    mesh.monotonic = clock.monotonic
    found = check_clusters(mesh, MESH, Strictness(), senses=Senses(following=Following(10.0, clock)))
    assert (found.exit_code, codes(found)) == (3, ["MG607", "MG607"])
    assert "followed for 0 of 10 s" in found.findings[0].message


@pytest.mark.parametrize("is_there", [True, False, None])
def test_hostnames_of_own_gateways_are_looked_up_and_kept(is_there: bool | None) -> None:  # noqa: FBT001 - a case
    fleet = fleet_of(BODIES["the name of an east-west gateway does not resolve"])
    names = Names({"eastwest.example": is_there})
    snapshot = read_noticing(fleet, fleet_queries(MESH), Senses(resolver=names))
    assert names.asked == ["eastwest.example"]
    assert [one.circumstances.names for one in snapshot.clusters] == [{}, {"eastwest.example": is_there}]


def test_addresses_are_not_looked_up() -> None:
    names = Names({})
    read_noticing(fleet_of(BODIES["two healthy peers"]), fleet_queries(MESH), Senses(resolver=names))
    assert names.asked == []
