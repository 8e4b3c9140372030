"""`route`, from the command line to requests that arrive: real Gateways of a sandbox with traffic."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from ran import Meshglobal
from served_mesh import ServedMesh, served_mesh

KUBECTL = Path(sys.executable).with_name("kubectl")
ROUTES, GATEWAYS = (f"{plural}.gateway.networking.k8s.io" for plural in ("httproutes", "gateways"))
DEPLOYMENT = "deployments.apps"
HERE = ("svc", "productpage", "-n", "bookinfo", "--context", "cluster1")
MARK = {"app.kubernetes.io/managed-by": "meshglobal", "meshglobal.dev/routed-service": "productpage"}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedMesh]:
    """A mesh with traffic, in which productpage is global."""
    with served_mesh(tmp_path_factory.mktemp("busy"), has_traffic=True) as mesh:
        for context in mesh.clusters:
            mark(mesh, "productpage", {"solo.io/service-scope": "global"}, context)
            until_entry(mesh, "autogen.bookinfo.productpage", context)
        yield mesh


@pytest.fixture
def route(busy: ServedMesh, meshglobal: Meshglobal) -> Iterator[Meshglobal]:
    """Runs `route`; what it applied is gone afterwards."""

    def call(*words: str) -> Any:
        return meshglobal("route", *words, "--kubeconfig", str(busy.kubeconfig))

    yield call
    for context in busy.clusters:
        ran = call("svc", "productpage", "-n", "bookinfo", "--context", context, "--delete", "--overwrite")
        assert ran.code == 0, ran.err
    assert left(busy) == []


def left(mesh: ServedMesh) -> list[str]:
    """The routes and Gateways of the namespace."""
    clients = [each.client() for each in mesh.clusters.values()]
    return mesh.call(
        lambda: [
            obj["metadata"]["name"]
            for client in clients
            for kind in (ROUTES, GATEWAYS)
            for obj in client.list(kind, "bookinfo")
        ]
    )


def get(url: str, host: str = "any.example") -> tuple[int, str]:
    """Status, and the cluster that answered, for a program on the host."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request("GET", parts.path, headers={"Host": host})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("x-served-by-cluster", "")
    finally:
        connection.close()


def until(url: str, wanted: tuple[int, str]) -> None:
    """Ask until the answer is as wanted."""
    ends = time.monotonic() + 10
    while (seen := get(url)) != wanted:
        assert time.monotonic() < ends, f"{url}: {seen}, never {wanted}"
        time.sleep(0.02)  # between two requests; what counts is the answer


def scale(mesh: ServedMesh, cluster: str, replicas: int) -> None:
    def write() -> None:
        client = mesh.clusters[cluster].client()
        found = client.get(DEPLOYMENT, "bookinfo", "productpage-v1")
        assert found is not None
        client.replace(DEPLOYMENT, found | {"spec": found["spec"] | {"replicas": replicas}})

    mesh.call(write)


def make(mesh: ServedMesh, resource: str, obj: dict[str, Any]) -> None:
    mesh.call(lambda: mesh.clusters["cluster1"].client().create(resource, obj))


def remove(mesh: ServedMesh, resource: str, name: str) -> None:
    mesh.call(lambda: mesh.clusters["cluster1"].client().delete(resource, "bookinfo", name))


def url_in(out: str) -> str:
    return re.findall(r"send requests to (\S+)", out)[0]


