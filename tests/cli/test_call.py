"""`call` against a mesh with traffic: through real API servers, WebSockets and Envoys, as a user runs it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from ran import Meshglobal, Ran
from served_mesh import served_mesh

from meshglobal.sandbox.containers import programs
from meshglobal.sandbox.containers.process import Process
from meshglobal.sandbox.containers.runtime import Containers
from tests.sandbox.dataplane.calling import Calling, until

BOTH = ("cluster1", "cluster2")
PAGE = ("--path", "/productpage")
LEVEL = "pod-security.kubernetes.io/enforce"


@pytest.fixture(scope="module")
def _mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calling]:
    with served_mesh(tmp_path_factory.mktemp("mesh"), has_traffic=True) as mesh:
        yield Calling(mesh, "bookinfo")


@pytest.fixture
def bookinfo(_mesh: Calling) -> Iterator[Calling]:
    """The scenario's mesh, in which productpage is global in both clusters."""
    _mesh.publish("productpage", *BOTH)
    yield _mesh
    for cluster in BOTH:
        _mesh.withdraw("productpage", cluster)
        _mesh.scale(cluster, "productpage-v1", 1)


@pytest.fixture
def call(bookinfo: Calling, meshglobal: Meshglobal) -> Meshglobal:
    """Calls productpage; from cluster1 unless contexts are named."""
    path = str(bookinfo.mesh.kubeconfig)

    def run(*words: str) -> Ran:
        chosen = () if "--context" in words else ("--context", "cluster1")
        return meshglobal("call", "svc", "productpage", "-n", "bookinfo", "--kubeconfig", path, *chosen, *words)

    return run


def calls(ran: Ran) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ran.document["calls"]
    return found


def served(ran: Ran, place: int = 0) -> dict[str, int]:
    """Which cluster answered how often."""
    return {one["context"]: one["count"] for one in calls(ran)[place]["figures"]["servedBy"]}


def codes(ran: Ran) -> list[str]:
    return [one["code"] for one in ran.document["findings"]]


def pods(bookinfo: Calling, cluster: str = "cluster1") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bookinfo.mesh.call(lambda: bookinfo.client(cluster).list("pods", "bookinfo"))
    return found


def names_of_pods(bookinfo: Calling) -> set[str]:
    return {one["metadata"]["name"] for one in pods(bookinfo)}


def test_a_single_call_prints_the_answer_as_curl_does(call: Meshglobal) -> None:
    ran = call(*PAGE)
    assert ran.code == 0, ran.err
    head, _, body = ran.out.partition("\n\n" if "\r" not in ran.out else "\r\n\r\n")
    assert head.startswith("HTTP/1.1 200 OK")
    assert "x-served-by-cluster: cluster1" in head
    assert "<title>Simple Bookstore App</title>" in body
    assert ran.err.startswith("cluster1: from pod bookinfo/details-v1-")
    assert ran.err.endswith(", answered by cluster1\n")


def test_any_splits_the_calls_and_prefer_network_sends_none_away(bookinfo: Calling, call: Meshglobal) -> None:
    near = call(*PAGE, "--count", "20", "-o", "json")
    assert served(near) == {"cluster1": 20}
    bookinfo.publish("productpage", *BOTH, mode="Any")
    ran = call(*PAGE, "--count", "200", "-o", "json")
    split = served(ran)
    assert sum(split.values()) == 200
    # One in a million fair splits is further away than 4.9 standard deviations, which are 7.07 calls.
    assert abs(split["cluster1"] - 100) <= 35, split
    assert calls(ran)[0]["figures"]["connections"] == 200


def test_each_selected_cluster_calls(call: Meshglobal) -> None:
    ran = call(*PAGE, "--context", "cluster1,cluster2", "--count", "3", "-o", "json")
    assert ran.code == 0, ran.err
    assert [one["context"] for one in calls(ran)] == ["cluster1", "cluster2"]
    assert [served(ran, place) for place in (0, 1)] == [{"cluster1": 3}, {"cluster2": 3}]
    table = call(*PAGE, "--context", "cluster1,cluster2").out.splitlines()
    assert table[0] == "GET http://productpage.bookinfo.mesh.internal:9080/productpage"
    assert [line.split()[0] for line in table[1:]] == ["CONTEXT", "cluster1", "cluster2"]


