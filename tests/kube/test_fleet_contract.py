"""What every fleet keeps: the one in memory, embedded clusters over HTTPS, and a real one when there is one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from worlds import WIDGET, World

from meshglobal.app.ports import ClusterEvent
from meshglobal.domain.failure import Cause
from meshglobal.domain.kinds import NAMESPACE, SERVICE
from meshglobal.domain.labels import SERVICE_SCOPE, TRAFFIC_DISTRIBUTION, Section
from meshglobal.domain.objects import Service
from meshglobal.domain.plan import KeyChange, Status, Step
from meshglobal.domain.snapshot import ClusterSnapshot, Query


def scope(before: str | None, after: str | None) -> KeyChange:
    return KeyChange(Section.LABEL, SERVICE_SCOPE, before, after)


def step(context: str, found: Service, *changes: KeyChange) -> Step:
    meta = found.metadata
    return Step(context, SERVICE, meta.namespace, meta.name, meta.uid, meta.resource_version, changes)


def names(cluster: ClusterSnapshot) -> list[str]:
    return sorted(found.name for found in cluster.of(SERVICE, Service))


def scope_of(world: World, context: str, name: str) -> str | None:
    found = world.find(context, name)
    assert found is not None
    return found.metadata.label(SERVICE_SCOPE)


# -- reading -----------------------------------------------------------------------------------------------------


def test_members_are_in_the_order_of_selection(world: World) -> None:
    assert [member.context for member in world.fleet("two", "one").members] == ["two", "one"]


def test_some_of_the_clusters_are_asked_alone(world: World) -> None:
    for context in ("one", "two"):
        world.create(context, "web")
    whole = world.fleet("one", "two")
    part = whole.among({"two", "nowhere"})
    assert [member.context for member in part.members] == ["two"]
    assert [cluster.context for cluster in part.read([Query(SERVICE, world.namespace)]).clusters] == ["two"]
    assert len(whole.read([Query(SERVICE, world.namespace)]).clusters) == 2


def test_a_namespace_is_read_from_every_cluster(world: World) -> None:
    for context, name in (("one", "web"), ("one", "db"), ("two", "web")):
        world.create(context, name)
    one, two = world.fleet("one", "two").read([Query(SERVICE, world.namespace)]).clusters
    assert (one.context, names(one)) == ("one", ["db", "web"])
    assert (two.context, names(two)) == ("two", ["web"])
    assert one.uid
    assert one.has_read(SERVICE, world.namespace)


def test_objects_carry_what_was_written(world: World) -> None:
    made = world.create("one", "web", {SERVICE_SCOPE: "global"})
    (cluster,) = world.fleet("one").read([Query(SERVICE, world.namespace)]).clusters
    (found,) = cluster.of(SERVICE, Service)
    assert found.metadata.labels == {"app": "web", SERVICE_SCOPE: "global"}
    assert (found.metadata.uid, found.metadata.resource_version) == (made.metadata.uid, made.metadata.resource_version)
    assert [(port.port, port.name) for port in found.ports] == [(80, "http")]


@pytest.mark.parametrize("selector", [SERVICE_SCOPE, f"{SERVICE_SCOPE}=global", f"{SERVICE_SCOPE} in (global,segment)"])
def test_a_label_selector_narrows(world: World, selector: str) -> None:
    world.create("one", "web", {SERVICE_SCOPE: "global"})
    world.create("one", "db")
    (cluster,) = world.fleet("one").read([Query(SERVICE, world.namespace, selector=selector)]).clusters
    assert names(cluster) == ["web"]


def test_one_object_is_read_by_name_and_an_absent_one_is_no_gap(world: World) -> None:
    world.create("one", "web")
    queries = [Query(SERVICE, world.namespace, "web"), Query(SERVICE, world.namespace, "gone")]
    (cluster,) = world.fleet("one").read(queries).clusters
    assert names(cluster) == ["web"]
    assert (cluster.queries, cluster.gaps) == (tuple(queries), ())


def test_what_several_queries_find_counts_once(world: World) -> None:
    world.create("one", "web")
    queries = [Query(SERVICE, world.namespace), Query(SERVICE, world.namespace, "web")]
    (cluster,) = world.fleet("one").read(queries).clusters
    assert names(cluster) == ["web"]


def test_an_absent_kind_is_a_gap_unless_it_is_optional(world: World) -> None:
    needed, optional = Query(WIDGET, world.namespace), Query(WIDGET, is_optional=True)
    (cluster,) = world.fleet("one").read([needed, optional]).clusters
    assert [(gap.query, gap.failure.cause) for gap in cluster.gaps] == [(needed, Cause.NO_SUCH_KIND)]
    assert cluster.queries == (optional,)
    assert cluster.is_reached


def test_a_dead_cluster_does_not_hide_the_others(world: World) -> None:
    world.create("one", "web")
    dead, one = world.fleet("dead", "one").read([Query(SERVICE, world.namespace)]).clusters
    assert [(gap.query, gap.failure.cause) for gap in dead.gaps] == [(None, Cause.REFUSED)]
    assert not dead.is_reached
    assert names(one) == ["web"]


def test_contexts_of_one_cluster_are_one_cluster(world: World) -> None:
    world.create("one", "web")
    (cluster,) = world.fleet("one", "one-again").read([Query(SERVICE, world.namespace)]).clusters
    assert (cluster.context, cluster.aliases, names(cluster)) == ("one", ("one-again",), ["web"])


def test_progress_is_told_once_a_context(world: World) -> None:
    seen: list[str] = []
    world.fleet("one", "two", "dead").read([Query(NAMESPACE)], lambda cluster: seen.append(cluster.context))
    assert sorted(seen) == ["dead", "one", "two"]


# -- writing -----------------------------------------------------------------------------------------------------


def test_a_label_is_set_and_nothing_else_changes(world: World) -> None:
    made = world.create("one", "web")
    (result,) = world.fleet("one").write([step("one", made, scope(None, "global"))])
    assert (result.status, result.failure) == (Status.CHANGED, None)
    found = world.find("one", "web")
    assert found is not None
    assert found.metadata.labels == {"app": "web", SERVICE_SCOPE: "global"}
    assert found.spec == made.spec


def test_an_annotation_is_set_and_a_label_taken_away(world: World) -> None:
    made = world.create("one", "web", {SERVICE_SCOPE: "global"})
    annotation = KeyChange(Section.ANNOTATION, TRAFFIC_DISTRIBUTION, None, "PreferNetwork")
    (result,) = world.fleet("one").write([step("one", made, scope("global", None), annotation)])
    assert result.status is Status.CHANGED
    found = world.find("one", "web")
    assert found is not None
    assert found.metadata.labels == {"app": "web"}
    assert found.metadata.annotation(TRAFFIC_DISTRIBUTION) == "PreferNetwork"


def test_a_step_without_changes_sends_nothing(world: World) -> None:
    made = world.create("one", "web")
    gone = step("one", made)._replace(name="gone")
    assert [result.status for result in world.fleet("one").write([gone])] == [Status.UNCHANGED]


def test_a_dry_run_stores_nothing(world: World) -> None:
    made = world.create("one", "web")
    (result,) = world.fleet("one").write([step("one", made, scope(None, "global"))], dry_run=True)
    assert result.status is Status.WOULD_CHANGE
    assert scope_of(world, "one", "web") is None


def test_somebody_elses_change_of_another_key_is_no_conflict(world: World) -> None:
    made = world.create("one", "web")
    world.label("one", "web", {"team": "blue"})
    (result,) = world.fleet("one").write([step("one", made, scope(None, "global"))])
    assert result.status is Status.CHANGED
    found = world.find("one", "web")
    assert found is not None
    assert found.metadata.labels == {"app": "web", "team": "blue", SERVICE_SCOPE: "global"}


def test_a_value_that_is_there_already_is_success(world: World) -> None:
    made = world.create("one", "web")
    world.label("one", "web", {SERVICE_SCOPE: "global"})
    (result,) = world.fleet("one").write([step("one", made, scope(None, "global"))])
    assert (result.status, result.failure) == (Status.UNCHANGED, None)


def test_somebody_elses_value_is_a_conflict_unless_it_may_be_overwritten(world: World) -> None:
    made = world.create("one", "web")
    world.label("one", "web", {SERVICE_SCOPE: "segment"})
    planned = step("one", made, scope(None, "global"))
    (result,) = world.fleet("one").write([planned])
    assert result.status is Status.CONFLICT
    assert result.failure is not None
    assert result.failure.cause is Cause.CONFLICT
    assert scope_of(world, "one", "web") == "segment"
    (result,) = world.fleet("one").write([planned], overwrite=True)
    assert result.status is Status.CHANGED
    assert scope_of(world, "one", "web") == "global"


def test_an_object_made_anew_is_written_when_its_value_is_as_planned(world: World) -> None:
    made = world.create("one", "web")
    world.delete("one", "web")
    again = world.create("one", "web")
    assert made.metadata.uid != again.metadata.uid
    (result,) = world.fleet("one").write([step("one", made, scope(None, "global"))])
    assert result.status is Status.CHANGED


def test_an_object_that_is_gone_cannot_be_written(world: World) -> None:
    made = world.create("one", "web")
    world.delete("one", "web")
    (result,) = world.fleet("one").write([step("one", made, scope(None, "global"))])
    assert result.status is Status.FAILED
    assert result.failure is not None
    assert result.failure.cause is Cause.NOT_FOUND


def test_results_are_in_the_order_of_the_steps_whatever_fails(world: World) -> None:
    one, two = world.create("one", "web"), world.create("two", "web")
    change = scope(None, "global")
    steps = [step("two", two, change), step("dead", one, change), step("one", one, change), step("two", two)]
    told: list[str] = []
    results = world.fleet("one", "two", "dead").write(steps, on_result=lambda result: told.append(result.step.context))
    assert [result.step for result in results] == steps
    assert [result.status for result in results] == [
        Status.CHANGED,
        Status.FAILED,
        Status.CHANGED,
        Status.UNCHANGED,
    ]
    assert results[1].failure is not None
    assert results[1].failure.cause is Cause.REFUSED
    assert sorted(told) == ["dead", "one", "two", "two"]


# -- watching ----------------------------------------------------------------------------------------------------


def until(events: Iterator[ClusterEvent], holds: Callable[[ClusterEvent], bool]) -> list[ClusterEvent]:
    """Events up to and with the one that holds."""
    seen = []
    for event in events:
        seen.append(event)
        if holds(event):
            return seen
    raise AssertionError(f"the watch ended after {seen}")


def brief(events: list[ClusterEvent]) -> list[tuple[str, str, str]]:
    return [(event.context, event.type, event.object.name if event.object else "") for event in events]


def test_a_watch_tells_what_is_there_then_what_happens(world: World) -> None:
    world.create("one", "web")
    world.create("one", "db")
    events = world.fleet("one").watch([Query(SERVICE, world.namespace)], time.monotonic() + 20)
    first = until(events, lambda event: event.type == "synced")
    assert sorted(brief(first)) == [("one", "added", "db"), ("one", "added", "web"), ("one", "synced", "")]

    world.create("one", "new")
    assert brief([next(events)]) == [("one", "added", "new")]
    world.label("one", "web", {SERVICE_SCOPE: "global"})
    event = next(events)
    assert (event.type, event.kind) == ("modified", SERVICE)
    assert event.object is not None
    assert event.object.metadata.label(SERVICE_SCOPE) == "global"
    world.delete("one", "db")
    assert brief([next(events)]) == [("one", "deleted", "db")]


def test_a_watch_goes_on_where_one_cluster_is_dead(world: World) -> None:
    world.create("two", "web")
    events = world.fleet("dead", "two").watch([Query(SERVICE, world.namespace)], time.monotonic() + 20)
    seen = []
    while {("dead", "lost"), ("two", "synced")} - {(event.context, event.type) for event in seen}:
        seen += [next(events)]
    lost = next(event for event in seen if event.type == "lost")
    assert lost.gap is not None
    assert lost.gap.failure.cause is Cause.REFUSED


def test_a_cluster_is_watched_through_one_of_its_contexts(world: World) -> None:
    world.create("one", "web")
    events = world.fleet("one", "one-again", "two").watch([Query(SERVICE, world.namespace)], time.monotonic() + 20)
    seen = []
    while {("one", "synced"), ("two", "synced")} - {(event.context, event.type) for event in seen}:
        seen += [next(events)]
    world.create("one", "new")
    seen += until(events, lambda event: event.object is not None and event.object.name == "new")
    assert {event.context for event in seen} == {"one", "two"}


def test_a_watch_ends_at_its_deadline(world: World) -> None:
    world.create("one", "web")
    events = list(world.fleet("one").watch([Query(SERVICE, world.namespace)], time.monotonic() + 1))
    assert brief(events) == [("one", "added", "web"), ("one", "synced", "")]


def test_a_watch_that_is_over_before_it_begins_tells_nothing_wrong(world: World) -> None:
    world.create("one", "web")
    events = list(world.fleet("one").watch([Query(SERVICE, world.namespace)], time.monotonic() - 1))
    assert all(event.context == "one" and event.type in ("added", "synced") for event in events)
