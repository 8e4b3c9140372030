"""Read, and go on from there: what every fleet keeps when it follows clusters."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from worlds import World

from meshglobal.app.ports import ClusterEvent, Following
from meshglobal.domain.failure import Cause
from meshglobal.domain.kinds import NAMESPACE, SERVICE
from meshglobal.domain.labels import SERVICE_SCOPE
from meshglobal.domain.objects import Service
from meshglobal.domain.snapshot import Query


def following(world: World, *later: Query) -> Following:
    queries = (Query(NAMESPACE), Query(SERVICE, world.namespace))
    return Following(queries, later, time.monotonic() + 20)


def until(events: Iterator[ClusterEvent], holds: Callable[[ClusterEvent], bool]) -> list[ClusterEvent]:
    seen = []
    for event in events:
        seen.append(event)
        if holds(event):
            return seen
    raise AssertionError(f"it ended after {seen}")


def is_about(name: str, kind: str) -> Callable[[ClusterEvent], bool]:
    return lambda event: event.type == kind and event.object is not None and event.object.name == name


def test_a_cluster_is_read_then_followed(world: World) -> None:
    world.create("one", "web")
    events = world.fleet("one").follow(following(world))
    read = next(events)
    assert (read.type, read.context) == ("read", "one")
    assert read.cluster is not None
    assert [found.name for found in read.cluster.of(SERVICE, Service)] == ["web"]
    world.create("one", "new")
    world.label("one", "web", {SERVICE_SCOPE: "global"})
    seen = until(events, is_about("web", "modified"))
    assert [event.object.name for event in seen if event.type == "added" and event.object is not None] == ["new"]
    world.delete("one", "web")
    until(events, is_about("web", "deleted"))


def test_what_was_read_is_not_told_again(world: World) -> None:
    world.create("one", "web")
    events = world.fleet("one").follow(following(world))
    next(events)
    world.create("one", "last")
    seen = until(events, is_about("last", "added"))
    assert [event.object.name for event in seen if event.object is not None] == ["last"]


def test_what_is_wanted_later_comes_later(world: World) -> None:
    world.create("one", "web", {"kind-of": "late"})
    late = Query(SERVICE, world.namespace, selector="kind-of=late")
    events = world.fleet("one").follow(
        Following((Query(NAMESPACE),), (late,), time.monotonic() + 20),
    )
    seen = until(events, lambda event: event.object is not None or _services(event) > 0)
    assert seen[0].type == "read"


def _services(event: ClusterEvent) -> int:
    return len(event.cluster.of(SERVICE, Service)) if event.cluster is not None else 0


def test_a_dead_cluster_is_read_as_such_and_holds_up_nobody(world: World) -> None:
    world.create("two", "web")
    events = world.fleet("dead", "two").follow(following(world))
    seen: dict[str, ClusterEvent] = {}
    while {"dead", "two"} - seen.keys():
        event = next(events)
        if event.type == "read":
            seen[event.context] = event
    dead = seen["dead"].cluster
    assert dead is not None
    assert [gap.failure.cause for gap in dead.gaps] == [Cause.REFUSED]
    world.create("two", "new")
    until(events, is_about("new", "added"))


def test_a_further_context_of_a_cluster_is_an_alias(world: World) -> None:
    events = world.fleet("one", "one-again").follow(following(world))
    first, second = (next(_reading(events)) for _ in range(2))
    told = {first.type: first, second.type: second}
    assert told.keys() == {"read", "alias"}
    alias = told["alias"].cluster
    assert alias is not None
    assert {told["read"].context, alias.context} == {"one", "one-again"}
    assert told["alias"].context == told["read"].context


def _reading(events: Iterator[ClusterEvent]) -> Iterator[ClusterEvent]:
    return (event for event in events if event.type in ("read", "alias"))