def test_a_host_that_nobody_publishes_is_not_resolved(bookinfo: Calling, call: Meshglobal) -> None:
    bookinfo.withdraw("productpage", *BOTH)
    ran = call(*PAGE, "--context", "cluster1,cluster2", "-o", "json")
    assert ran.code == 1
    assert codes(ran) == ["MG501", "MG501"]
    assert "no cluster publishes the service" in ran.document["findings"][0]["message"]
    assert calls(ran)[0]["figures"]["failed"][0]["kind"] == "not-resolved"


def test_a_caller_outside_the_mesh_does_not_resolve_it(bookinfo: Calling, call: Meshglobal) -> None:
    name = bookinfo.pod("cluster1", "ratings").pod
    bookinfo.mark("cluster1", "pods", name, labels={"istio.io/dataplane-mode": "none"})
    try:
        ran = call(*PAGE, "--from", f"pod/{name}")
        chosen = call(*PAGE, "--from", "app in (ratings)", "-o", "json")
        other = call(*PAGE, "-o", "name")
    finally:
        bookinfo.mark("cluster1", "pods", name, labels={"istio.io/dataplane-mode": None})
    assert ran.code == 1
    assert f"the caller bookinfo/{name} is not in the mesh (R37)" in ran.err
    assert f"the caller, pod bookinfo/{name}, is not in the mesh [MG501]" in ran.err
    assert "next: kubectl --context cluster1 label namespace bookinfo istio.io/dataplane-mode=ambient" in ran.err
    assert (chosen.code, codes(chosen)) == (1, ["MG501"])
    assert (other.code, name in other.out) == (0, False)


def test_a_pod_of_another_namespace_can_call(bookinfo: Calling, call: Meshglobal) -> None:
    client = bookinfo.client("cluster1")
    labels = {"istio.io/dataplane-mode": "ambient"}
    made = {
        "metadata": {"name": "caller", "namespace": "callers"},
        "spec": {"containers": [{"name": "a", "image": "b"}]},
    }

    def is_ready() -> bool:
        found = bookinfo.mesh.call(lambda: client.get("pods", "callers", "caller")) or {}
        return any(one["type"] == "Ready" and one["status"] == "True" for one in found["status"].get("conditions", ()))

    bookinfo.mesh.call(lambda: client.create("namespaces", {"metadata": {"name": "callers", "labels": labels}}))
    bookinfo.mesh.call(lambda: client.create("pods", made))
    until(is_ready, "the caller is ready")
    bookinfo.settle()
    try:
        ran = call(*PAGE, "--from-namespace", "callers", "-o", "json")
    finally:
        bookinfo.mesh.call(lambda: client.delete("namespaces", None, "callers"))
    assert ran.code == 0, ran.err
    source = calls(ran)[0]["source"]
    assert (source["namespace"], source["pod"], source["enrolled"]) == ("callers", "caller", True)


def test_without_a_pod_in_the_mesh_nobody_calls(bookinfo: Calling, call: Meshglobal) -> None:
    bookinfo.mark("cluster1", "namespaces", "bookinfo", namespace="", labels={"istio.io/dataplane-mode": None})
    try:
        ran = call(*PAGE)
        made = call(*PAGE, "--method", "pod")
    finally:
        bookinfo.mark("cluster1", "namespaces", "bookinfo", namespace="", labels={"istio.io/dataplane-mode": "ambient"})
    assert (ran.code, ran.out) == (3, "")
    assert "could not call: none of the 6 ready pods in namespace bookinfo is in the mesh" in ran.err
    assert made.code in (0, 1), made.err  # the server may be outside the mesh; the caller that was made is not


def test_the_other_cluster_answers_when_there_is_no_endpoint_here(bookinfo: Calling, call: Meshglobal) -> None:
    near = call(*PAGE, "--remote-only", "-o", "json")
    assert (near.code, calls(near)[0]["remote"]["shown"]) == (3, "unknown")
    assert calls(near)[0]["figures"]["ended"] == 10
    bookinfo.scale("cluster1", "productpage-v1", 0)
    named = call(*PAGE, "--remote-only", "-o", "json")
    assert calls(named)[0]["remote"]["reason"] == "answered by other clusters: cluster2 10 of 10"
    far = call(*PAGE, "--remote-only", "--identify", "header:x-nobody-sends-this", "-o", "json")
    assert (far.code, calls(far)[0]["remote"]["shown"]) == (0, "yes")
    assert "cluster1 has no ready endpoint" in calls(far)[0]["remote"]["reason"]
    bookinfo.scale("cluster2", "productpage-v1", 0)
    none = call(*PAGE, "--remote-only", "--context", "cluster1,cluster2", "-o", "json")
    assert (none.code, calls(none)[0]["remote"]["shown"]) == (1, "no")
    assert codes(none) == ["MG502", "MG502"]
    assert calls(none)[0]["figures"]["statuses"] == {"503": 10}


