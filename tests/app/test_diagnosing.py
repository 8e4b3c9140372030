"""`diagnose` in memory: what may not be read is never called broken, nor fine."""

from __future__ import annotations

from typing import Any

import pytest
from mesh_cases import cases, fleet_of

from meshglobal.app.diagnosing import diagnose_service
from meshglobal.app.picture import MeshSettings
from meshglobal.domain.diagnosis import Diagnosis, Outcome
from meshglobal.domain.finding import Level
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.strictness import Strictness

KEY = ServiceKey("bookinfo", "productpage")
BODIES = {case.title: case.body["clusters"] for case in cases()}
SETTINGS = BODIES["one mode in two spellings is one mode"]
GATEWAYS = BODIES["two healthy peers"]
ENDPOINTS = {
    "kind": "EndpointSlice",
    "metadata": {
        "name": "productpage-a",
        "namespace": "bookinfo",
        "labels": {"kubernetes.io/service-name": "productpage"},
    },
    "endpoints": [{"addresses": ["10.0.0.1"], "conditions": {"ready": True}}],
}
SERVICE = {
    "kind": "Service",
    "metadata": {"name": "productpage", "namespace": "bookinfo", "labels": {"solo.io/service-scope": "global"}},
    "spec": {"selector": {"app": "productpage"}, "ports": [{"name": "http", "port": 9080}]},
}
POD: dict[str, Any] = {
    "kind": "Pod",
    "metadata": {
        "name": "productpage-a",
        "namespace": "bookinfo",
        "labels": {"app": "productpage", "istio.io/dataplane-mode": "ambient"},
    },
}


def diagnosed(**bodies: Any) -> Diagnosis:
    clusters = {
        context: {"objects": [*SETTINGS[context], *GATEWAYS[context], SERVICE, ENDPOINTS, POD]}
        | bodies.get(context, {})
        for context in ("c1", "c2")
    }
    return diagnose_service(fleet_of(clusters), MeshSettings(), KEY, Strictness())


def test_a_healthy_mesh_is_ok_in_every_link() -> None:
    found = diagnosed()
    assert {link.outcome for chain in found.chains for link in chain.links} == {Outcome.OK}, found.chains
    assert (found.exit_code, found.cause) == (0, None)


@pytest.mark.parametrize(
    ("kind", "link"),
    [
        ("Service", "service"),
        ("Namespace", "segment"),
        ("ServiceEntry", "entry"),
        ("ServiceEntry", "ports"),
        ("WorkloadEntry", "peers joined"),
        ("EndpointSlice", "endpoints"),
        ("Pod", "enrolment"),
        ("Gateway", "peering"),
    ],
)
def test_what_may_not_be_read_is_not_checked(kind: str, link: str) -> None:
    found = diagnosed(c1={"forbidden": [kind]})
    links = {one.name: one for one in found.chains[0].links}
    assert (links[link].outcome, links[link].level) == (Outcome.UNCHECKED, Level.UNKNOWN), links[link]
    assert "forbidden" in links[link].message.lower()
    assert all(chain.broken is None for chain in found.chains)
    assert found.exit_code == 3


def test_beside_a_cluster_that_cannot_be_reached_nobody_knows_of_peers() -> None:
    links = {one.name: one for one in diagnosed(c2={"unreachable": "connection refused"}).chains[0].links}
    for name in ("peers joined", "peering"):
        assert (links[name].outcome, links[name].level) == (Outcome.UNCHECKED, Level.UNKNOWN), links[name]
        assert "c2 could not" in links[name].message


def test_a_pod_outside_the_mesh_is_a_warning() -> None:
    outside = {**POD, "metadata": {**POD["metadata"], "labels": {"app": "productpage"}}}
    found = diagnosed(c2={"objects": [*SETTINGS["c2"], *GATEWAYS["c2"], SERVICE, ENDPOINTS, outside]})
    assert found.cause is not None
    assert (found.cause.link, found.cause.level, found.cause.contexts) == ("enrolment", Level.WARNING, ("c2",))
    assert found.exit_code == 0


def test_an_old_control_plane_that_drops_the_only_port_explains_a_missing_entry() -> None:
    named = {**SERVICE, "spec": {**SERVICE["spec"], "ports": [{"name": "http", "port": 9080, "targetPort": "web"}]}}
    istiod = {
        "kind": "Deployment",
        "metadata": {"name": "istiod", "namespace": "istio-system", "labels": {"app": "istiod"}},
        "spec": {"replicas": 1, "template": {"spec": {"containers": [{"name": "discovery", "image": "pilot:1.28.5"}]}}},
        "status": {"replicas": 1, "readyReplicas": 1},
    }
    others = [one for one in (*SETTINGS["c2"], *GATEWAYS["c2"]) if one["kind"] not in ("ServiceEntry", "Deployment")]
    found = diagnosed(c2={"objects": [*others, named, ENDPOINTS, POD, istiod]})
    assert found.cause is not None
    assert (found.cause.link, found.cause.code, found.cause.contexts) == ("entry", "MG224", ("c2",))
