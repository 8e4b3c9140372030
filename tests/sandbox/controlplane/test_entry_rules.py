"""What the generated objects contain: R11 to R17, R19 to R22."""

from __future__ import annotations

import pytest
from mesh_objects import GLOBAL, HTTP, JSON, SEGMENT, cluster, entries, link, members, pod, service, two

NAME = "autogen.bookinfo.reviews"
PEER = "autogen.east.bookinfo.reviews"


def ports(mesh: dict[str, list[JSON]], viewer: str, *settings: str) -> list[tuple[int, str, str]]:
    return [tuple(port.values()) for port in entries(mesh, viewer, *settings)[NAME]["spec"]["ports"]]


def test_a_service_entry_is_the_references() -> None:
    """R8, R11 to R14, and the labels that point back"""
    mesh = two([service(labels=GLOBAL), pod("reviews-1")], [service(labels=GLOBAL), pod("reviews-2")])
    assert entries(mesh, "west")[NAME] == {
        "apiVersion": "networking.istio.io/v1",
        "kind": "ServiceEntry",
        "metadata": {
            "name": NAME,
            "namespace": "istio-system",
            "labels": {
                "solo.io/parent-service": "reviews",
                "solo.io/parent-service-namespace": "bookinfo",
                "solo.io/service-scope": "global",
            },
        },
        "spec": {
            "hosts": ["reviews.bookinfo.mesh.internal"],
            "ports": [{"number": 9080, "name": "http", "protocol": "HTTP"}],
            "resolution": "STATIC",
            "subjectAltNames": ["spiffe://east/ns/bookinfo/sa/bookinfo-reviews"],
            "workloadSelector": {"labels": {"app": "reviews"}},
        },
    }


def test_a_workload_entry_stands_for_a_peer_without_an_address() -> None:
    """R19, R20"""
    mesh = two([service(labels=GLOBAL)], [service(labels=GLOBAL)])
    assert members(mesh, "west") == {
        PEER: {
            "apiVersion": "networking.istio.io/v1",
            "kind": "WorkloadEntry",
            "metadata": {
                "name": PEER,
                "namespace": "istio-system",
                "labels": {"solo.io/parent-service": "reviews", "solo.io/parent-service-namespace": "bookinfo"},
            },
            "spec": {"labels": {"app": "reviews"}, "network": "east"},
        }
    }


def test_the_location_is_switchable() -> None:
    """R12"""
    mesh = two([service(labels=GLOBAL)], [])
    assert "location" not in entries(mesh, "west")[NAME]["spec"]
    assert entries(mesh, "west", "location=MESH_INTERNAL")[NAME]["spec"]["location"] == "MESH_INTERNAL"


def test_only_peers_that_publish_have_members_and_identities() -> None:
    """R14, R19"""
    mesh = {
        "west": cluster("west", "east north", service(labels=GLOBAL), pod("a", account="own")),
        "east": cluster("east", "west north", service(), pod("b", account="not-published")),
        "north": cluster(
            "north",
            "west east",
            service(labels=GLOBAL),
            pod("c", account="x"),
            pod("d", account="w"),
            pod("e", "other"),
        ),
    }
    assert list(members(mesh, "west")) == ["autogen.north.bookinfo.reviews"]
    found = entries(mesh, "west")[NAME]["spec"]["subjectAltNames"]
    assert found == ["spiffe://north/ns/bookinfo/sa/w", "spiffe://north/ns/bookinfo/sa/x"]
    assert entries(mesh, "north")[NAME]["spec"]["subjectAltNames"] == ["spiffe://west/ns/bookinfo/sa/own"]


def test_without_peers_there_are_no_identities() -> None:
    """R14"""
    assert "subjectAltNames" not in entries(two([service(labels=GLOBAL), pod("a")], []), "west")[NAME]["spec"]


def test_identities_have_the_links_trust_domain_and_the_usual_one_without() -> None:
    """R14"""
    mesh = two([], [service(labels=GLOBAL), pod("b")])
    named = cluster("west", "", link("east", trust_domain="corp.example"))
    plain = link("east")
    del plain["metadata"]["annotations"]
    for west, domain in ((named, "corp.example"), (cluster("west", "", plain), "cluster.local")):
        found = entries(mesh | {"west": west}, "west")[NAME]["spec"]["subjectAltNames"]
        assert found == [f"spiffe://{domain}/ns/bookinfo/sa/bookinfo-reviews"]


def test_a_cluster_without_the_service_gets_the_entry_too() -> None:
    """R17"""
    mesh = two([service(labels=GLOBAL)], [])
    assert list(entries(mesh, "east")) == [NAME]
    assert list(members(mesh, "east")) == ["autogen.west.bookinfo.reviews"]


def test_a_service_without_a_selector_is_joined_by_its_parent() -> None:
    """R40"""
    mesh = two([service(labels=GLOBAL, selector={})], [])
    assert "app" not in entries(mesh, "west")[NAME]["spec"]["workloadSelector"]["labels"]


def test_the_scope_label_says_the_widest_reach() -> None:
    """3.1"""
    mesh = two([service(labels=SEGMENT)], [service(labels=GLOBAL)])
    assert entries(mesh, "west")[NAME]["metadata"]["labels"]["solo.io/service-scope"] == "global"


