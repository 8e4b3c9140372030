"""After `unexpose`: what stays global all the same, what is left behind, and how to be rid of it."""

from __future__ import annotations

from ran import Meshglobal
from served_mesh import ServedMesh

ALL = ("--all-contexts",)
HERE = ("-n", "bookinfo", *ALL)


def test_a_service_of_a_global_namespace_stays_global_and_the_way_out_is_named(
    mesh: ServedMesh, meshglobal: Meshglobal
) -> None:
    del mesh
    meshglobal("expose", "ns", "bookinfo", *ALL, "--yes")
    ran = meshglobal("unexpose", "svc", "reviews", *HERE, "--yes")
    assert ran.code == 0
    assert "cluster1: service/reviews not labeled (unchanged)" in ran.out
    assert "bookinfo/reviews in cluster1, cluster2, cluster3: stays global" in ran.err
    assert "meshglobal unexpose svc reviews -n bookinfo --opt-out" in ran.err
    ran = meshglobal("unexpose", "svc", "reviews", *HERE, "--yes", "--opt-out", "-o", "json")
    assert (ran.code, ran.document["notes"], ran.document["hosts"]) == (0, [], [])


def test_a_service_with_a_label_of_its_own_outlasts_that_of_its_namespace(
    mesh: ServedMesh, meshglobal: Meshglobal
) -> None:
    del mesh
    meshglobal("expose", "svc", "reviews", *HERE)
    meshglobal("expose", "ns", "bookinfo", *ALL, "--yes")
    ran = meshglobal("unexpose", "ns", "bookinfo", *ALL, "--yes")
    assert ran.code == 0
    assert "stays global: it is labeled solo.io/service-scope=global itself" in ran.err
    assert ran.err.count("stays global") == 1
    assert "meshglobal unexpose svc reviews -n bookinfo" in ran.err


def test_a_distribution_that_is_left_behind_is_mentioned_once(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    meshglobal("expose", "svc", "reviews", *HERE, "--traffic-distribution", "Any")
    ran = meshglobal("unexpose", "svc", "reviews", *HERE, "--yes")
    assert (ran.code, ran.err.count("traffic-distribution=Any stays; --purge")) == (0, 1)
    ran = meshglobal("unexpose", "svc", "reviews", *HERE, "--yes", "--purge")
    assert (ran.code, "stays" in ran.err) == (0, False)
    assert "cluster1: service/reviews annotation removed" in ran.out


def test_a_host_is_not_said_to_vanish_where_a_cluster_could_not_be_read(
    mesh: ServedMesh, meshglobal: Meshglobal
) -> None:
    meshglobal("expose", "svc", "reviews", *HERE)
    mesh.stop_cluster("cluster3")
    ran = meshglobal("unexpose", "svc", "reviews", *HERE)
    assert "unless by cluster3, which could not be read" in ran.err


def test_what_one_dead_cluster_keeps_from_being_written_is_said_and_ends_with_4(
    mesh: ServedMesh, meshglobal: Meshglobal
) -> None:
    mesh.stop_cluster("cluster3")
    ran = meshglobal("expose", "svc", "reviews", *HERE, "-q")
    assert ran.code == 4
    assert "error: cluster3: nothing was written there" in ran.err
    assert ran.err.count("cluster3: could not be read") == 1
    assert "ServiceEntry could not be read" not in ran.err
    again = meshglobal("expose", "svc", "reviews", *HERE, "-o", "json")
    assert again.code == 3, "nothing was left to write where it could be"
    assert [cluster["reached"] for cluster in again.document["clusters"]] == [True, True, False]
    assert again.states() == {"cluster1": "Ready", "cluster2": "Ready", "cluster3": "Unknown"}


def test_clusters_keep_their_identity_while_waiting(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = meshglobal("expose", "svc", "reviews", *HERE, "-o", "json")
    assert all(cluster["uid"] for cluster in ran.document["clusters"])
