"""Routes, rules and policies on real API servers: each mistake is the one cause, and the printed command mends it."""

from __future__ import annotations

import shlex
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ran import Meshglobal, Ran
from served_mesh import ServedMesh, environment

KUBECTL = str(Path(sys.executable).parent / "kubectl")
TARGET = ("svc", "productpage", "-n", "bookinfo", "--all-contexts")
HOST = "productpage.bookinfo.mesh.internal"
LOST = "productpge.bookinfo.mesh.internal"
ENTRY = "autogen.bookinfo.productpage"
GROUP = "networking.istio.io"
ROUTES = "httproutes.gateway.networking.k8s.io"
NAMESPACES = "namespaces"
SEGMENTS = "segments.admin.solo.io"


class Mistake(NamedTuple):
    """An object that is wrong: the finding, the resource, and the object's kind and spec."""

    code: str
    resource: str
    kind: tuple[str, str]
    spec: dict[str, Any]


def hostname(**changes: Any) -> dict[str, Any]:
    """A backend of kind Hostname; None leaves a field away."""
    backend = {"group": GROUP, "kind": "Hostname", "name": HOST, "port": 9080} | changes
    return {key: value for key, value in backend.items() if value is not None}


def route(code: str, *backends: dict[str, Any]) -> Mistake:
    rules = [{"backendRefs": [backend]} for backend in backends]
    spec = {"parentRefs": [{"name": "ingress"}], "rules": rules}
    return Mistake(code, ROUTES, ("gateway.networking.k8s.io/v1", "HTTPRoute"), spec)


def in_mesh(code: str, **parent: Any) -> Mistake:
    ref = {"group": GROUP, "kind": "ServiceEntry", "name": ENTRY, "sectionName": "9080"} | parent
    return Mistake(code, ROUTES, ("gateway.networking.k8s.io/v1", "HTTPRoute"), {"parentRefs": [ref]})


def istio(code: str, plural: str, kind: str, group: str = GROUP, **spec: Any) -> Mistake:
    return Mistake(code, f"{plural}.{group}", (f"{group}/v1", kind), spec)


def policy(code: str, **target: Any) -> Mistake:
    ref = {"group": GROUP, "kind": "ServiceEntry", "name": ENTRY} | target
    return istio(code, "authorizationpolicies", "AuthorizationPolicy", "security.istio.io", targetRefs=[ref])


def virtual_service(code: str, host: str, destination: str) -> Mistake:
    to = {"destination": {"host": destination}}
    http = [{"route": [to], "mirrors": [to]}]
    return istio(code, "virtualservices", "VirtualService", hosts=["shop.example.com", host], http=http)


MISTAKES = (
    route("MG411", hostname(name=LOST), hostname(), hostname(name=LOST)),
    route("MG411", hostname(name="bookinfo.productpage.mesh.internal")),
    route("MG412", hostname(), hostname(port=80)),
    route("MG412", hostname(port=None)),
    route("MG413", hostname(group=None)),
    route("MG414", hostname(namespace="bookinfo")),
    route("MG415", {"name": HOST, "namespace": "default", "port": 9080}),
    route("MG416", {"name": "productpage", "namespace": "bookinfo", "port": 9080}),
    in_mesh("MG420", name="autogen.productpage.bookinfo"),
    in_mesh("MG421", namespace="istio-system"),
    in_mesh("MG422", group="gateway.networking.k8s.io"),
    in_mesh("MG423", sectionName="80"),
    in_mesh("MG423", sectionName="http", port=80),
    policy("MG430", name="autogen.bookinfo.productpge"),
    policy("MG431", group=""),
    istio("MG432", "destinationrules", "DestinationRule", host=LOST),
    virtual_service("MG433", HOST, LOST),
    virtual_service("MG434", LOST, HOST),
    istio("MG435", "serviceentries", "ServiceEntry", hosts=[HOST], resolution="NONE"),
)


def create(mesh: ServedMesh, mistake: Mistake) -> None:
    version, kind = mistake.kind
    body = {"apiVersion": version, "kind": kind, "metadata": {"name": "mistake", "namespace": "bookinfo"}}
    mesh.call(lambda: mesh.clusters["cluster1"].client().create(mistake.resource, body | {"spec": mistake.spec}))


def delete(mesh: ServedMesh, mistake: Mistake) -> None:
    client = mesh.clusters["cluster1"].client()

    def do() -> None:
        if client.get(mistake.resource, "bookinfo", "mistake") is not None:
            client.delete(mistake.resource, "bookinfo", "mistake")

    mesh.call(do)


