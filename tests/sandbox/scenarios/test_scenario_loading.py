"""Scenarios made out for clusters: names, files, the mesh around them, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from meshglobal.sandbox.scenarios import BUILT_IN, ScenarioError, load_scenario

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON

CLUSTERS = ["east", "west", "north"]


def named(objects: list[JSON], kind: str, namespace: str | None = None) -> list[str]:
    return [
        each["metadata"]["name"]
        for each in objects
        if each["kind"] == kind and namespace in (None, each["metadata"].get("namespace", ""))
    ]


def the(objects: list[JSON], kind: str, name: str) -> JSON:
    (found,) = [each for each in objects if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return found


def written(folder: Path, text: str) -> str:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_cluster_is_a_peered_member_of_the_mesh(name: str) -> None:
    scenario = load_scenario(name, CLUSTERS)
    assert list(scenario) == CLUSTERS
    for cluster, objects in scenario.items():
        peers = sorted(set(CLUSTERS) - {cluster})
        network = the(objects, "Namespace", "istio-system")["metadata"]["labels"]["topology.istio.io/network"]
        assert network == cluster
        remotes = [
            each for each in objects if each["kind"] == "Gateway" and each["spec"]["gatewayClassName"] == "istio-remote"
        ]
        assert sorted(each["metadata"]["labels"]["topology.istio.io/network"] for each in remotes) == peers
        for remote in remotes:
            healthy = {each["type"] for each in remote["status"]["conditions"] if each["status"] == "True"}
            assert {"gloo.solo.io/PeerConnected", "gloo.solo.io/PeeringSucceeded"} <= healthy
        istiod = the(objects, "Deployment", "istiod")
        assert ":1.30" in istiod["spec"]["template"]["spec"]["containers"][0]["image"]
        assert {"kube-system", "default", "istio-eastwest"} <= set(named(objects, "Namespace"))


def test_peers_are_reached_at_the_address_of_their_own_gateway() -> None:
    scenario = load_scenario("empty", CLUSTERS)
    own = {cluster: the(objects, "Gateway", "istio-eastwest") for cluster, objects in scenario.items()}
    addresses = {cluster: each["status"]["addresses"][0]["value"] for cluster, each in own.items()}
    assert len(set(addresses.values())) == len(CLUSTERS)
    for cluster, objects in scenario.items():
        for peer in set(CLUSTERS) - {cluster}:
            remote = the(objects, "Gateway", f"istio-remote-peer-{peer}")
            assert remote["spec"]["addresses"] == [{"type": "IPAddress", "value": addresses[peer]}]
            assert remote["metadata"]["annotations"]["gateway.istio.io/trust-domain"] == peer


def test_all_clusters_share_one_root_certificate() -> None:
    scenario = load_scenario("empty", CLUSTERS)
    roots = {the(objects, "ConfigMap", "istio-ca-root-cert")["data"]["root-cert.pem"] for objects in scenario.values()}
    (root,) = roots
    certificate = x509.load_pem_x509_certificate(root.encode())
    assert certificate.issuer == certificate.subject
    certificate.verify_directly_issued_by(certificate)


def test_bookinfo_has_its_services_deployments_and_accounts() -> None:
    objects = load_scenario("bookinfo", ["east"])["east"]
    assert the(objects, "Namespace", "bookinfo")["metadata"]["labels"] == {"istio.io/dataplane-mode": "ambient"}
    services = named(objects, "Service", "bookinfo")
    assert sorted(services) == ["details", "productpage", "ratings", "reviews"]
    deployments = sorted(named(objects, "Deployment", "bookinfo"))
    assert deployments == ["details-v1", "productpage-v1", "ratings-v1", "reviews-v1", "reviews-v2", "reviews-v3"]
    assert sorted(named(objects, "ServiceAccount", "bookinfo")) == [f"bookinfo-{each}" for each in sorted(services)]
    for name in services:
        service = the(objects, "Service", name)
        assert service["metadata"]["labels"] == {"app": name, "service": name}
        assert service["spec"] == {"ports": [{"name": "http", "port": 9080}], "selector": {"app": name}}


def test_httpbin_names_its_target_port() -> None:
    objects = load_scenario("httpbin", ["east"])["east"]
    (port,) = the(objects, "Service", "in-ambient")["spec"]["ports"]
    assert port == {"name": "http", "port": 8000, "targetPort": "http", "protocol": "TCP", "appProtocol": "http"}
    (container,) = the(objects, "Deployment", "in-ambient")["spec"]["template"]["spec"]["containers"]
    assert container["ports"] == [{"name": "http", "containerPort": 8080}]


def test_httpbin_segments_is_httpbin_with_two_segments_that_every_cluster_knows_and_none_is_in() -> None:
    plain, scenario = load_scenario("httpbin", CLUSTERS), load_scenario("httpbin-segments", CLUSTERS)
    for cluster, objects in scenario.items():
        segments = [each for each in objects if each["kind"] == "Segment"]
        domains = {each["metadata"]["name"]: each["spec"]["domain"] for each in segments}
        assert domains == {"dev": "dev.mesh", "prod": "prod.mesh"}
        assert {each["metadata"]["namespace"] for each in segments} == {"istio-system"}
        assert "admin.solo.io/segment" not in the(objects, "Namespace", "istio-system")["metadata"]["labels"]
        assert [each for each in objects if each not in segments] == plain[cluster]


@pytest.mark.parametrize("name", BUILT_IN)
def test_no_scenario_exposes_anything_itself(name: str) -> None:
    for each in load_scenario(name, ["east"])["east"]:
        assert "solo.io/service-scope" not in each["metadata"].get("labels", {})


def test_nothing_is_left_to_fill_in() -> None:
    assert "${" not in repr(load_scenario("bookinfo", CLUSTERS))


def test_a_files_objects_stand_everywhere_and_those_of_clusters_where_they_are_named(tmp_path: Path) -> None:
    text = """
