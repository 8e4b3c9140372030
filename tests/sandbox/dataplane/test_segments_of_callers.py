"""Requests in segments, in four clusters through real Envoys: who resolves which host, and who answers (R6 to R10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from calling import SERVICES, Calling
from served_mesh import served_mesh

from meshglobal.domain.labels import SEGMENT, SERVICE_SCOPE, SERVICE_TAKEOVER, TRAFFIC_DISTRIBUTION
from meshglobal.sandbox.dataplane.answers import NotResolved

ALL = ONE, TWO, THREE, FOUR = tuple(f"cluster{number}" for number in range(1, 5))
DEFAULT, DEV, PROD, STAGE = "mesh.internal", "dev.mesh", "prod.mesh", "stage.mesh"
HALVES = {ONE: "dev", TWO: "dev", THREE: "prod", FOUR: "prod"}
SEGMENTS = "segments.admin.solo.io"
LOCAL = "http://in-ambient:8000/get"


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calling]:
    with served_mesh(tmp_path_factory.mktemp("mesh"), 4, "httpbin-segments", has_traffic=True) as served:
        yield Calling(served, "httpbin")


@pytest.fixture
def segmented(mesh: Calling) -> Iterator[Calling]:
    """Two clusters in each segment, and the service global in all, every copy as good as another."""
    publish(mesh, dict.fromkeys(ALL, "global"))
    place(mesh, HALVES)
    yield mesh
    place(mesh, dict.fromkeys(ALL))
    publish(mesh, dict.fromkeys(ALL))


def place(mesh: Calling, segments: Mapping[str, str | None]) -> None:
    """Let clusters join segments, or leave theirs with None."""
    for cluster, segment in segments.items():
        mesh.mark(cluster, "namespaces", "istio-system", "", labels={SEGMENT: segment})


def publish(mesh: Calling, scopes: Mapping[str, str | None], takeover: str | None = None) -> None:
    for cluster, scope in scopes.items():
        labels = {SERVICE_SCOPE: scope, SERVICE_TAKEOVER: takeover}
        mode = {TRAFFIC_DISTRIBUTION: "Any" if scope else None}
        mesh.mark(cluster, SERVICES, "in-ambient", labels=labels, annotations=mode)


def answering(mesh: Calling, cluster: str, domain: str) -> set[str]:
    """Who answers callers of a cluster under the host of a domain; nobody where the name does not resolve."""
    host = f"in-ambient.httpbin.{domain}"
    caller = mesh.pod(cluster, "client-in-ambient")
    if isinstance(mesh.resolve(caller, host, 8000), NotResolved):
        assert mesh.get(caller, f"http://{host}:8000/get") == NotResolved(host)
        return set()
    return set(mesh.served_by(caller, f"http://{host}:8000/get", 50))


def reached(mesh: Calling, cluster: str) -> dict[str, set[str]]:
    """By domain, who answers callers of a cluster; domains whose host does not resolve are left out."""
    found = {domain: answering(mesh, cluster, domain) for domain in (DEFAULT, DEV, PROD, STAGE)}
    return {domain: clusters for domain, clusters in found.items() if clusters}


@contextmanager
def segment(mesh: Calling, domain: str | None, *clusters: str) -> Iterator[None]:
    """Let the Segment dev have another domain in clusters, or be missing there with None; then as before."""
    before = {each: mesh.mesh.get(each, SEGMENTS, "istio-system", "dev") for each in clusters}
    for each in clusters:
        if domain is None:
            mesh.mesh.call(partial(mesh.client(each).delete, SEGMENTS, "istio-system", "dev"))
        else:
            mesh.change(each, SEGMENTS, "dev", lambda obj: obj | {"spec": {"domain": domain}}, "istio-system")
    mesh.settle()
    try:
        yield
    finally:
        for each, obj in before.items():
            put_back(mesh, each, obj["spec"], is_missing=domain is None)


def put_back(mesh: Calling, cluster: str, spec: dict[str, Any], *, is_missing: bool) -> None:
    if not is_missing:
        mesh.change(cluster, SEGMENTS, "dev", lambda now: now | {"spec": spec}, "istio-system")
        return
    fresh = {"metadata": {"name": "dev", "namespace": "istio-system"}, "spec": spec}
    mesh.mesh.call(lambda: mesh.client(cluster).create(SEGMENTS, fresh))
    mesh.settle()


def test_without_a_segment_all_clusters_stand_behind_one_host(mesh: Calling) -> None:
    publish(mesh, dict.fromkeys(ALL, "global"))
    for cluster in (ONE, FOUR):
        assert reached(mesh, cluster) == {DEFAULT: set(ALL)}
    publish(mesh, dict.fromkeys(ALL))
    assert reached(mesh, ONE) == {}


def test_global_reaches_all_segments_and_each_host_has_its_segments_answers_alone(segmented: Calling) -> None:
    for cluster in ALL:
        assert reached(segmented, cluster) == {DEV: {ONE, TWO}, PROD: {THREE, FOUR}}


def test_segment_scope_keeps_callers_of_other_segments_out(segmented: Calling) -> None:
    publish(segmented, dict.fromkeys(ALL, "segment"))
    for cluster in (ONE, TWO):
        assert reached(segmented, cluster) == {DEV: {ONE, TWO}}
    for cluster in (THREE, FOUR):
        assert reached(segmented, cluster) == {PROD: {THREE, FOUR}}


def test_of_a_segment_that_others_reach_only_the_clusters_of_scope_global_answer_them(segmented: Calling) -> None:
    publish(segmented, {ONE: "segment", TWO: "global", THREE: "segment", FOUR: "segment"})
    assert reached(segmented, ONE) == {DEV: {ONE, TWO}}
    assert reached(segmented, THREE) == {DEV: {TWO}, PROD: {THREE, FOUR}}


def test_callers_follow_clusters_that_join_and_leave(segmented: Calling) -> None:
    place(segmented, {TWO: "prod"})
    for cluster in (ONE, TWO, THREE):
        assert reached(segmented, cluster) == {DEV: {ONE}, PROD: {TWO, THREE, FOUR}}
    place(segmented, {TWO: None})
    for cluster in (ONE, TWO, THREE):
        assert reached(segmented, cluster) == {DEV: {ONE}, DEFAULT: {TWO}, PROD: {THREE, FOUR}}
    place(segmented, {ONE: None})
    assert reached(segmented, THREE) == {DEFAULT: {ONE, TWO}, PROD: {THREE, FOUR}}, "no own host of dev is left"


def test_a_renamed_domain_takes_the_host_along(segmented: Calling) -> None:
    with segment(segmented, STAGE, *ALL):
        for cluster in (ONE, FOUR):
            assert reached(segmented, cluster) == {STAGE: {ONE, TWO}, PROD: {THREE, FOUR}}
    assert reached(segmented, FOUR) == {DEV: {ONE, TWO}, PROD: {THREE, FOUR}}


def test_a_cluster_that_lacks_a_segment_does_not_know_its_hosts(segmented: Calling) -> None:
    with segment(segmented, None, THREE):
        assert reached(segmented, THREE) == {PROD: {THREE, FOUR}}
        assert reached(segmented, FOUR) == {DEV: {ONE, TWO}, PROD: {THREE, FOUR}}
    with segment(segmented, None, ONE):
        assert reached(segmented, ONE) == {PROD: {THREE, FOUR}}, "it is in a segment that it does not know (R7)"
        assert reached(segmented, TWO) == {DEV: {TWO}, PROD: {THREE, FOUR}}


def test_takeover_leads_the_ordinary_name_to_the_own_segment_alone(segmented: Calling) -> None:
    publish(segmented, dict.fromkeys(ALL, "global"), takeover="true")
    for cluster, others in ((ONE, {ONE, TWO}), (FOUR, {THREE, FOUR})):
        caller = segmented.pod(cluster, "client-in-ambient")
        assert set(segmented.served_by(caller, LOCAL, 30)) == others


def test_the_other_cluster_of_the_segment_serves_where_the_own_copy_is_gone(segmented: Calling) -> None:
    segmented.scale(ONE, "in-ambient", 0)
    try:
        assert answering(segmented, ONE, DEV) == {TWO}
        assert answering(segmented, FOUR, DEV) == {TWO}
    finally:
        segmented.scale(ONE, "in-ambient", 1)


@pytest.mark.parametrize(
    "answers",
    [
        ("peer-entry-names=segment",),
        ("entry-names=short", "peer-entry-names=segment"),
        ("across-segments=hidden", "peer-entry-names=segment"),
    ],
)
def test_however_entries_are_named_the_same_clusters_answer(
    tmp_path_factory: pytest.TempPathFactory, answers: tuple[str, ...]
) -> None:
    """R8, R10, R19"""
    folder = tmp_path_factory.mktemp("mesh")
    with served_mesh(folder, 3, "httpbin-segments", has_traffic=True, switches=answers) as served:
        mesh = Calling(served, "httpbin")
        publish(mesh, dict.fromkeys((ONE, TWO, THREE), "global"))
        place(mesh, {ONE: "dev", TWO: "dev", THREE: "prod"})
        own, other = {DEV: {ONE, TWO}}, {PROD: {THREE}}
        is_hidden = "across-segments=hidden" in answers
        assert reached(mesh, ONE) == (own if is_hidden else own | other)
        assert reached(mesh, THREE) == (other if is_hidden else own | other)