def test_what_is_applied_lets_requests_in_and_fails_over(
    busy: ServedMesh, route: Meshglobal, meshglobal: Meshglobal
) -> None:
    ran = route(*HERE, "--apply")
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    assert lines[:2] == [
        "cluster1: gateway.gateway.networking.k8s.io/productpage-ingress created",
        "cluster1: httproute.gateway.networking.k8s.io/productpage created",
    ]
    url = url_in(ran.out) + "productpage"
    assert get(url) == (200, "cluster1")
    scale(busy, "cluster1", 0)
    until(url, (200, "cluster2"))
    scale(busy, "cluster1", 1)
    until(url, (200, "cluster1"))
    for words in (("check",), ("diagnose", "svc", "productpage", "-n", "bookinfo")):
        found = meshglobal(*words, "--kubeconfig", str(busy.kubeconfig), "--context", "cluster1,cluster2", "-o", "json")
        assert not [one for one in found.document["findings"] if one["code"].startswith("MG4")]
    again = route(*HERE, "--apply")
    assert (again.code, again.out.count(" unchanged\n")) == (0, 2)
    ran = route(*HERE, "--delete")
    assert (ran.code, ran.out.count(" deleted\n")) == (0, 2)
    assert left(busy) == []
    again = route(*HERE, "--delete")
    assert (again.code, again.out, again.err) == (0, "", "nothing of ours is there for service bookinfo/productpage\n")


