"""`call --host`: hosts of other segments, and the ordinary name, from callers in two segments (R6, R10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ran import Meshglobal, Ran
from served_mesh import served_mesh

from meshglobal.domain.labels import SEGMENT, SERVICE_SCOPE
from tests.sandbox.dataplane.calling import SERVICES, Calling

SEGMENTS = {"cluster1": "dev", "cluster2": "prod"}
DEV, PROD, LOCAL = (f"in-ambient.httpbin.{each}" for each in ("dev.mesh", "prod.mesh", "svc.cluster.local"))


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calling]:
    with served_mesh(tmp_path_factory.mktemp("mesh"), 2, "httpbin-segments", has_traffic=True) as served:
        found = Calling(served, "httpbin")
        for cluster, segment in SEGMENTS.items():
            found.mark(cluster, "namespaces", "istio-system", "", labels={SEGMENT: segment})
        yield found


@pytest.fixture
def call(mesh: Calling, meshglobal: Meshglobal) -> Meshglobal:
    """Calls in-ambient, ten times from both clusters unless told otherwise."""
    path = str(mesh.mesh.kubeconfig)

    def run(*words: str) -> Ran:
        chosen = () if "--context" in words else ("--context", "cluster1,cluster2")
        named = ("call", "svc", "in-ambient", "-n", "httpbin", "--path", "/get", "--kubeconfig", path)
        return meshglobal(*named, "--count", "10", "-o", "json", *chosen, *words)

    return run


def publish(mesh: Calling, scope: str) -> None:
    for cluster in SEGMENTS:
        mesh.mark(cluster, SERVICES, "in-ambient", labels={SERVICE_SCOPE: scope})


def served(ran: Ran) -> dict[str, dict[str, int]]:
    """By the caller's cluster, who answered how often, or how it failed."""
    return {one["context"]: came_of(one["figures"]) for one in ran.document["calls"]}


def came_of(figures: dict[str, Any]) -> dict[str, int]:
    return {one["context"]: one["count"] for one in figures["servedBy"]} | {
        one["kind"]: one["count"] for one in figures["failed"]
    }


def messages(ran: Ran) -> list[str]:
    return [f"{one['code']} {one['message']}" for one in ran.document["findings"]]


def test_unless_told_each_calls_the_host_of_its_own_segment(mesh: Calling, call: Meshglobal) -> None:
    publish(mesh, "global")
    ran = call()
    assert [one["host"] for one in ran.document["calls"]] == [DEV, PROD]
    assert (ran.code, served(ran)) == (0, {"cluster1": {"cluster1": 10}, "cluster2": {"cluster2": 10}})


def test_the_host_of_another_segment_is_answered_there(mesh: Calling, call: Meshglobal) -> None:
    publish(mesh, "global")
    ran = call("--host", PROD, "--remote-only")
    assert served(ran) == {"cluster1": {"cluster2": 10}, "cluster2": {"cluster2": 10}}
    assert [one["remote"]["shown"] for one in ran.document["calls"]] == ["yes", "unknown"]


def test_scope_segment_refuses_it_and_the_reason_is_told(mesh: Calling, call: Meshglobal) -> None:
    publish(mesh, "segment")
    ran = call("--host", PROD)
    assert (ran.code, served(ran)) == (1, {"cluster1": {"not-resolved": 10}, "cluster2": {"cluster2": 10}})
    (why,) = messages(ran)
    assert why.startswith(f"MG501 {PROD}:8000 is not resolved (10 of 10 calls): ")
    assert why.endswith("it is the host of cluster2, whose scope segment does not reach the segment of cluster1 (R10)")
    (finding,) = ran.document["findings"]
    words = finding["remedy"].split()
    assert words[-2:] == ["--host", DEV]
    assert call(*words[words.index("--context") :]).code == 0


def test_of_clusters_that_were_not_read_nothing_is_claimed(mesh: Calling, call: Meshglobal) -> None:
    publish(mesh, "segment")
    (why,) = messages(call("--host", PROD, "--context", "cluster1"))
    assert why.endswith(": no entry for it is in cluster1, and no cluster that was read publishes the service under it")


def test_the_host_that_a_segment_has_replaced_is_gone(mesh: Calling, call: Meshglobal) -> None:
    publish(mesh, "global")
    ran = call("--host", "in-ambient.httpbin.mesh.internal")
    assert (ran.code, served(ran)) == (1, {each: {"not-resolved": 10} for each in SEGMENTS})
    assert len(messages(ran)) == 2


def test_the_ordinary_name_stays_in_the_cluster(mesh: Calling, call: Meshglobal) -> None:
    publish(mesh, "global")
    ran = call("--host", LOCAL.upper())
    assert (ran.code, served(ran)) == (0, {"cluster1": {"cluster1": 10}, "cluster2": {"cluster2": 10}})