def test_a_lost_path_is_a_finding(bookinfo: Calling, call: Meshglobal) -> None:
    bookinfo.scale("cluster1", "productpage-v1", 0)
    partitions = bookinfo.mesh.partitions
    bookinfo.mesh.call(lambda: partitions.part("cluster1", "cluster2", is_silent=True))
    bookinfo.settle()
    try:
        late = call(*PAGE, "--max-time", "300ms", "-o", "json")
    finally:
        bookinfo.mesh.call(lambda: partitions.join("cluster1", "cluster2"))
        bookinfo.settle()
    assert late.code == 1
    assert codes(late) in (["MG505"], ["MG502"])
    refused = call("--port", "9999", "-o", "json")
    assert (refused.code, codes(refused)) == (1, ["MG503"])


@pytest.mark.parametrize("method", ["exec", "ephemeral", "pod"])
def test_every_way_into_a_pod_calls_and_leaves_what_it_says(bookinfo: Calling, call: Meshglobal, method: str) -> None:
    before = names_of_pods(bookinfo)
    ran = call(*PAGE, "--method", method, "--count", "3", "-H", "Authorization: Bearer very-secret", "-o", "json")
    assert ran.code == 0, ran.err
    (one,) = calls(ran)
    assert (one["method"], one["figures"]["good"]) == (method, 3)
    until(lambda: names_of_pods(bookinfo) == before, "the pod that was made is gone")
    stays = method == "ephemeral"
    assert ("stays behind: ephemeral container meshglobal-" in ran.err) is stays
    assert bool(one["remains"]) is stays
    assert "very-secret" not in repr(pods(bookinfo))
    assert "very-secret" not in ran.out + ran.err


def test_what_is_made_stays_within_the_restricted_profile(bookinfo: Calling, call: Meshglobal) -> None:
    bookinfo.mark("cluster1", "namespaces", "bookinfo", namespace="", labels={LEVEL: "restricted"})
    try:
        made = call(*PAGE, "--method", "pod", "-o", "json")
        barred = call(*PAGE, "--method", "ephemeral", "-o", "json")
        other = call(*PAGE, "--image", "curlimages/curl", "-o", "json")
    finally:
        bookinfo.mark("cluster1", "namespaces", "bookinfo", namespace="", labels={LEVEL: None})
    assert made.code == 0, made.err
    # Of the pods of the sample none is allowed to change any more: their own containers are not restricted.
    assert barred.code == 3
    (why,) = [one["failure"]["message"] for one in calls(barred)]
    assert 'violates PodSecurity "restricted:latest"' in why
    assert "meshglobal" not in why
    assert (other.code, calls(other)[0]["method"]) == (0, "pod"), other.err


def test_control_c_takes_the_pod_away_that_was_made(bookinfo: Calling, call: Meshglobal) -> None:
    before = names_of_pods(bookinfo)

    def interrupt() -> None:
        until(lambda: any("running" in _state(one) for one in pods(bookinfo) if _name(one) not in before), "it runs")
        os.kill(os.getpid(), signal.SIGINT)

    killer = threading.Thread(target=interrupt)
    killer.start()
    ran = call(*PAGE, "--method", "pod", "--count", "1000", "--rate", "5")
    killer.join()
    assert (ran.code, ran.err) == (130, "error: interrupted\n")
    until(lambda: names_of_pods(bookinfo) == before, "the pod that was made is gone")


def _name(pod: dict[str, Any]) -> str:
    name: str = pod["metadata"]["name"]
    return name


def _state(pod: dict[str, Any]) -> dict[str, Any]:
    return dict(next(iter((pod.get("status") or {}).get("containerStatuses") or ({},))).get("state") or {})