def diagnosed(meshglobal: Meshglobal) -> Ran:
    return meshglobal("diagnose", *TARGET, "-o", "json")


def obey(mesh: ServedMesh, remedy: str) -> None:
    """Run a remedy as it is printed."""
    words = shlex.split(remedy)
    assert words[0] == "kubectl"
    done = subprocess.run(
        [KUBECTL, *words[1:]], env=environment(mesh.kubeconfig), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def exposed(mesh: ServedMesh, meshglobal: Meshglobal) -> ServedMesh:
    """A mesh whose productpage is global everywhere."""
    assert meshglobal("expose", *TARGET).code == 0
    return mesh


def test_each_mistake_is_the_one_cause_and_its_command_mends_it(exposed: ServedMesh, meshglobal: Meshglobal) -> None:
    for mistake in MISTAKES:
        create(exposed, mistake)
        ran = diagnosed(meshglobal)
        cause = ran.document["cause"]
        assert (cause["code"], cause["link"], cause["contexts"]) == (mistake.code, "route", ["cluster1"]), mistake
        assert ran.code == (1 if cause["level"] == "error" else 0), mistake
        assert {one["code"] for one in ran.document["findings"]} == {mistake.code}
        obey(exposed, cause["remedy"])
        after = diagnosed(meshglobal)
        assert (after.code, after.document["cause"], after.document["findings"]) == (0, None, []), mistake
        delete(exposed, mistake)


def test_check_sees_every_route_and_diagnose_those_of_its_service(exposed: ServedMesh, meshglobal: Meshglobal) -> None:
    nowhere = hostname(name="nobody.bookinfo.mesh.internal")
    create(exposed, route("MG410", hostname(), nowhere, hostname(name="www.example.com")))
    ran = meshglobal("check", "--all-contexts", "-o", "json")
    found = [(one["code"], one["context"], one["service"], one["remedy"]) for one in ran.document["findings"]]
    assert found == [("MG410", "cluster1", "nobody", "meshglobal diagnose svc nobody -n bookinfo")]
    assert ran.code == 1
    ran = diagnosed(meshglobal)
    assert (ran.code, ran.document["findings"]) == (0, [])
    links = {link["name"]: link["message"] for link in ran.document["chains"][0]["links"]}
    assert links["route"] == "named by 1 HTTPRoute"


def test_a_route_to_a_service_that_is_not_exposed_tells_how_to_expose_it(
    exposed: ServedMesh, meshglobal: Meshglobal
) -> None:
    create(exposed, route("MG410", hostname(name="reviews.bookinfo.mesh.internal")))
    reviews = ("svc", "reviews", "-n", "bookinfo", "--all-contexts")
    ran = meshglobal("diagnose", *reviews, "-o", "json")
    (found,) = ran.document["findings"]
    assert (ran.code, found["code"]) == (1, "MG410")
    assert found["remedy"] == ran.document["cause"]["remedy"]
    assert meshglobal(*shlex.split(found["remedy"])[1:]).code == 0
    assert meshglobal("diagnose", *reviews).code == 0


def test_routes_break_when_the_clusters_join_a_segment(exposed: ServedMesh, meshglobal: Meshglobal) -> None:
    create(exposed, route("MG411", hostname()))
    segment = {
        "apiVersion": "admin.solo.io/v1alpha1",
        "kind": "Segment",
        "metadata": {"name": "acme", "namespace": "istio-system"},
        "spec": {"domain": "mesh.acme"},
    }

    def join(name: str) -> None:
        client = exposed.clusters[name].client()
        client.create(SEGMENTS, segment)
        system = client.get(NAMESPACES, None, "istio-system")
        assert system is not None
        labels = system["metadata"]["labels"] | {"admin.solo.io/segment": "acme"}
        client.replace(NAMESPACES, system | {"metadata": system["metadata"] | {"labels": labels}})

    for cluster in exposed.clusters:
        exposed.call(partial(join, cluster))
    cause = _settled(meshglobal, "MG411")
    assert cause["message"].endswith("which does not exist here; productpage.bookinfo.mesh.acme does")
    obey(exposed, cause["remedy"])
    assert diagnosed(meshglobal).document["cause"] is None


def _settled(meshglobal: Meshglobal, code: str) -> dict[str, Any]:
    """The cause, once the control plane has done its part; each run reads anew."""
    for _ in range(100):
        cause: dict[str, Any] | None = diagnosed(meshglobal).document["cause"]
        if cause is not None and cause["code"] == code:
            return cause
    pytest.fail(f"never came: {diagnosed(meshglobal).out}")
