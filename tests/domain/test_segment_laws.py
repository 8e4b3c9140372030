"""Laws of segments: the emulated control plane and the expectation agree, and plans foretell what comes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from mesh_strategies import Mesh
from segment_meshes import done, intents, meshes, settled_hosts, views_of

from meshglobal.domain.expectation import Visibility, expect
from meshglobal.domain.names import ISTIO_NAMESPACE
from meshglobal.domain.segment_plan import HostAt, plan_segments

visibilities = st.sampled_from(Visibility)
Hosts = dict[str, set[str]]


def by_context(hosts: tuple[HostAt, ...], contexts: Hosts) -> Hosts:
    found: Hosts = {context: set() for context in contexts}
    for one in hosts:
        found[one.context].add(one.host)
    return found


def without(one: Hosts, other: Hosts) -> Hosts:
    return {context: one[context] - other[context] for context in one}


@settings(deadline=None, max_examples=60)  # a busy machine is no reason to fail
@given(meshes(), visibilities)
def test_what_settles_is_what_is_expected(mesh: Mesh, visibility: Visibility) -> None:
    expected = expect(views_of(mesh), visibility).entries
    assert {context: set(entries) for context, entries in expected.items()} == settled_hosts(mesh, visibility)


@settings(deadline=None, max_examples=60)  # a busy machine is no reason to fail
@given(st.data(), meshes(), visibilities)
def test_a_plan_foretells_exactly_the_hosts_that_come_and_go(
    data: st.DataObject, mesh: Mesh, visibility: Visibility
) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        intent = data.draw(intents(mesh))
        plan = plan_segments(views_of(mesh), intent, ISTIO_NAMESPACE, visibility)
        after = done(mesh, intent)
        was, becomes = settled_hosts(mesh, visibility), settled_hosts(after, visibility)
        assert by_context(plan.vanishes, was) == without(was, becomes)
        assert by_context(plan.appears, was) == without(becomes, was)
        mesh = after


@settings(deadline=None, max_examples=40)  # a busy machine is no reason to fail
@given(st.data(), meshes())
def test_what_was_done_once_changes_nothing_more(data: st.DataObject, mesh: Mesh) -> None:
    intent = data.draw(intents(mesh))
    again = plan_segments(views_of(done(mesh, intent)), intent, ISTIO_NAMESPACE)
    assert again.is_empty
