"""HTTPRoutes that hang on a generated entry lead callers in the mesh, and nobody else (R39)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from calling import Calling

from meshglobal.sandbox.controlplane.switches import Switches
from meshglobal.sandbox.dataplane.answers import Answer, Source

ONE, TWO = "cluster1", "cluster2"
ROUTES = "httproutes.gateway.networking.k8s.io"
HOST = "in-ambient.httpbin.mesh.internal"
URL = f"http://{HOST}:8000"
LOCAL = {"name": "in-ambient", "port": 8000}
GLOBAL = {"group": "networking.istio.io", "kind": "Hostname", "name": HOST, "port": 8000}
ENTRY = {"group": "networking.istio.io", "kind": "ServiceEntry", "name": "autogen.httpbin.in-ambient"}


Parent = Mapping[str, Any]


class Routes:
    """Routes in the first cluster."""

    def __init__(self, calling: Calling) -> None:
        self.calling = calling
        self.made: list[tuple[str, str]] = []

    def make(
        self, *rules: dict[str, Any], name: str = "route", namespace: str = "httpbin", parent: Parent = ENTRY
    ) -> None:
        spec = {"parentRefs": [parent], "rules": list(rules)}
        obj = {"metadata": {"namespace": namespace, "name": name}, "spec": spec}
        self.calling.mesh.call(lambda: self.calling.client(ONE).create(ROUTES, obj))
        self.made.append((namespace, name))
        self.calling.settle()

    def close(self) -> None:
        for namespace, name in self.made:
            self.calling.mesh.call(lambda ns=namespace, n=name: self.calling.client(ONE).delete(ROUTES, ns, n))
        self.made.clear()
        self.calling.settle()

    def said(self, kind: str, name: str = "route", namespace: str = "httpbin") -> tuple[str, str]:
        (parent,) = self.calling.mesh.get(ONE, ROUTES, namespace, name)["status"]["parents"]
        return next((each["status"], each["reason"]) for each in parent["conditions"] if each["type"] == kind)


@pytest.fixture
def routes(httpbin: Calling) -> Iterator[Routes]:
    httpbin.publish("in-ambient", ONE, TWO)
    found = Routes(httpbin)
    yield found
    found.close()


def status(routes: Routes, source: Source, url: str) -> int:
    found = routes.calling.get(source, url)
    assert isinstance(found, Answer), found
    return found.status


def prefix(path: str, *backends: dict[str, Any]) -> dict[str, Any]:
    return {"matches": [{"path": {"type": "PathPrefix", "value": path}}], "backendRefs": list(backends)}


def test_it_leads_callers_by_path_and_the_rest_finds_nothing(routes: Routes) -> None:
    caller = routes.calling.pod(ONE, "client-in-ambient")
    assert routes.calling.served_by(caller, f"{URL}/get", 2) == {ONE: 2}
    routes.make(prefix("/anything", GLOBAL), parent=ENTRY | {"sectionName": "8000"})
    assert routes.said("Accepted") == ("True", "Accepted")
    assert routes.said("ResolvedRefs") == ("True", "ResolvedRefs")
    assert status(routes, caller, f"{URL}/anything/a") == 200
    assert status(routes, caller, f"{URL}/get") == 404
    far = routes.calling.pod(TWO, "client-in-ambient")
    assert status(routes, far, f"{URL}/get") == 200, "the other cluster has no such route"
    routes.close()
    assert status(routes, caller, f"{URL}/get") == 200


def test_it_fails_over_as_the_host_does(routes: Routes) -> None:
    routes.make(prefix("/", GLOBAL))
    caller = routes.calling.pod(ONE, "client-in-ambient")
    assert routes.calling.served_by(caller, f"{URL}/get", 3) == {ONE: 3}
    routes.calling.scale(ONE, "in-ambient", 0)
    assert routes.calling.served_by(caller, f"{URL}/get", 3) == {TWO: 3}


def test_weights_split(routes: Routes) -> None:
    routes.calling.scale(ONE, "in-ambient", 0)
    routes.make(prefix("/", GLOBAL | {"weight": 3}, LOCAL | {"weight": 1}))
    caller = routes.calling.pod(ONE, "client-in-ambient")
    found = Counter(status(routes, caller, f"{URL}/get") for _ in range(60))
    assert set(found) == {200, 503}, "the local Service has nobody left"
    assert found[200] > found[503]


@pytest.mark.parametrize(
    "wrong",
    [{"name": "autogen.httpbin.nobody"}, {"sectionName": "81"}, {"port": 81}],
    ids=["another entry", "another section", "another port"],
)
def test_a_parent_that_is_not_there_is_named(routes: Routes, wrong: dict[str, Any]) -> None:
    routes.make(prefix("/anything", GLOBAL), parent=ENTRY | wrong)
    assert routes.said("Accepted") == ("False", "NoMatchingParent")
    caller = routes.calling.pod(ONE, "client-in-ambient")
    assert status(routes, caller, f"{URL}/get") == 200


def test_a_route_of_another_namespace_counts_for_nobody(routes: Routes) -> None:
    routes.make(prefix("/anything", GLOBAL), namespace="default")
    assert routes.said("Accepted", namespace="default") == ("False", "NoMatchingParent")
    caller = routes.calling.pod(ONE, "client-in-ambient")
    assert status(routes, caller, f"{URL}/get") == 200


def test_a_status_may_be_wrong_about_hosts(routes: Routes, monkeypatch: pytest.MonkeyPatch) -> None:
    plane = routes.calling.plane
    monkeypatch.setattr(plane, "_switches", lambda: Switches(hostname_backends="not-found"))
    routes.make(prefix("/", GLOBAL))
    assert routes.said("ResolvedRefs") == ("False", "BackendNotFound")
    caller = routes.calling.pod(ONE, "client-in-ambient")
    assert status(routes, caller, f"{URL}/get") == 200