def test_what_is_printed_is_what_kubectl_applies(busy: ServedMesh, route: Meshglobal) -> None:
    ran = route(*HERE, "--path", "/productpage", "--hostname", "shop.example.com")
    assert (ran.code, ran.err) == (0, "")
    told = [str(KUBECTL), "--kubeconfig", str(busy.kubeconfig), "--context", "cluster1"]
    done = subprocess.run([*told, "apply", "-f", "-"], input=ran.out, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    same = route(*HERE, "--path", "/productpage", "--hostname", "shop.example.com", "--diff")
    assert (same.code, same.out) == (0, "")
    other = route(*HERE, "--apply")
    assert other.code == 4, "kubectl has set the fields: they are its own now"
    assert "was edited by kubectl-client-side-apply" in other.err
    ran = route(*HERE, "--path", "/productpage", "--hostname", "shop.example.com", "--apply")
    assert ran.out.count(" unchanged\n") == 2
    assert ran.out.endswith(" with header Host: shop.example.com\n")
    url = url_in(ran.out)
    assert get(url, "shop.example.com")[0] == 200
    assert get(url, "other.example.com")[0] == 404
    listed = route(*HERE, "-o", "json").document
    assert [one["kind"] for one in listed["items"]] == ["Gateway", "HTTPRoute"]
    assert [one["kind"] for one in yaml.safe_load_all(route(*HERE).out)] == ["Gateway", "HTTPRoute"]


def test_a_difference_is_shown_and_ends_with_1(route: Meshglobal) -> None:
    ran = route(*HERE, "--diff")
    assert ran.code == 1
    assert "+++ cluster1: Gateway bookinfo/productpage-ingress (then)" in ran.out
    route(*HERE, "--apply", "--no-wait")
    ran = route(*HERE, "--path", "/x", "--diff")
    assert ran.code == 1
    changed = [line for line in ran.out.splitlines() if line.startswith(("+ ", "- "))]
    assert changed == ["-    - path: {type: PathPrefix, value: /}", "+    - path: {type: PathPrefix, value: /x}"]
    same = route(*HERE, "--diff")
    assert (same.code, same.out) == (0, "")


def test_a_route_hangs_on_a_gateway_that_is_there(busy: ServedMesh, route: Meshglobal) -> None:
    spec = {"gatewayClassName": "kgateway", "listeners": [{"name": "web", "port": 8080, "protocol": "HTTP"}]}
    make(busy, GATEWAYS, {"metadata": {"namespace": "bookinfo", "name": "edge"}, "spec": spec})
    try:
        ran = route(*HERE, "--gateway", "edge", "--apply")
        assert ran.code == 0, ran.err
        assert get(url_in(ran.out) + "productpage")[0] == 200
        own = route(*HERE, "--apply")
        assert own.code == 0, own.err
        ran = route(*HERE, "--gateway", "edge", "--apply")
        assert "gateway.gateway.networking.k8s.io/productpage-ingress deleted" in ran.out, "nothing of ours uses it now"
        assert route(*HERE, "--delete").code == 0
        assert left(busy) == ["edge"], "a Gateway of others stays"
    finally:
        remove(busy, GATEWAYS, "edge")


def test_weights_split_over_global_hosts(busy: ServedMesh, route: Meshglobal) -> None:
    ran = route(*HERE, "--weights", "productpage=3,details=1", "--apply")
    assert (ran.code, ran.out) == (1, "")
    assert "no generated entry has the host details.bookinfo.mesh.internal" in ran.err
    assert ran.err.endswith("error: nothing was written\n")
    label = {"solo.io/service-scope": "global"}
    mark(busy, "details", label)
    try:
        until_entry(busy, "autogen.bookinfo.details")
        ran = route(*HERE, "--weights", "productpage=3,details=1", "--apply")
        assert ran.code == 0, ran.err
        url = url_in(ran.out) + "productpage"
        found = Counter(get(url)[0] for _ in range(60))
        assert set(found) == {200, 404}, "details has no such page"
        assert found[200] > found[404]
    finally:
        mark(busy, "details", {})


def mark(mesh: ServedMesh, service: str, labels: dict[str, str], context: str = "cluster1") -> None:
    def write() -> None:
        client = mesh.clusters[context].client()
        found = client.get("services", "bookinfo", service)
        assert found is not None
        kept = {key: value for key, value in found["metadata"]["labels"].items() if key != "solo.io/service-scope"}
        client.replace("services", found | {"metadata": found["metadata"] | {"labels": kept | labels}})

    mesh.call(write)


def until_entry(mesh: ServedMesh, name: str, context: str = "cluster1") -> None:
    ends = time.monotonic() + 10
    client = mesh.clusters[context].client()
    while mesh.call(lambda: client.get("serviceentries.networking.istio.io", "istio-system", name)) is None:
        assert time.monotonic() < ends, f"no {name}"
        time.sleep(0.02)  # between two looks


def test_an_object_of_somebody_else_stays_as_it_is(busy: ServedMesh, route: Meshglobal) -> None:
    theirs = {"metadata": {"namespace": "bookinfo", "name": "productpage"}, "spec": {"rules": [{}]}}
    make(busy, ROUTES, theirs)
    try:
        before = busy.get("cluster1", ROUTES, "bookinfo", "productpage")
        for words in (("--apply",), ("--apply", "--overwrite"), ("--diff",), ("--apply", "--dry-run", "client")):
            ran = route(*HERE, *words)
            assert ran.code == 4, words
            assert "send requests" not in ran.out
            if words == ("--apply",):
                assert ran.out == "", "what was only tried is not told as done"
            assert "HTTPRoute bookinfo/productpage is somebody else's" in ran.err
        assert route(*HERE, "--delete").code == 0
        assert busy.get("cluster1", ROUTES, "bookinfo", "productpage") == before
        assert left(busy) == ["productpage"], "nor was the Gateway made"
    finally:
        remove(busy, ROUTES, "productpage")


def test_a_route_that_comes_first_stops_it(busy: ServedMesh, route: Meshglobal) -> None:
    parents = [{"name": "productpage-ingress"}]
    make(
        busy,
        ROUTES,
        {"metadata": {"namespace": "bookinfo", "name": "first"}, "spec": {"parentRefs": parents, "rules": [{}]}},
    )
    try:
        ran = route(*HERE, "--apply")
        assert (ran.code, ran.out) == (1, "")
        assert "HTTPRoute bookinfo/first has the same hosts and path on the same parent and comes first" in ran.err
    finally:
        remove(busy, ROUTES, "first")


def test_the_false_alarm_is_explained(busy: ServedMesh, route: Meshglobal, monkeypatch: pytest.MonkeyPatch) -> None:
    from meshglobal.sandbox.controlplane.switches import Switches

    plane = busy.traffic.plane
    assert plane is not None
    monkeypatch.setattr(plane, "_switches", lambda: Switches(hostname_backends="not-found"))
    ran = route(*HERE, "--apply")
    assert ran.code == 0, ran.err
    assert "says BackendNotFound, though every host that it names has its entry" in ran.err
    assert get(url_in(ran.out) + "productpage")[0] == 200


def test_what_never_works_is_told_in_time(busy: ServedMesh, route: Meshglobal) -> None:
    spec = {"gatewayClassName": "nobodys", "listeners": [{"name": "web", "port": 80, "protocol": "HTTP"}]}
    make(busy, GATEWAYS, {"metadata": {"namespace": "bookinfo", "name": "edge"}, "spec": spec})
    try:
        ran = route(*HERE, "--gateway", "edge", "--apply", "--timeout", "500ms")
        assert ran.code == 5
        assert "HTTPRoute bookinfo/productpage: no controller has said anything about it" in ran.err
    finally:
        remove(busy, GATEWAYS, "edge")


def test_a_route_in_the_mesh_is_accepted(busy: ServedMesh, route: Meshglobal) -> None:
    ran = route(*HERE, "--in-mesh", "--apply", "-o", "json")
    assert ran.code == 0, ran.err
    assert [(one["name"], one["verb"]) for one in ran.document["writes"]] == [("productpage-in-mesh", "created")]
    found = busy.get("cluster1", ROUTES, "bookinfo", "productpage-in-mesh")
    assert found["metadata"]["labels"] == MARK
    assert found["spec"]["parentRefs"][0]["name"] == "autogen.bookinfo.productpage"


def test_a_dry_run_writes_nothing(busy: ServedMesh, route: Meshglobal) -> None:
    for how, word in (("client", "(dry run)"), ("server", "(server dry run)")):
        ran = route(*HERE, "--apply", "--dry-run", how)
        assert (ran.code, ran.out.count(f" created {word}\n")) == (0, 2)
        assert left(busy) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--gateway", "a", "--gateway-class", "istio"), "exclude each other"),
        (("--in-mesh", "--gateway", "a"), "exclude each other"),
        (("--in-mesh", "--hostname", "a.b"), "is for Gateways"),
        (("--apply", "--delete"), "exclude each other"),
        (("--dry-run", "server"), "for --apply and --delete"),
        (("--gateway-class", "isto"), "did you mean istio?"),
        (("--path", "/a\r\nX-Evil: 1"), "is no path"),
        (("--hostname", "$(touch /tmp/evil)"), "is no hostname"),
        (("--weights", "a=1;reboot"), "is no HOST=NUMBER"),
        (("--gateway", "../x"), "write NAME or NAMESPACE/NAME"),
    ],
)
def test_options_that_cannot_be_are_refused(route: Meshglobal, words: tuple[str, ...], says: str) -> None:
    ran = route(*HERE, *words)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_what_rbac_prints_is_enough_and_all_of_it_is_needed(
    busy: ServedMesh, route: Meshglobal, meshglobal: Meshglobal
) -> None:
    path = str(busy.users_kubeconfig("nobody"))
    given = meshglobal("rbac", "route", "-n", "bookinfo", "--subject", "user:nobody", "-o", "json").document["items"]
    user = (*HERE[:4], "--context", "cluster1-nobody", "--kubeconfig", path)

    def grant(manifests: list[dict[str, Any]]) -> None:
        def write() -> None:
            client = busy.clusters["cluster1"].client()
            for one in manifests:
                plural = f"{one['kind'].lower()}s.rbac.authorization.k8s.io"
                place, name = one["metadata"].get("namespace"), one["metadata"]["name"]
                if client.get(plural, place, name) is not None:
                    client.delete(plural, place, name)
                client.create(plural, json.loads(json.dumps(one)))

        busy.call(write)

    for verb in ("create", "patch", "delete"):
        grant([without(one, verb) for one in given])
        codes = [
            meshglobal("route", *user, *words).code
            for words in (("--apply",), ("--path", "/x", "--apply"), ("--delete",))
        ]
        assert 3 in codes, verb
        assert route(*HERE, "--delete").code == 0
    grant(given)
    assert meshglobal("route", *user, "--apply").code == 0
    assert meshglobal("route", *user, "--path", "/x", "--apply").code == 0
    assert meshglobal("route", *user, "--delete").code == 0


def without(role: dict[str, Any], verb: str) -> dict[str, Any]:
    if "rules" not in role:
        return role
    rules = [rule | {"verbs": [one for one in rule["verbs"] if one != verb]} for rule in role["rules"]]
    return role | {"rules": [rule for rule in rules if rule["verbs"]]}
