"""What is published: R1 to R5, R18, R23, R24 to R26, R40."""

from __future__ import annotations

import pytest
from mesh_objects import GLOBAL, GLOBAL_ONLY, JSON, TAKEOVER, cluster, entries, hosts, members, namespace, service, two

REVIEWS = "reviews.bookinfo.mesh.internal"
LOCAL = "reviews.bookinfo.svc.cluster.local"


@pytest.mark.parametrize("scope", ["global", "segment", "global-only"])
def test_the_three_scopes_publish(scope: str) -> None:
    """R1"""
    mesh = two([service(labels={"solo.io/service-scope": scope})], [])
    assert hosts(mesh, "west") == [REVIEWS]


@pytest.mark.parametrize("scope", ["cluster", "", "Global", "GLOBAL", "globally", "true", "local"])
def test_any_other_value_publishes_nothing(scope: str) -> None:
    """R1, R3"""
    mesh = two([service(labels={"solo.io/service-scope": scope})], [])
    assert hosts(mesh, "west") == hosts(mesh, "east") == []


def test_an_unlabelled_service_is_not_published() -> None:
    """R1"""
    mesh = two([service()], [service()])
    assert hosts(mesh, "west") == hosts(mesh, "east") == []


@pytest.mark.parametrize(
    ("own", "of_namespace", "by_default", "by_either"),
    [
        (None, "global", "published", "published"),
        ("cluster", "global", "not", "published"),
        ("", "global", "not", "published"),
        ("global", "cluster", "published", "published"),
        ("nonsense", "global", "not", "published"),
        ("cluster", "segment", "not", "published"),
        ("cluster", "cluster", "not", "not"),
        (None, "", "not", "not"),
    ],
)
def test_the_services_own_label_wins_over_the_namespaces(
    own: str | None, of_namespace: str, by_default: str, by_either: str
) -> None:
    """R2, R4"""
    labelled = service(labels={} if own is None else {"solo.io/service-scope": own})
    mesh = two([namespace("bookinfo", {"solo.io/service-scope": of_namespace}), labelled], [])
    assert bool(hosts(mesh, "west")) is (by_default == "published")
    assert bool(hosts(mesh, "west", "scope-precedence=either")) is (by_either == "published")


def test_a_namespace_publishes_each_of_its_services() -> None:
    """R4"""
    mesh = two([namespace("bookinfo", GLOBAL), service("reviews"), service("ratings")], [])
    assert hosts(mesh, "east") == ["ratings.bookinfo.mesh.internal", REVIEWS]


def test_global_only_takes_over_too() -> None:
    """R5"""
    mesh = two([service(labels=GLOBAL_ONLY)], [])
    assert hosts(mesh, "east") == [REVIEWS, LOCAL]
    assert entries(mesh, "east")["autogen.bookinfo.reviews"]["metadata"]["labels"]["solo.io/service-scope"] == "global"


@pytest.mark.parametrize(
    ("west", "names"),
    [
        ([service(labels=GLOBAL | TAKEOVER)], [REVIEWS, LOCAL]),
        ([namespace("bookinfo", TAKEOVER), service(labels=GLOBAL)], [REVIEWS, LOCAL]),
        ([namespace("bookinfo", TAKEOVER), service(labels=GLOBAL | {"solo.io/service-takeover": "false"})], [REVIEWS]),
        ([service(labels=GLOBAL | {"solo.io/service-takeover": "True"})], [REVIEWS]),
        ([service(labels=GLOBAL | {"solo.io/service-takeover": ""})], [REVIEWS]),
        ([service(labels=GLOBAL)], [REVIEWS]),
    ],
)
def test_takeover_by_a_peer_shows_where_there_is_no_local_service(west: list[JSON], names: list[str]) -> None:
    """R24, R25"""
    assert hosts(two(west, []), "east") == names
    assert hosts(two(west, []), "east", "takeover-host=none") == [REVIEWS]
    assert hosts(two(west, []), "west") == [REVIEWS]


@pytest.mark.parametrize("local", [service(), service(labels=GLOBAL), service(labels=GLOBAL | TAKEOVER)])
def test_a_local_service_keeps_its_own_name(local: list[JSON]) -> None:
    """R25: the peers' takeover counts only without a local Service"""
    assert hosts(two([service(labels=GLOBAL | TAKEOVER)], [local]), "east") == [REVIEWS]


def test_takeover_without_a_scope_does_nothing() -> None:
    """R26"""
    mesh = two([service(labels=TAKEOVER)], [])
    assert hosts(mesh, "west") == hosts(mesh, "east") == []


def test_an_unlabelled_local_service_stays_out_of_the_entry_that_peers_cause() -> None:
    """R18: reachable, not aggregated"""
    mesh = two([service(labels=GLOBAL)], [service()])
    selected = entries(mesh, "east")["autogen.bookinfo.reviews"]["spec"]["workloadSelector"]["labels"]
    assert selected == {"solo.io/parent-service": "reviews", "solo.io/parent-service-namespace": "bookinfo"}
    assert not members(mesh, "west")


def test_the_waypoint_of_a_published_service_goes_with_it() -> None:
    """R23"""
    uses = {"istio.io/use-waypoint": "waypoint"}
    for west in (
        [service(labels=GLOBAL | uses), service("waypoint")],
        [namespace("bookinfo", uses), service(labels=GLOBAL), service("waypoint")],
    ):
        assert list(entries(two(west, []), "east")) == ["autogen.bookinfo.reviews", "autogen.bookinfo.waypoint"]
        assert list(entries(two(west, []), "east", "waypoint-entries=none")) == ["autogen.bookinfo.reviews"]


@pytest.mark.parametrize(
    "west",
    [
        [service(labels={"istio.io/use-waypoint": "waypoint"}), service("waypoint")],
        [
            namespace("bookinfo", {"istio.io/use-waypoint": "waypoint"}),
            service(labels=GLOBAL | {"istio.io/use-waypoint": "none"}),
            service("waypoint", {"istio.io/use-waypoint": "none"}),
        ],
        [
            service(labels=GLOBAL | {"istio.io/use-waypoint": "waypoint", "istio.io/use-waypoint-namespace": "infra"}),
            service("waypoint"),
        ],
    ],
)
def test_a_waypoint_that_no_published_service_uses_stays_home(west: list[JSON]) -> None:
    """R23"""
    assert "autogen.bookinfo.waypoint" not in entries(two(west, []), "east")


def test_headless_and_external_name_services_follow_their_switches() -> None:
    """R40"""
    headless = two([service(labels=GLOBAL, clusterIP="None")], [])
    external = two([service(labels=GLOBAL, type="ExternalName", externalName="example.com")], [])
    assert hosts(headless, "east") == [REVIEWS]
    assert hosts(headless, "east", "headless=ignored") == []
    assert hosts(external, "east") == []
    assert hosts(external, "east", "external-name=published") == [REVIEWS]


def test_a_service_before_its_namespace_is_read_by_its_own_label() -> None:
    """R2: no order of arrival matters"""
    alone = [each for each in cluster("west", "", service(labels=GLOBAL)) if each["kind"] != "Namespace"]
    assert hosts({"west": alone}, "west") == [REVIEWS]
