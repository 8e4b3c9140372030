"""Laws of planning and of the blast radius."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from mesh_strategies import Mesh, meshes_declared, views_of

from meshglobal.domain import kinds
from meshglobal.domain.blast import Blast, blast_radius, patched, view_after
from meshglobal.domain.labels import BY_NAME, SERVICE_SCOPE, SERVICE_TAKEOVER, TRAFFIC_DISTRIBUTION, Section
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Meta, Service
from meshglobal.domain.plan import KeyChange, Step
from meshglobal.domain.planning import (
    Intent,
    clashes_of,
    expose_intent,
    namespace_steps,
    service_steps,
    step_for,
    unexpose_intent,
)
from meshglobal.domain.view import ClusterView

KEYS = (ServiceKey("shop", "a"), ServiceKey("shop", "b"))
exposing = st.builds(
    expose_intent,
    st.sampled_from(["global", "segment"]),
    takeover=st.sampled_from([None, True, False]),
    distribution=st.sampled_from([None, "Any", "PreferClose"]),
)
unexposing = st.builds(unexpose_intent, opt_out=st.booleans(), purge=st.booleans())
intents = exposing | unexposing


def steps_of(views: tuple[ClusterView, ...], intent: Intent, *, is_namespace: bool) -> list[Step]:
    return namespace_steps(views, ["shop"], intent) if is_namespace else service_steps(views, KEYS, intent)


def after(views: tuple[ClusterView, ...], steps: list[Step]) -> tuple[ClusterView, ...]:
    return tuple(view_after(view, steps) for view in views)


def undone(steps: list[Step]) -> list[Step]:
    return [
        step._replace(changes=tuple(KeyChange(c.section, c.key, c.after, c.before) for c in step.changes))
        for step in steps
    ]


@settings(deadline=None)  # a busy machine is no reason to fail
@given(meshes_declared, intents, st.booleans())
def test_a_plan_carried_out_leaves_nothing_to_do(mesh: Mesh, intent: Intent, is_namespace: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
    views = views_of(mesh)
    done = after(views, steps_of(views, intent, is_namespace=is_namespace))
    again = steps_of(done, intent, is_namespace=is_namespace)
    assert all(not step.changes for step in again)
    assert blast_radius(done, again).is_empty
    assert clashes_of(again) == []


@settings(deadline=None)  # a busy machine is no reason to fail
@given(meshes_declared, intents)
def test_steps_touch_our_keys_alone_and_stand_for_each_cluster_once(mesh: Mesh, intent: Intent) -> None:
    views = views_of(mesh)
    steps = service_steps(views, KEYS, intent)
    assert [(step.namespace, step.name, step.context) for step in steps] == [
        (*key, view.context) for key in KEYS for view in views if key in view.services
    ]
    for step in steps:
        assert {change.key for change in step.changes} <= intent.values.keys()
        assert all(change.section is BY_NAME[change.key].section for change in step.changes)
        assert all(change.before != change.after for change in step.changes)


@settings(deadline=None)  # a busy machine is no reason to fail
@given(meshes_declared)
def test_no_step_no_blast(mesh: Mesh) -> None:
    blast = blast_radius(views_of(mesh), [])
    assert blast.is_empty
    assert blast == Blast({}, {}, (), {}, {}, {})


@settings(deadline=None)  # a busy machine is no reason to fail
@given(meshes_declared, intents, st.booleans())
def test_taking_a_change_back_mirrors_its_blast(mesh: Mesh, intent: Intent, is_namespace: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
    views = views_of(mesh)
    steps = steps_of(views, intent, is_namespace=is_namespace)
    there, back = blast_radius(views, steps), blast_radius(after(views, steps), undone(steps))
    assert there.starts == back.stops
    assert there.stops == back.starts


@settings(deadline=None)  # a busy machine is no reason to fail
@given(meshes_declared)
def test_what_unexpose_stops_is_what_expose_started(mesh: Mesh) -> None:
    views = after(views_of(mesh), service_steps(views_of(mesh), KEYS, unexpose_intent(opt_out=True, purge=True)))
    steps = service_steps(views, KEYS, expose_intent("global", takeover=True, distribution="Any"))
    exposed = after(views, steps)
    there, back = (
        blast_radius(views, steps),
        blast_radius(exposed, service_steps(exposed, KEYS, unexpose_intent(opt_out=True))),
    )
    assert there.starts == back.stops == there.taken_over
    assert set(there.merges) <= set(back.vanishes)
    assert not back.starts
    assert not back.merges
    assert not back.taken_over


@settings(deadline=None)  # a busy machine is no reason to fail
@given(meshes_declared, intents)
def test_a_value_that_is_replaced_is_a_clash_and_one_taken_away_is_none(mesh: Mesh, intent: Intent) -> None:
    steps = service_steps(views_of(mesh), KEYS, intent)
    for clash in clashes_of(steps):
        assert clash.change.before is not None
        assert clash.change.after == intent.values[clash.change.key]
    if all(value is None for value in intent.values.values()):
        assert clashes_of(steps) == []


def test_takeover_and_distribution_are_left_alone_unless_asked_for() -> None:
    assert expose_intent("global", takeover=None, distribution=None).values == {SERVICE_SCOPE: "global"}
    assert expose_intent("global", takeover=False, distribution="Any").values == {
        SERVICE_SCOPE: "global",
        SERVICE_TAKEOVER: None,
        TRAFFIC_DISTRIBUTION: "Any",
    }
    assert unexpose_intent().values == {SERVICE_SCOPE: None, SERVICE_TAKEOVER: None}
    assert unexpose_intent(opt_out=True, purge=True).values == {
        SERVICE_SCOPE: "cluster",
        SERVICE_TAKEOVER: None,
        TRAFFIC_DISTRIBUTION: None,
    }


def test_a_step_is_guarded_by_what_was_read_and_leaves_other_keys() -> None:
    meta = Meta(
        name="a", namespace="shop", uid="u", resource_version="7", labels={"app": "a", SERVICE_SCOPE: "segment"}
    )
    service = Service(metadata=meta)
    step = step_for("c1", kinds.SERVICE, service, expose_intent("global", takeover=True, distribution="Any"))
    assert (step.uid, step.resource_version) == ("u", "7")
    assert step.changes == (
        KeyChange(Section.LABEL, SERVICE_SCOPE, "segment", "global"),
        KeyChange(Section.LABEL, SERVICE_TAKEOVER, None, "true"),
        KeyChange(Section.ANNOTATION, TRAFFIC_DISTRIBUTION, None, "Any"),
    )
    assert [str(clash) for clash in clashes_of([step])] == [
        "c1: service/a: 'solo.io/service-scope' already has a value (segment)"
    ]
    after_it = patched(service, step).metadata
    assert after_it.labels == {"app": "a", SERVICE_SCOPE: "global", SERVICE_TAKEOVER: "true"}
    assert after_it.annotations == {TRAFFIC_DISTRIBUTION: "Any"}
    assert service.metadata.labels == {"app": "a", SERVICE_SCOPE: "segment"}
