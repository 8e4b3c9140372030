"""Laws of verdicts and remarks: order does not matter, and what was not read never turns into a claim."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from mesh_strategies import CONTEXTS, Mesh, judged, meshes, meshes_declared, unread, views_of, with_entries
from remarks import remarks_on

from meshglobal.app.picture import MeshSettings, Picture
from meshglobal.domain import kinds
from meshglobal.domain.expectation import Visibility, expect
from meshglobal.domain.kinds import Kind
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.snapshot import MeshSnapshot
from meshglobal.domain.verdict import State, Verdict
from meshglobal.domain.view import ClusterView
from meshglobal.sandbox.controlplane.switches import Switches

visibilities = st.sampled_from(Visibility)
Identity = tuple[str, str, str | None, tuple[str, ...]]


def identity(verdict: Verdict) -> Identity:
    """What a verdict is about: its host, or the entry where none is expected."""
    is_about_entry = verdict.host is None and verdict.state is not State.MISSING
    found = tuple(sorted(verdict.found_hosts)) if is_about_entry else ()
    return verdict.context, verdict.service, verdict.host, found


def told(verdict: Verdict) -> tuple[object, ...]:
    peers = frozenset(verdict.publishers), frozenset(verdict.missing_peers)
    return *identity(verdict), verdict.state, tuple(sorted(verdict.found_hosts)), *peers


def remarks(views: tuple[ClusterView, ...]) -> set[tuple[object, ...]]:
    keys = sorted({key for view in views for key in view.services})
    picture = Picture(MeshSnapshot(tuple(view.cluster for view in views)), views, expect(views), MeshSettings())
    return {
        (note.rule, note.namespace, note.service, frozenset((note.context or "").split(", ")))
        for note in remarks_on(picture, keys)
    }


@settings(deadline=None)  # a busy machine is no reason to fail
@given(meshes(), visibilities, st.randoms(use_true_random=False), st.dictionaries(st.sampled_from(CONTEXTS), unread))
def test_order_of_clusters_and_objects_does_not_matter(
    mesh: Mesh, visibility: Visibility, random: Random, gaps: dict[str, frozenset[Kind] | None]
) -> None:
    shuffled = {
        context: random.sample(mesh[context], len(mesh[context])) for context in random.sample(list(mesh), len(mesh))
    }
    views, others = views_of(mesh, gaps), views_of(shuffled, gaps)
    # Counted, not sorted by their text: a set's text depends on the order in which it was filled.
    assert Counter(map(told, judged(views, visibility))) == Counter(map(told, judged(others, visibility)))
    assert remarks(views) == remarks(others)


@settings(deadline=None)  # a busy machine is no reason to fail
@given(meshes(), visibilities)
def test_each_host_is_judged_once_in_each_cluster(mesh: Mesh, visibility: Visibility) -> None:
    hosts = [(one.context, one.host) for one in judged(views_of(mesh), visibility) if one.host is not None]
    assert len(hosts) == len(set(hosts))


# What a definite verdict may have been when everything was read. A host without its entry is Missing or, where an
# entry of the right name has a host that nobody is seen to publish, Drift: both are errors, both say it is not there.
BEFORE = {
    State.READY: {State.READY, State.PARTIAL},
    State.PARTIAL: {State.PARTIAL},
    State.MISSING: {State.MISSING, State.DRIFT},
    State.DRIFT: {State.DRIFT, State.MISSING},
    State.STALE: {State.STALE},
}


def check_gaps_only_blur(full: list[Verdict], gapped: list[Verdict], lost: set[str]) -> None:
    before = {identity(verdict): verdict for verdict in full}
    for verdict in gapped:
        if verdict.state is State.UNKNOWN:
            continue
        known = before.get(identity(verdict))
        assert known is not None, f"out of nothing: {verdict}"
        assert known.state in BEFORE[verdict.state], f"{known} became {verdict}"
        if known.state is State.PARTIAL and verdict.state is State.READY:
            # Only a publisher that cannot be seen any more was missed.
            assert known.missing_peers
            assert not set(known.missing_peers) & set(verdict.publishers)
            assert set(known.missing_peers) <= lost - {verdict.context}


@settings(max_examples=300, deadline=None)
@given(meshes(), visibilities, st.dictionaries(st.sampled_from(CONTEXTS), st.none() | unread, min_size=1))
def test_a_gap_turns_a_verdict_into_unknown_or_leaves_it(
    mesh: Mesh, visibility: Visibility, gaps: dict[str, frozenset[Kind] | None]
) -> None:
    full, gapped = judged(views_of(mesh), visibility), judged(views_of(mesh, gaps), visibility)
    check_gaps_only_blur(full, gapped, set(gaps))


@settings(deadline=None)  # a busy machine is no reason to fail
@given(meshes(), visibilities, st.dictionaries(st.sampled_from(CONTEXTS), st.none() | unread, min_size=1))
def test_nothing_is_claimed_about_what_was_not_read(
    mesh: Mesh, visibility: Visibility, gaps: dict[str, frozenset[Kind] | None]
) -> None:
    for verdict in judged(views_of(mesh, gaps), visibility):
        missing = gaps.get(verdict.context, frozenset())
        if missing is None or kinds.SERVICE_ENTRY in missing:
            assert verdict.state is State.UNKNOWN or verdict.host is None
            assert verdict.state is not State.STALE
        if missing is not None and kinds.WORKLOAD_ENTRY in missing and verdict.state is State.READY:
            assert verdict.publishers == (verdict.context,)
        if missing is not None and kinds.SERVICE in missing:
            assert (
                verdict.state not in {State.READY, State.PARTIAL}
                or "another segment" in verdict.reason
                or verdict.missing_peers
            )


@settings(deadline=None)  # a busy machine is no reason to fail
@given(meshes(), visibilities)
def test_an_unread_cluster_more_brings_no_new_error(mesh: Mesh, visibility: Visibility) -> None:
    before = judged(views_of(mesh), visibility)
    after = judged(views_of({**mesh, "c9": []}, {"c9": None}), visibility)
    definite = {State.MISSING, State.STALE, State.DRIFT}
    known = {(identity(verdict), verdict.state) for verdict in before}
    assert {(identity(verdict), verdict.state) for verdict in after if verdict.state in definite} <= known
    assert all(verdict.state is State.UNKNOWN for verdict in after if verdict.context == "c9")


@settings(deadline=None)  # a busy machine is no reason to fail
@given(meshes_declared, st.sampled_from(["visible", "hidden"]), st.sampled_from(["segment", "short"]))
def test_what_the_emulated_control_plane_writes_is_as_expected(mesh: Mesh, across: str, names: str) -> None:
    switches = Switches(peering="all", peer_segment="borrowed", across_segments=across, entry_names=names)
    visibility = Visibility.MESH if across == "visible" else Visibility.SEGMENT
    for verdict in judged(views_of(with_entries(mesh, switches)), visibility):
        if "R7" in verdict.reason:
            continue
        unaggregated = "not aggregated" in verdict.reason
        assert verdict.state is State.READY or (verdict.state is State.PARTIAL and unaggregated), verdict


@settings(deadline=None)  # a busy machine is no reason to fail
@given(meshes_declared)
def test_without_entries_every_expected_host_is_missing(mesh: Mesh) -> None:
    verdicts = judged(views_of(mesh))
    assert {verdict.state for verdict in verdicts} <= {State.MISSING}
    published = {key for view in views_of(mesh) for key in view.services if view.scope_of(key).is_published}
    assert {ServiceKey(verdict.namespace, verdict.service) for verdict in verdicts} == published