def test_a_container_without_curl_is_left_for_one_that_has_it(
    call: Meshglobal, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute = Containers.execute

    async def without_curl(self: Containers, pod: Any, container: Any, argv: tuple[str, ...], *rest: Any) -> int:
        return await execute(self, pod, container, ("no-curl-here", *argv[1:]), *rest)

    monkeypatch.setattr(Containers, "execute", without_curl)
    ran = call(*PAGE, "-o", "json")
    assert (ran.code, calls(ran)[0]["method"]) == (0, "ephemeral"), ran.err
    alone = call(*PAGE, "--method", "exec", "-o", "json")
    assert alone.code == 3
    assert 'exec: "no-curl-here": executable file not found' in calls(alone)[0]["failure"]["message"]


HOSTILE = "/a;$(id)`id`|&&||<>\"'\\*?[x]{y,z}~!%0a%0d..//../%2e"


@pytest.mark.parametrize("count", [1, 2])
def test_no_shell_is_involved(call: Meshglobal, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    seen: list[tuple[str, ...]] = []
    run = programs.run

    async def noted(process: Process) -> int:
        seen.append(process.argv)
        return await run(process)

    monkeypatch.setattr(programs, "run", noted)
    ran = call("--path", HOSTILE, "-H", "X-A: $(id); `id` | sh -c 'id' > /tmp/x", "--count", str(count), "-o", "json")
    assert ran.code == 0, ran.err
    assert calls(ran)[0]["figures"]["statuses"] == {"404": count}
    (argv,) = seen
    assert argv[:3] == ("curl", "-q", "-sS")
    assert not {"sh", "-c", "bash", "eval"} & set(argv)
    glob = HOSTILE.translate({ord(letter): f"\\{letter}" for letter in "[]{}"})
    ends = HOSTILE if count == 1 else f"{glob}#[1-2]"
    assert argv[-1] == f"http://productpage.bookinfo.mesh.internal:9080{ends}"
    assert all("$(id)" not in word for word in argv[:-1])


@pytest.mark.parametrize("count", [1, 2])
def test_the_server_gets_the_path_as_it_was_given(call: Meshglobal, count: int) -> None:
    path = HOSTILE.replace("?", "")  # the server shows no query
    ran = call("--path", path, "--count", str(count), "--identify", 'body:no such path: (.*)"', "-o", "json")
    (name,) = [one["name"] for one in calls(ran)[0]["figures"]["servedBy"]]
    assert "$(id)`id`|&&||<>" in name
    assert "[x]{y,z}~!" in name


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("-H", "X-A: b\r\nX-B: c"), "-H X-A: line ends"),
        (("-H", "X A: b"), "-H 'X A': write 'Name: value'"),
        (("-H", "Transfer-Encoding: chunked"), "how the request is sent"),
        (("-H", "@/etc/passwd"), "write 'Name: value'"),
        (("--path", "/a b"), "cannot stand in a request"),
        (("--path", "/a\r\nHost: x"), "cannot stand in a request"),
        (("--path", "//user@x"[2:]), "a path begins with '/'"),
        (("--image", "x; rm -rf /"), "cannot be the name of an image"),
        (("--from", "$(id)"), "neither the name of a pod nor a label selector"),
        (("--from", "app in (a"), "--from 'app in (a'"),
        (("--from-namespace", "../x"), "cannot be the name of a namespace"),
        (("--rate", "0"), "is no rate"),
        (("--host", "ratings.bookinfo.mesh.internal"), "write productpage.bookinfo.DOMAIN"),
        (("--host", "productpage.bookinfo.a b"), "is no host of bookinfo/productpage"),
        (("--identify", "cookie:x"), "write header:NAME or body:REGEX"),
        (("--identify", "body:("), "no regular expression"),
        (("--count", "0"), "0 is not in the range"),
        (("--max-time", "soon"), "is no duration"),
    ],
)
def test_what_cannot_be_is_refused(call: Meshglobal, words: tuple[str, ...], says: str) -> None:
    ran = call(*words)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_who_may_not_is_told_what_is_lacking(bookinfo: Calling, call: Meshglobal) -> None:
    path = str(bookinfo.mesh.users_kubeconfig("reader"))
    ran = call(*PAGE, "--kubeconfig", path, "--context", "cluster1-reader")
    assert ran.code == 3
    assert (
        "you may not run curl in namespace bookinfo: exec needs create pods/exec, get pods/exec; ephemeral" in ran.err
    )
    assert "next: meshglobal rbac call -n bookinfo prints what is needed" in ran.err


def test_an_unknown_service_is_not_found(bookinfo: Calling, meshglobal: Meshglobal) -> None:
    ran = meshglobal("call", "svc", "productpag", "-n", "bookinfo", "--kubeconfig", str(bookinfo.mesh.kubeconfig))
    assert ran.code == 1
    assert "did you mean productpage?" in ran.err
