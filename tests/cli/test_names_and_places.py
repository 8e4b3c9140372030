"""What is named must exist, wherever it was looked for; where nothing is found, the place is said."""

from __future__ import annotations

from ran import Meshglobal
from served_mesh import ServedMesh

ALL = ("--all-contexts",)
HERE = ("-n", "bookinfo", *ALL)


def test_a_name_that_is_in_no_namespace_fails_also_in_all_namespaces(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = meshglobal("verify", "svc/ratngs", "-A", *ALL)
    assert ran.code == 1
    assert "not found in any namespace" in ran.err
    assert "did you mean ratings?" in ran.err


def test_a_named_service_must_be_global_also_in_all_namespaces(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = meshglobal("verify", "svc/ratings", "-A", *ALL, "-o", "json")
    assert (ran.code, set(ran.states().values())) == (1, {"Missing"})
    assert meshglobal("expose", "svc", "ratings", *HERE).code == 0
    assert meshglobal("verify", "svc/ratings", "-A", *ALL).code == 0


def test_in_all_namespaces_one_published_service_of_the_name_is_enough(
    mesh: ServedMesh, meshglobal: Meshglobal
) -> None:
    service = mesh.get("cluster1", "services", "bookinfo", "ratings")
    namesake = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "ratings", "namespace": "default"},
        "spec": {"selector": service["spec"]["selector"], "ports": [{"name": "http", "port": 9080}]},
    }
    mesh.call(lambda: mesh.clusters["cluster1"].client().create("services", namesake))
    assert meshglobal("expose", "svc", "ratings", *HERE).code == 0
    ran = meshglobal("verify", "svc/ratings", "-A", *ALL, "-o", "json")
    assert (ran.code, {host["namespace"] for host in ran.document["hosts"]}) == (0, {"bookinfo"})


def test_list_refuses_names_that_are_nowhere(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = meshglobal("list", "svc/productpag", *HERE)
    assert (ran.code, "did you mean productpage?" in ran.err) == (1, True)
    ran = meshglobal("list", "ns/bookinf", *ALL)
    assert (ran.code, "not found in any selected cluster" in ran.err) == (1, True)


def test_the_namespace_that_was_meant_is_asked_for(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = meshglobal("describe", "svc", "productpage", *ALL)
    assert (ran.code, "choose one with -n" in ran.err) == (1, True)


def test_where_nothing_was_found_is_said(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    assert meshglobal("verify", *ALL).out == "no global service in default namespace; 3 of 3 clusters read\n"
    assert meshglobal("verify", "-A", *ALL).out == "no global service; 3 of 3 clusters read\n"
    assert meshglobal("list", "ns/bookinfo", *ALL).err == "No global services found in bookinfo namespace.\n"


def test_absence_is_not_claimed_where_nothing_was_read(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    for cluster in mesh.clusters:
        mesh.stop_cluster(cluster)
    ran = meshglobal("verify", *HERE)
    assert (ran.code, ran.out) == (3, "nothing could be read; 0 of 3 clusters read\n")
    ran = meshglobal("list", *HERE)
    assert ran.code == 3
    assert "No global services found in bookinfo namespace in what could be read." in ran.err
    ran = meshglobal("describe", "svc", "reviews", *HERE)
    assert ran.code == 3
    assert "Hosts:      unknown: cluster1, cluster2, cluster3 could not be read" in ran.out


def test_describe_takes_a_selector(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = meshglobal("describe", "svc", "-l", "app in (details,reviews)", *HERE, "-o", "name")
    assert (ran.code, ran.out) == (0, "service/details\nservice/reviews\n")


def test_a_write_names_each_object_once(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = meshglobal("expose", "svc", "ratings", *HERE, "-o", "name", "--no-wait")
    assert (ran.code, ran.out) == (0, "service/ratings\n")


def test_a_write_names_what_was_written_and_not_what_follows_from_it(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = meshglobal("expose", "ns", "bookinfo", *ALL, "--yes", "-o", "name")
    assert (ran.code, ran.out) == (0, "namespace/bookinfo\n")
