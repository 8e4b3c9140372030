"""Laws of views: what is taken over from an earlier view, or asked of few services, is what it would be anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from mesh_strategies import Mesh, judged, meshes, unread, views_of

from meshglobal.domain import kinds
from meshglobal.domain.expectation import expect
from meshglobal.domain.judge import Judge
from meshglobal.domain.kinds import Kind
from meshglobal.domain.labels import USE_WAYPOINT
from meshglobal.domain.names import ISTIO_NAMESPACE, ServiceKey
from meshglobal.domain.objects import Meta, Namespace
from meshglobal.domain.snapshot import ClusterSnapshot
from meshglobal.domain.view import ClusterView, view_of

gaps = st.dictionaries(st.sampled_from(["c1", "c2", "c3"]), st.none() | unread, max_size=1)
INDEXES = (
    "home",
    "services",
    "namespaces",
    "entries",
    "named_entries",
    "peers",
    "flat_entries",
    "slices",
    "waypoints",
    "gateways",
    "signposts",
    "publications",
)


def all_of(view: ClusterView) -> dict[str, Any]:
    """All that a view tells."""
    keys = {*view.services, *view.named_entries, ServiceKey("shop", "a")}
    scopes = {key: (view.scope_of(key), view.why_unclear(key)) for key in keys}
    return {name: getattr(view, name) for name in INDEXES} | {"scopes": scopes}


def mixed(before: ClusterSnapshot, after: ClusterSnapshot, kept: frozenset[Kind]) -> ClusterSnapshot:
    """The later snapshot, with the very objects of the earlier one where a kind did not change."""
    objects = {kind: found for kind, found in after.objects.items() if kind not in kept}
    return replace(after, objects=objects | {kind: before.objects[kind] for kind in kept & before.objects.keys()})


@settings(deadline=None, max_examples=100)  # a busy machine is no reason to fail
@given(st.data(), meshes(), meshes(), gaps)
def test_a_view_made_from_the_one_before_says_what_a_new_one_says(
    data: st.DataObject, mesh: Mesh, other: Mesh, missing: dict[str, frozenset[Kind] | None]
) -> None:
    before, after = views_of(mesh)[0], views_of(other, missing)[0].cluster
    all_of(before)
    kept = data.draw(st.frozensets(st.sampled_from(sorted(before.cluster.objects, key=lambda kind: kind.name))))
    later = mixed(before.cluster, after, kept)
    assert all_of(view_of(later, ISTIO_NAMESPACE, before)) == all_of(view_of(later, ISTIO_NAMESPACE))


@settings(deadline=None)  # a busy machine is no reason to fail
@given(meshes(), gaps)
def test_what_did_not_change_is_not_made_again(mesh: Mesh, missing: dict[str, frozenset[Kind] | None]) -> None:
    for view in views_of(mesh, missing):
        told = all_of(view)
        again = view_of(replace(view.cluster), ISTIO_NAMESPACE, view)
        for name in set(INDEXES) - {"home", "namespaces", "publications"}:
            assert getattr(again, name) is told[name]
        assert again.scopes is view.scopes


@settings(deadline=None)  # a busy machine is no reason to fail
@given(meshes(), gaps, st.sets(st.sampled_from([ServiceKey("shop", name) for name in "abx"])))
def test_of_some_services_the_same_is_said_as_of_all(
    mesh: Mesh, missing: dict[str, frozenset[Kind] | None], keys: set[ServiceKey]
) -> None:
    views = views_of(mesh, missing)
    wanted = [one for one in judged(views) if ServiceKey(one.namespace, one.service) in keys]
    expected = expect(views)
    assert Judge(views, expected, ISTIO_NAMESPACE, keys).verdicts() == wanted
    assert Judge(views, expected, ISTIO_NAMESPACE, sorted(keys) * 2).verdicts() == wanted


def test_a_waypoint_is_seen_though_only_a_namespace_changed() -> None:
    shop = Namespace(metadata=Meta(name="shop"))
    first = ClusterSnapshot("c1", objects={kinds.SERVICE: (), kinds.NAMESPACE: (shop,)})
    before = view_of(first, ISTIO_NAMESPACE)
    assert before.waypoints == frozenset()
    attached = Namespace(metadata=Meta(name="shop", labels={USE_WAYPOINT: "way"}))
    later = replace(first, objects={**first.objects, kinds.NAMESPACE: (attached,)})
    assert view_of(later, ISTIO_NAMESPACE, before).waypoints == {ServiceKey("shop", "way")}