clusters:
  east:
    - {apiVersion: v1, kind: Service, metadata: {name: only-east, namespace: shop}, spec: {}}
  west: []
---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Service, metadata: {name: both, namespace: shop}, spec: {}}
---
"""
    scenario = load_scenario(written(tmp_path, text), ["east", "west"])
    assert named(scenario["east"], "Service", "shop") == ["both", "only-east"]
    assert named(scenario["west"], "Service", "shop") == ["both"]
    assert "shop" in named(scenario["east"], "Namespace")


def test_a_files_object_replaces_the_meshs_of_the_same_name(tmp_path: Path) -> None:
    text = """
clusters:
  west:
    - apiVersion: v1
      kind: Namespace
      metadata: {name: istio-system, labels: {topology.istio.io/network: elsewhere}}
"""
    scenario = load_scenario(written(tmp_path, text), ["east", "west"])
    labels = {
        cluster: the(objects, "Namespace", "istio-system")["metadata"]["labels"]
        for cluster, objects in scenario.items()
    }
    assert labels["east"] == {"topology.istio.io/network": "east"}
    assert labels["west"] == {"topology.istio.io/network": "elsewhere"}


def test_what_a_server_had_added_is_left_out_and_dollars_stay(tmp_path: Path) -> None:
    text = """
apiVersion: v1
kind: ConfigMap
metadata: {name: kept, namespace: shop, uid: u, resourceVersion: "7", creationTimestamp: "2026-01-01T00:00:00Z",
  managedFields: []}
data: {price: "${price} $5"}
"""
    found = the(load_scenario(written(tmp_path, text), ["east"])["east"], "ConfigMap", "kept")
    assert found["metadata"] == {"name": "kept", "namespace": "shop"}
    assert found["data"] == {"price": "${price} $5"}


def test_an_exported_pod_forgets_its_node(tmp_path: Path) -> None:
    text = "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}, spec: {nodeName: n1, containers: []}}"
    found = the(load_scenario(written(tmp_path, text), ["east"])["east"], "Pod", "a")
    assert found["spec"] == {"containers": []}


def test_definitions_and_namespaces_come_first(tmp_path: Path) -> None:
    text = """
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: late}}
---
{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: things.example.com}, spec: {}}
"""
    kinds = [each["kind"] for each in load_scenario(written(tmp_path, text), ["east"])["east"]]
    assert kinds[0] == "CustomResourceDefinition"
    assert kinds[1 : 1 + kinds.count("Namespace")] == ["Namespace"] * kinds.count("Namespace")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: [", "not YAML"),
        ("- 1", "expected a Kubernetes object, found list"),
        ("kind: Service", "apiVersion is missing"),
        ("{apiVersion: v1, kind: Service}", "Service without metadata.name"),
        ("clusters: [east]", "map cluster names to lists"),
        ("clusters: {east: {kind: Service}}", "clusters.east must be a list"),
        ("clusters: {east: [7]}", r"clusters.east\[0\]: expected a Kubernetes object, found int"),
        ("clusters: {mars: []}", "no cluster is called mars"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_name_and_the_reason(
    tmp_path: Path, text: str, why: str
) -> None:
    with pytest.raises(ScenarioError, match=f"mine.yaml.*{why}"):
        load_scenario(written(tmp_path, text), ["east"])


def test_an_unknown_scenario_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match=r"nosuch: neither a scenario \(bookinfo, httpbin, .*empty.*\) nor a file"):
        load_scenario("nosuch", ["east"])


@pytest.mark.parametrize("clusters", [["East"], ["a.b"], [""], ["east", "east"]])
def test_cluster_names_must_be_usable_and_different(clusters: list[str]) -> None:
    with pytest.raises(ScenarioError, match="cluster"):
        load_scenario("empty", clusters)


def test_a_folder_is_no_scenario(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_scenario(str(tmp_path), ["east"])
