"""Localities, and networks that are one: three clusters, of which two are near each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from calling import Calling
from served_mesh import served_mesh

from meshglobal.domain.labels import NETWORK, REGION

ONE, TWO, THREE = "cluster1", "cluster2", "cluster3"
REGIONS = {ONE: "eu", TWO: "eu", THREE: "us"}
GLOBAL = "http://in-ambient.httpbin.mesh.internal:8000/get"
GATEWAYS = "gateways.gateway.networking.k8s.io"


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calling]:
    with served_mesh(tmp_path_factory.mktemp("mesh"), 3, "httpbin", has_traffic=True) as served:
        calling = Calling(served, "httpbin")
        for cluster, region in REGIONS.items():
            calling.mark(cluster, "nodes", f"{cluster}-node", "", labels={REGION: region})
            for peer in set(REGIONS) - {cluster}:
                mark = {REGION: REGIONS[peer]}
                calling.mark(cluster, GATEWAYS, f"istio-remote-peer-{peer}", "istio-eastwest", labels=mark)
        yield calling


def test_prefer_region_stays_in_the_region_while_it_can(mesh: Calling) -> None:
    mesh.publish("in-ambient", *REGIONS, mode="PreferRegion")
    caller = mesh.pod(ONE, "client-in-ambient")
    assert set(mesh.served_by(caller, GLOBAL, 40)) == {ONE, TWO}
    mesh.scale(ONE, "in-ambient", 0)
    assert mesh.served_by(caller, GLOBAL, 20) == {TWO: 20}
    mesh.scale(TWO, "in-ambient", 0)
    assert mesh.served_by(caller, GLOBAL, 20) == {THREE: 20}
    for cluster in (ONE, TWO):
        mesh.scale(cluster, "in-ambient", 1)


def test_a_peer_weighs_as_much_as_it_has_pods(mesh: Calling) -> None:
    mesh.publish("in-ambient", *REGIONS, mode="Any")
    mesh.scale(TWO, "in-ambient", 4)
    found = mesh.served_by(mesh.pod(ONE, "client-in-ambient"), GLOBAL, 240)
    assert set(found) == set(REGIONS)
    assert 120 <= found[TWO] <= 200
    mesh.scale(TWO, "in-ambient", 1)


def test_on_one_network_pods_are_reached_directly_and_are_all_near(mesh: Calling) -> None:
    mesh.publish("in-ambient", *REGIONS)
    caller = mesh.pod(ONE, "client-in-ambient")
    assert set(mesh.served_by(caller, GLOBAL, 10)) == {ONE}
    mesh.mark(TWO, "namespaces", "istio-system", "", labels={NETWORK: ONE})
    try:
        assert set(mesh.served_by(caller, GLOBAL, 40)) == {ONE, TWO}
    finally:
        mesh.mark(TWO, "namespaces", "istio-system", "", labels={NETWORK: TWO})
    assert set(mesh.served_by(caller, GLOBAL, 10)) == {ONE}


def test_a_cluster_without_the_service_reaches_the_others(mesh: Calling) -> None:
    mesh.publish("in-ambient", *REGIONS)
    for cluster in (ONE, TWO):
        mesh.scale(cluster, "in-ambient", 0)
    assert set(mesh.served_by(mesh.pod(ONE, "client-in-ambient"), GLOBAL, 6)) == {THREE}
    for cluster in (ONE, TWO):
        mesh.scale(cluster, "in-ambient", 1)
