"""The older scope ``global-only`` is global with takeover (R5): told, left alone, and replaced without a loss."""

from __future__ import annotations

import pytest
from ran import Meshglobal
from served_mesh import ServedMesh

HERE = ("-n", "bookinfo", "--context", "cluster1,cluster2")
SCOPE, TAKEOVER = "solo.io/service-scope", "solo.io/service-takeover"


@pytest.fixture
def legacy(mesh: ServedMesh) -> ServedMesh:
    """A mesh whose first cluster has the older label on reviews."""

    def label() -> None:
        client = mesh.clusters["cluster1"].client()
        service = client.get("services", "bookinfo", "reviews")
        assert service is not None
        metadata = service["metadata"]
        changed = metadata | {"labels": (metadata.get("labels") or {}) | {SCOPE: "global-only"}}
        client.replace("services", service | {"metadata": changed})

    mesh.call(label)
    return mesh


def labels(mesh: ServedMesh, cluster: str) -> dict[str, str]:
    found: dict[str, str] = mesh.get(cluster, "services", "bookinfo", "reviews")["metadata"]["labels"]
    return {key: value for key, value in found.items() if key in (SCOPE, TAKEOVER)}


def test_it_is_told_and_left_alone(legacy: ServedMesh, meshglobal: Meshglobal) -> None:
    ran = meshglobal("expose", "svc", "reviews", *HERE)
    assert ran.code == 0, ran.err
    assert "cluster1: service/reviews not labeled (unchanged)" in ran.out
    assert "older spelling" in ran.err
    assert (labels(legacy, "cluster1"), labels(legacy, "cluster2")) == ({SCOPE: "global-only"}, {SCOPE: "global"})


def test_the_newer_spelling_keeps_the_takeover(legacy: ServedMesh, meshglobal: Meshglobal) -> None:
    ran = meshglobal("expose", "svc", "reviews", *HERE, "--overwrite")
    assert ran.code == 0, ran.err
    assert labels(legacy, "cluster1") == {SCOPE: "global", TAKEOVER: "true"}


def test_taking_the_takeover_away_must_be_asked_for(legacy: ServedMesh, meshglobal: Meshglobal) -> None:
    assert meshglobal("expose", "svc", "reviews", *HERE, "--no-takeover").code == 4
    ran = meshglobal("expose", "svc", "reviews", *HERE, "--no-takeover", "--overwrite")
    assert ran.code == 0, ran.err
    assert labels(legacy, "cluster1") == {SCOPE: "global"}


def test_a_cluster_without_the_service_is_told_from_a_name_that_is_nowhere(
    mesh: ServedMesh, meshglobal: Meshglobal
) -> None:
    mesh.call(lambda: mesh.clusters["cluster3"].client().delete("services", "bookinfo", "reviews"))
    assert meshglobal("expose", "svc", "reviews", *HERE).code == 0
    ran = meshglobal("expose", "svc", "reviews", "-n", "bookinfo", "--context", "cluster3")
    assert (ran.code, "generated for other clusters" in ran.err) == (1, True)
    ran = meshglobal("expose", "svc", "-l", "app=nope", *HERE)
    assert (ran.code, "no services match 'app=nope' in bookinfo namespace" in ran.err) == (1, True)
