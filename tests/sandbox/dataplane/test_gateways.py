"""Gateways are real: from the host, through an Envoy's listener, to pods here and in the other cluster."""

from __future__ import annotations

import http.client
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from calling import Calling

from meshglobal.domain.labels import LISTENS_AT
from meshglobal.sandbox.dataplane.workloads.app import BY_CLUSTER

ONE, TWO = "cluster1", "cluster2"
GATEWAYS, ROUTES = "gateways.gateway.networking.k8s.io", "httproutes.gateway.networking.k8s.io"
GLOBAL = {
    "group": "networking.istio.io",
    "kind": "Hostname",
    "name": "in-ambient.httpbin.mesh.internal",
    "port": 8000,
}
LOCAL = {"name": "in-ambient", "port": 8000}


class Ingress:
    """A Gateway in the first cluster, and routes to it."""

    def __init__(self, calling: Calling) -> None:
        self.calling = calling
        self.made: list[tuple[str, str, str]] = []

    def make(self, resource: str, namespace: str, name: str, spec: dict[str, Any]) -> None:
        obj = {"metadata": {"namespace": namespace, "name": name}, "spec": spec}
        self.calling.mesh.call(lambda: self.calling.client(ONE).create(resource, obj))
        self.made.append((resource, namespace, name))
        self.calling.settle()

    def gateway(self, *listeners: dict[str, Any], gateway_class: str = "istio") -> None:
        every = {"namespaces": {"from": "All"}}
        plain = {"name": "http", "port": 80, "protocol": "HTTP", "allowedRoutes": every}
        found = [plain | each for each in listeners or ({},)]
        self.make(GATEWAYS, "httpbin", "ingress", {"gatewayClassName": gateway_class, "listeners": found})

    def route(self, *rules: dict[str, Any], name: str = "route", namespace: str = "httpbin", **more: Any) -> None:
        parents = [{"name": "ingress", "namespace": "httpbin"}]
        self.make(ROUTES, namespace, name, {"parentRefs": parents, "rules": list(rules)} | more)

    def close(self) -> None:
        for resource, namespace, name in reversed(self.made):
            self.calling.mesh.call(lambda r=resource, ns=namespace, n=name: self.calling.client(ONE).delete(r, ns, n))
        self.calling.settle()

    def port(self, listener: str = "http") -> int:
        annotation = self.status_of(GATEWAYS, "ingress")["metadata"]["annotations"][LISTENS_AT]
        where = dict(each.split("=") for each in annotation.split(","))
        address, _, port = where[listener].partition(":")
        assert address == "127.0.0.1"
        return int(port)

    def status_of(self, resource: str, name: str) -> dict[str, Any]:
        return self.calling.mesh.get(ONE, resource, "httpbin", name)

    def condition(self, holder: dict[str, Any], kind: str) -> tuple[str, str]:
        return next((each["status"], each["reason"]) for each in holder["conditions"] if each["type"] == kind)

    def route_condition(self, kind: str, name: str = "route") -> tuple[str, str]:
        (parent,) = self.status_of(ROUTES, name)["status"]["parents"]
        return self.condition(parent, kind)

    def get(self, path: str, host: str = "any.example", port: int = 0, **headers: str) -> tuple[int, str, str]:
        """Status, who answered, body: asked as a program on the host would."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port(), timeout=10)
        try:
            connection.request("GET", path, headers={"Host": host, **headers})
            answer = connection.getresponse()
            return answer.status, answer.getheader(BY_CLUSTER, ""), answer.read().decode()
        finally:
            connection.close()


@pytest.fixture
def ingress(httpbin: Calling) -> Iterator[Ingress]:
    found = Ingress(httpbin)
    yield found
    found.close()


def test_a_route_to_a_global_host_follows_it_into_the_other_cluster(ingress: Ingress) -> None:
    ingress.calling.publish("in-ambient", ONE, TWO)
    ingress.gateway()
    ingress.route({"backendRefs": [GLOBAL]})
    assert ingress.get("/get")[:2] == (200, ONE)
    ingress.calling.scale(ONE, "in-ambient", 0)
    assert ingress.get("/get")[:2] == (200, TWO)
    assert ingress.route_condition("Accepted") == ("True", "Accepted")
    assert ingress.route_condition("ResolvedRefs") == ("True", "ResolvedRefs")


def test_a_gateway_says_that_it_works_and_where(ingress: Ingress) -> None:
    ingress.gateway({}, {"name": "tls", "port": 443, "protocol": "HTTPS"})
    ingress.route({"backendRefs": [LOCAL]})
    found = ingress.status_of(GATEWAYS, "ingress")["status"]
    assert found["addresses"] == [{"type": "IPAddress", "value": "127.0.0.1"}]
    assert ingress.condition(found, "Accepted") == ("True", "Accepted")
    assert ingress.condition(found, "Programmed") == ("True", "Programmed")
    plain, tls = found["listeners"]
    assert (plain["attachedRoutes"], ingress.condition(plain, "Programmed")[0]) == (1, "True")
    assert ingress.condition(tls, "Accepted") == ("False", "UnsupportedProtocol")
    before = ingress.status_of(GATEWAYS, "ingress")["metadata"]["resourceVersion"]
    ingress.calling.publish("in-ambient", ONE)
    assert ingress.status_of(GATEWAYS, "ingress")["metadata"]["resourceVersion"] == before, "nothing is written twice"


@pytest.mark.parametrize(
    ("backend", "reason"),
    [
        (GLOBAL, "BackendNotFound"),
        (GLOBAL | {"namespace": "httpbin"}, "InvalidDestination"),
        (GLOBAL | {"group": ""}, "InvalidKind"),
        (LOCAL | {"name": "nobody"}, "BackendNotFound"),
        (LOCAL | {"port": 81}, "BackendNotFound"),
        (LOCAL | {"namespace": "default"}, "RefNotPermitted"),
    ],
)
def test_a_backend_that_leads_nowhere_is_named_and_answers_500(
    ingress: Ingress, backend: dict[str, Any], reason: str
) -> None:
    ingress.gateway()
    ingress.route({"backendRefs": [backend]})
    assert ingress.route_condition("ResolvedRefs") == ("False", reason)
    assert ingress.get("/get")[0] == 500


def test_a_backend_that_appears_later_resolves(ingress: Ingress) -> None:
    ingress.gateway()
    ingress.route({"backendRefs": [GLOBAL]})
    assert ingress.route_condition("ResolvedRefs")[0] == "False"
    ingress.calling.publish("in-ambient", TWO)
    assert ingress.route_condition("ResolvedRefs")[0] == "True"
    assert ingress.get("/get")[:2] == (200, TWO)


def test_weights_split_over_backends(ingress: Ingress) -> None:
    ingress.calling.publish("in-ambient", TWO)
    ingress.gateway()
    ingress.route({"backendRefs": [GLOBAL | {"weight": 3}, LOCAL | {"weight": 1}]})
    found = Counter(ingress.get("/get")[1] for _ in range(80))
    assert set(found) == {ONE, TWO}
    assert found[TWO] > found[ONE]


def test_the_better_match_comes_first_whatever_the_order(ingress: Ingress) -> None:
    def shown(value: str) -> list[dict[str, Any]]:
        change = {"set": [{"name": "x-rule", "value": value}]}
        return [{"type": "RequestHeaderModifier", "requestHeaderModifier": change}]

    def rule(value: str, **match: Any) -> dict[str, Any]:
        return {"matches": [match], "filters": shown(value), "backendRefs": [LOCAL]}

    def path(kind: str, value: str) -> dict[str, str]:
        return {"type": kind, "value": value}

    ingress.gateway()
    ingress.route(
        rule("root", path=path("PathPrefix", "/")),
        rule("anything", path=path("PathPrefix", "/anything")),
        rule("exact", path=path("Exact", "/anything/a")),
        rule("marked", path=path("PathPrefix", "/"), headers=[{"name": "x-mark", "value": "1"}]),
    )
    assert '"root"' in ingress.get("/headers")[2]
    assert '"anything"' in ingress.get("/anything/b")[2]
    assert '"exact"' in ingress.get("/anything/a")[2]
    assert '"marked"' in ingress.get("/headers", **{"x-mark": "1"})[2]


def test_routes_attach_by_host_and_namespace_as_the_listener_admits(ingress: Ingress) -> None:
    ingress.gateway({"hostname": "*.example.com", "allowedRoutes": {"namespaces": {"from": "Same"}}})
    ingress.route({"backendRefs": [LOCAL]}, name="fits", hostnames=["shop.example.com"])
    ingress.route({"backendRefs": [LOCAL]}, name="misfit", hostnames=["shop.example.org"])
    ingress.route({"backendRefs": [LOCAL]}, name="stranger", namespace="default")
    assert ingress.get("/get", "shop.example.com")[0] == 200
    assert ingress.get("/get", "shop.example.com:8080")[0] == 200
    assert ingress.get("/get", "shop.example.org")[0] == 404
    assert ingress.route_condition("Accepted", "misfit") == ("False", "NoMatchingListenerHostname")
    (parent,) = ingress.calling.mesh.get(ONE, ROUTES, "default", "stranger")["status"]["parents"]
    assert ingress.condition(parent, "Accepted") == ("False", "NotAllowedByListeners")


def test_a_route_that_envoy_rejects_holds_up_nothing_else(ingress: Ingress, caplog: pytest.LogCaptureFixture) -> None:
    bad = {"path": {"type": "RegularExpression", "value": "/(?=a)"}}
    ingress.gateway()
    ingress.route({"matches": [bad], "backendRefs": [LOCAL]})
    assert "rejects what it is told" in caplog.text
    found = ingress.status_of(GATEWAYS, "ingress")["status"]
    assert ingress.condition(found, "Programmed") == ("False", "Invalid"), "what does not work is not called programmed"
    assert "invalid perl operator" in str(found["listeners"][0]["conditions"])
    ingress.calling.publish("in-ambient", ONE, TWO)
    caller = ingress.calling.pod(ONE, "client-in-ambient")
    assert ingress.calling.served_by(caller, f"http://{GLOBAL['name']}:8000/get", 3) == {ONE: 3}
    ingress.calling.mark(ONE, ROUTES, "route", annotations={"seen": "yes"})
    assert "it is told again" not in caplog.text, "nobody waits for what Envoy will never take"


def test_a_path_is_rewritten(ingress: Ingress) -> None:
    path = {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/anything"}
    rewrite = {"type": "URLRewrite", "urlRewrite": {"hostname": "inside.example", "path": path}}
    match = {"path": {"type": "PathPrefix", "value": "/old"}}
    ingress.gateway()
    ingress.route({"matches": [match], "filters": [rewrite], "backendRefs": [LOCAL]})
    assert "http://inside.example/anything/a" in ingress.get("/old/a")[2]


def test_each_class_has_its_controller_speak(ingress: Ingress) -> None:
    ingress.gateway(gateway_class="kgateway")
    ingress.route({"backendRefs": [LOCAL]})
    (parent,) = ingress.status_of(ROUTES, "route")["status"]["parents"]
    assert parent["controllerName"] == "kgateway.dev/kgateway"


def test_a_gateway_of_a_class_that_nobody_serves_stays_as_it_is(ingress: Ingress) -> None:
    ingress.gateway(gateway_class="someone-elses")
    found = ingress.status_of(GATEWAYS, "ingress")
    assert LISTENS_AT not in (found["metadata"].get("annotations") or {})


def test_a_gateway_that_is_deleted_takes_connections_no_more(ingress: Ingress) -> None:
    ingress.gateway()
    ingress.route({"backendRefs": [LOCAL]})
    port = ingress.port()
    assert ingress.get("/get", port=port)[0] == 200
    ingress.close()
    ingress.made.clear()
    with pytest.raises(ConnectionError):
        ingress.get("/get", port=port)