def test_ports_are_the_local_published_services() -> None:
    """R15"""
    other = service(labels=GLOBAL, ports=[{"port": 80, "name": "grpc"}])
    mesh = two([service(labels=GLOBAL)], [other])
    assert ports(mesh, "west") == [(9080, "http", "HTTP")]
    assert ports(mesh, "east") == [(80, "grpc", "GRPC")]


@pytest.mark.parametrize("local", [[], [service(ports=[{"port": 1, "name": "tcp"}])]])
def test_ports_are_the_peers_without_a_local_published_service(local: list[JSON]) -> None:
    """R15"""
    mesh = {
        "west": cluster("west", "east north", *local),
        "east": cluster("east", "", service(labels=GLOBAL, ports=[HTTP, {"port": 90, "name": "tls"}])),
        "north": cluster(
            "north", "", service(labels=GLOBAL, ports=[{"port": 9080, "name": "tcp"}, HTTP | {"port": 7}])
        ),
    }
    assert ports(mesh, "west") == [(9080, "http", "HTTP"), (90, "tls", "TLS"), (7, "http-7", "HTTP")]


@pytest.mark.parametrize(
    ("port", "expected"),
    [
        ({"port": 80}, (80, "port-80", "TCP")),
        ({"port": 80, "name": "http"}, (80, "http", "HTTP")),
        ({"port": 80, "name": "http-web"}, (80, "http-web", "HTTP")),
        ({"port": 80, "name": "httpweb"}, (80, "httpweb", "TCP")),
        ({"port": 80, "name": "http2"}, (80, "http2", "HTTP2")),
        ({"port": 7070, "name": "grpc-api"}, (7070, "grpc-api", "GRPC")),
        ({"port": 7070, "name": "grpc-web"}, (7070, "grpc-web", "GRPC-Web")),
        ({"port": 7070, "name": "web", "appProtocol": "grpc"}, (7070, "web", "GRPC")),
        ({"port": 7070, "name": "http", "appProtocol": "tcp"}, (7070, "http", "TCP")),
        ({"port": 80, "name": "web", "appProtocol": "HTTP"}, (80, "web", "HTTP")),
        ({"port": 80, "name": "a", "appProtocol": "kubernetes.io/h2c"}, (80, "a", "HTTP2")),
        ({"port": 80, "name": "a", "appProtocol": "kubernetes.io/ws"}, (80, "a", "HTTP")),
        ({"port": 80, "name": "http", "appProtocol": "example.com/odd"}, (80, "http", "TCP")),
        ({"port": 3306, "name": "database"}, (3306, "database", "TCP")),
        ({"port": 8000, "name": "http", "targetPort": "http", "appProtocol": "http"}, (8000, "http", "HTTP")),
    ],
)
def test_the_protocol_follows_app_protocol_then_the_name(port: JSON, expected: tuple[int, str, str]) -> None:
    """R15"""
    assert ports(two([service(labels=GLOBAL, ports=[port])], []), "east") == [expected]


def test_ports_other_than_tcp_are_left_out_unless_switched() -> None:
    """R40"""
    dns = [{"port": 53, "name": "dns", "protocol": "UDP"}]
    mesh = two([service(labels=GLOBAL, ports=[*dns, HTTP])], [])
    assert ports(mesh, "west") == [(9080, "http", "HTTP")]
    assert ports(mesh, "west", "other-transports=kept") == [(53, "dns", "UDP"), (9080, "http", "HTTP")]
    assert entries(two([service(labels=GLOBAL, ports=dns)], []), "west") == {}


def test_a_named_target_port_can_be_dropped_as_older_builds_did() -> None:
    """R15, section 7"""
    mesh = two([service(labels=GLOBAL, ports=[HTTP | {"targetPort": "http"}, {"port": 1, "name": "tcp"}])], [])
    assert ports(mesh, "west", "named-target-port=dropped") == [(1, "tcp", "TCP")]


def test_on_one_network_each_remote_pod_has_an_entry_with_its_address() -> None:
    """R21, R36"""
    mesh = {
        "west": cluster("west", "", link("east", network="flat"), service(labels=GLOBAL), network="flat"),
        "east": cluster(
            "east",
            "",
            link("west", network="flat"),
            service(labels=GLOBAL),
            pod("reviews-1", ip="10.0.0.7"),
            pod("no-address-yet"),
            pod("gone", ip="10.0.0.8", phase="Succeeded"),
            pod("other", "ratings", ip="10.0.0.9"),
            network="flat",
        ),
    }
    flat = "autogenflat.east.reviews-1.bookinfo.reviews"
    found = members(mesh, "west")
    assert sorted(found) == [PEER, flat]
    assert found[flat]["spec"] == {
        "address": "10.0.0.7",
        "labels": {"app": "reviews"},
        "network": "flat",
        "serviceAccount": "bookinfo-reviews",
    }
    assert list(members(mesh, "west", "flat-peer-entry=dropped")) == [flat]
    assert list(members(mesh, "east")) == ["autogen.west.bookinfo.reviews"]


def test_on_different_networks_pods_stay_behind_the_gateway() -> None:
    """R19, R21"""
    mesh = two([], [service(labels=GLOBAL), pod("reviews-1", ip="10.0.0.7")])
    assert list(members(mesh, "west")) == [PEER]
