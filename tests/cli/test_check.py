"""`check` on real API servers: a healthy fleet, then one thing broken at a time."""

from __future__ import annotations

import pytest
from ran import Meshglobal, Ran
from served_mesh import ServedMesh

GATEWAYS = "gateways.gateway.networking.k8s.io"
CONNECTED = "gloo.solo.io/PeerConnected"
ALL = ("check", "--all-contexts")


def codes(ran: Ran) -> set[tuple[str, str]]:
    return {(one["code"], one["context"]) for one in ran.document["findings"]}


def test_a_healthy_fleet_has_no_finding(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = meshglobal(*ALL)
    assert (ran.code, ran.err) == (0, "")
    lines = [line.split() for line in ran.out.splitlines()]
    assert lines[0] == ["CONTEXT", "REACHED", "CONTROL-PLANE", "NETWORK", "SEGMENT", "GATEWAY", "PEERS", "FINDINGS"]
    assert lines[1] == ["cluster1", "yes", "1/1", "cluster1", "-", "ready", "2/2", "0"]
    assert ran.out.splitlines()[-1] == "nothing wrong found; 6 of 6 links, 3 of 3 clusters read"


def test_of_one_cluster_nothing_is_said_about_peers(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = meshglobal("check", "--context", "cluster1", "-o", "json")
    assert (ran.code, ran.document["findings"], ran.document["peering"]) == (0, [], [])


def test_a_link_that_is_missing_is_missing_in_one_direction(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    client = mesh.clusters["cluster1"].client()
    mesh.call(lambda: client.delete(GATEWAYS, "istio-eastwest", "istio-remote-peer-cluster2"))
    ran = meshglobal(*ALL, "-o", "json")
    assert (ran.code, codes(ran)) == (1, {("MG303", "cluster1")})
    states = {(one["context"], one["peer"]): one["state"] for one in ran.document["peering"]}
    assert states.pop(("cluster1", "cluster2")) == "missing"
    assert set(states.values()) == {"linked"}
    ran = meshglobal(*ALL, "-o", "wide")
    matrix = ran.out.partition("FROM")[2].splitlines()
    assert [line.split() for line in matrix[1:3]] == [
        ["cluster1", "-", "missing", "linked"],
        ["cluster2", "linked", "-", "linked"],
    ]
    assert "istioctl multicluster link --contexts cluster1,cluster2 --namespace istio-eastwest" in ran.err


def test_the_clusters_order_changes_nothing(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    client = mesh.clusters["cluster3"].client()
    mesh.call(lambda: client.delete(GATEWAYS, "istio-eastwest", "istio-eastwest"))
    one = meshglobal("check", "--context", "cluster1,cluster2,cluster3", "-o", "json")
    other = meshglobal("check", "--context", "cluster3,cluster2,cluster1", "-o", "json")
    assert codes(one) == {("MG301", "cluster3")}
    assert one.document["findings"] == other.document["findings"]


@pytest.mark.parametrize(
    ("condition", "code", "state"),
    [(CONNECTED, "MG304", "disconnected"), ("gloo.solo.io/PeeringSucceeded", "MG305", "failed")],
)
def test_what_the_control_plane_says_of_a_peer(
    mesh: ServedMesh, meshglobal: Meshglobal, condition: str, code: str, state: str
) -> None:
    place = ("istio-eastwest", "istio-remote-peer-cluster1")

    def break_it() -> None:
        client = mesh.clusters["cluster2"].client()
        gateway = client.get(GATEWAYS, *place)
        assert gateway is not None
        conditions = [
            one | {"status": "False", "message": "no route to host"} if one["type"] == condition else one
            for one in gateway["status"]["conditions"]
        ]
        client.replace(GATEWAYS, gateway | {"status": gateway["status"] | {"conditions": conditions}}, "status")

    mesh.call(break_it)
    ran = meshglobal(*ALL, "-o", "json")
    assert (ran.code, codes(ran)) == (1, {(code, "cluster2")})
    assert "no route to host" in ran.document["findings"][0]["message"]
    states = {(one["context"], one["peer"]): one["state"] for one in ran.document["peering"]}
    assert states["cluster2", "cluster1"] == state


def test_a_cluster_without_network_label(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    def unlabel() -> None:
        client = mesh.clusters["cluster2"].client()
        namespace = client.get("namespaces", None, "istio-system")
        assert namespace is not None
        client.replace("namespaces", namespace | {"metadata": namespace["metadata"] | {"labels": {}}})

    mesh.call(unlabel)
    ran = meshglobal(*ALL, "-o", "json")
    assert (ran.code, codes(ran)) == (1, {("MG310", "cluster2")})
    remedy = ran.document["findings"][0]["remedy"]
    assert remedy.endswith("label namespace istio-system topology.istio.io/network=cluster2")


def test_another_root_certificate(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    def replace() -> None:
        client = mesh.clusters["cluster3"].client()
        found = client.get("configmaps", "istio-system", "istio-ca-root-cert")
        assert found is not None
        text = "-----BEGIN CERTIFICATE-----\nT1RIRVI=\n-----END CERTIFICATE-----\n"
        client.replace("configmaps", found | {"data": {"root-cert.pem": text}})

    mesh.call(replace)
    ran = meshglobal(*ALL, "-o", "json")
    assert (ran.code, codes(ran)) == (1, {("MG306", "cluster1"), ("MG306", "cluster2")})
    assert "BEGIN" not in ran.out


def test_what_cannot_be_read_is_unknown_and_not_missing(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    mesh.stop_cluster("cluster3")
    ran = meshglobal(*ALL, "-o", "json")
    assert ran.code == 3
    assert {code for code, _ in codes(ran)} <= {"MG601"}
    states = {(one["context"], one["peer"]): one["state"] for one in ran.document["peering"]}
    assert states["cluster1", "cluster2"] == "linked"
    assert {state for pair, state in states.items() if "cluster3" in pair} == {"unknown"}
    ran = meshglobal(*ALL)
    row = next(line.split() for line in ran.out.splitlines() if line.startswith("cluster3"))
    assert row[1:7] == ["no", "?", "?", "?", "?", "?"]
