"""`check` on the parts of the mesh: what runs on every node, links that do not stay, and where it is told to look."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from ran import Meshglobal, Ran
from served_mesh import ServedMesh

GATEWAYS = "gateways.gateway.networking.k8s.io"
CONNECTED = "gloo.solo.io/PeerConnected"
LINK = ("istio-eastwest", "istio-remote-peer-cluster2")
ALL = ("check", "--all-contexts")


def codes(ran: Ran) -> set[tuple[str, str]]:
    return {(one["code"], one["context"]) for one in ran.document["findings"]}


def set_ready(mesh: ServedMesh, cluster: str, name: str, nodes: int) -> None:
    def do() -> None:
        client = mesh.clusters[cluster].client()
        found = client.get("daemonsets.apps", "istio-system", name)
        assert found is not None
        client.replace("daemonsets.apps", found | {"status": found["status"] | {"numberReady": nodes}}, "status")

    mesh.call(do)


@pytest.mark.parametrize(("name", "code"), [("ztunnel", "MG308"), ("istio-cni-node", "MG309")])
def test_what_is_ready_on_no_node(mesh: ServedMesh, meshglobal: Meshglobal, name: str, code: str) -> None:
    set_ready(mesh, "cluster2", name, 0)
    ran = meshglobal(*ALL, "-o", "json")
    assert (ran.code, codes(ran)) == (1, {(code, "cluster2")})
    assert f"istio-system/{name} is ready on 0 of 1 nodes" in ran.document["findings"][0]["message"]


def test_a_link_that_flaps_is_seen_between_two_looks(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    client = mesh.clusters["cluster1"].client()

    def say(status: str) -> None:
        found: Any = client.get(GATEWAYS, *LINK)
        conditions = [
            one | {"status": status} if one["type"] == CONNECTED else one for one in found["status"]["conditions"]
        ]
        client.replace(GATEWAYS, found | {"status": found["status"] | {"conditions": conditions}}, "status")

    async def flap() -> None:
        while True:
            for status in ("False", "True"):
                say(status)
                await asyncio.sleep(0.02)

    flapping = asyncio.run_coroutine_threadsafe(flap(), mesh.loop)
    try:
        ran = meshglobal(*ALL, "--samples", "2", "--interval", "1s", "-o", "json")
    finally:
        flapping.cancel()
    assert ran.code == 1
    assert ("MG313", "cluster1") in codes(ran)
    assert {context for _, context in codes(ran)} == {"cluster1"}


def test_samples_must_fit_into_the_time_of_the_run(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = meshglobal(*ALL, "--samples", "4", "--interval", "20s", "--timeout", "1m")
    assert (ran.code, ran.out) == (2, "")
    assert "4 samples every 20s take 60 s, and the run may take 60 s" in ran.err
    assert meshglobal(*ALL, "--samples", "2", "--interval", "soon").code == 2


def test_parts_are_looked_for_where_they_are_said_to_be(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    places = ("--ztunnel-namespace", "istio-system", "--cni-namespace", "kube-system", "--istiod-namespace", "mesh")
    ran = meshglobal(*ALL, *places, "--gateway-namespace", "istio-eastwest", "-v")
    assert ran.code == 0, ran.err
    assert "/namespaces/istio-system/daemonsets?" in ran.err
    assert "/namespaces/kube-system/daemonsets?" in ran.err
    assert "/namespaces/mesh/deployments?" in ran.err
    assert "/namespaces/istio-eastwest/gateways?" in ran.err
    assert "/v1/daemonsets" not in ran.err
    assert ran.out.splitlines()[1].split()[2] == "-"
    ran = meshglobal(*ALL, "--gateway-namespace", "elsewhere", "-o", "json")
    assert {code for code, _ in codes(ran)} == {"MG301", "MG303"}
    assert "in namespace elsewhere" in ran.document["findings"][0]["message"]
