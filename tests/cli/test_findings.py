"""Findings from the command line, on real API servers: none on a healthy mesh, and each broken thing told once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ran import Meshglobal, Ran
from served_mesh import ServedMesh, served_mesh

ENTRIES = "serviceentries.networking.istio.io"
PEERS = "workloadentries.networking.istio.io"
NAME = "autogen.bookinfo.productpage"
TARGET = ("svc", "productpage", "-n", "bookinfo", "--all-contexts")
HERE = ("-n", "bookinfo", "--all-contexts")


def codes(ran: Ran) -> list[tuple[str, str | None]]:
    return [(one["code"], one["context"]) for one in ran.document["findings"]]


def exposed(meshglobal: Meshglobal) -> None:
    ran = meshglobal("expose", *TARGET)
    assert ran.code == 0, ran.err


def edit_entry(mesh: ServedMesh, cluster: str, **fields: Any) -> None:
    """Change fields of the generated entry's spec by hand, when nothing puts them right any more."""
    mesh.stop_control_plane()
    client = mesh.clusters[cluster].client()

    def do() -> None:
        found = client.get(ENTRIES, "istio-system", NAME)
        assert found is not None
        client.replace(ENTRIES, found | {"spec": found["spec"] | fields})

    mesh.call(do)


@pytest.mark.parametrize("scenario", ["bookinfo", "httpbin"])
def test_a_healthy_mesh_has_no_finding(tmp_path: Path, meshglobal: Meshglobal, scenario: str) -> None:
    with served_mesh(tmp_path, 2, scenario):
        ran = meshglobal("expose", "ns", scenario, "--all-contexts", "--yes")
        assert ran.code == 0, ran.err
        for command in ("verify", "list"):
            ran = meshglobal(command, "-A", "--all-contexts", "-o", "json")
            assert (ran.code, codes(ran)) == (0, [])


def test_a_missing_entry_is_told_once_with_its_remedy(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    exposed(meshglobal)
    mesh.stop_control_plane()
    mesh.call(lambda: mesh.clusters["cluster2"].client().delete(ENTRIES, "istio-system", NAME))
    ran = meshglobal("verify", *HERE)
    assert ran.code == 1
    assert "no ServiceEntry in istio-system" in ran.out
    assert "no ServiceEntry" not in ran.err
    remedy = "meshglobal diagnose svc productpage -n bookinfo --context cluster1,cluster2,cluster3"
    assert f"next: {remedy} [MG201]\n" in ran.err
    document = meshglobal("verify", *HERE, "-o", "json")
    assert codes(document) == [("MG201", "cluster2")]
    seen = document.document["findings"][0]["evidence"][0]
    assert (seen["name"], seen["expected"]) == (NAME, "productpage.bookinfo.mesh.internal")


def test_an_entry_changed_by_hand(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    exposed(meshglobal)
    edit_entry(mesh, "cluster1", resolution="DNS", ports=[{"number": 81, "name": "http", "protocol": "HTTP"}])
    ran = meshglobal("verify", *HERE, "-o", "json")
    assert codes(ran) == [("MG203", "cluster1"), ("MG204", "cluster1")]
    reason = next(host["reason"] for host in ran.document["hosts"] if host["context"] == "cluster1")
    assert reason.split("; ") == [f"{one['message']} ({one['rule']})" for one in reversed(ran.document["findings"])]


def test_a_peer_that_has_not_joined(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    exposed(meshglobal)
    mesh.stop_control_plane()
    name = "autogen.cluster2.bookinfo.productpage"
    mesh.call(lambda: mesh.clusters["cluster1"].client().delete(PEERS, "istio-system", name))
    ran = meshglobal("verify", *HERE, "-o", "json")
    assert codes(ran) == [("MG207", "cluster1")]
    assert ran.document["findings"][0]["evidence"][0]["name"] == name


def test_a_peer_left_behind(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    exposed(meshglobal)
    mesh.stop_control_plane()
    ran = meshglobal(
        "unexpose", "svc", "productpage", "-n", "bookinfo", "--context", "cluster3", "--opt-out", "--no-wait", "--yes"
    )
    assert ran.code == 0, ran.err
    ran = meshglobal("verify", *HERE, "-o", "json")
    assert codes(ran) == [("MG208", "cluster1"), ("MG208", "cluster2")]


def test_a_cluster_that_cannot_be_reached_is_told_once(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    exposed(meshglobal)
    mesh.stop_cluster("cluster3")
    ran = meshglobal("verify", *HERE)
    assert ran.code == 3
    assert ran.err.count("cluster3: could not be read") == 1
    assert "MG601" not in ran.err
    assert codes(meshglobal("verify", *HERE, "-o", "json")) == [("MG601", "cluster3")]
