"""Users with limited rights: what they may not read is unknown, with the reason, never missing."""

from __future__ import annotations

from ran import Meshglobal
from served_mesh import ServedMesh


def test_a_reader_can_verify_but_not_expose(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    meshglobal("expose", "svc", "productpage", "-n", "bookinfo", "--context", "cluster1,cluster2")
    reader = ("--kubeconfig", str(mesh.users_kubeconfig("reader")), "--context", "cluster1-reader,cluster2-reader")
    ran = meshglobal("verify", "svc/productpage", "-n", "bookinfo", *reader, "-o", "json")
    assert ran.code == 0, ran.err
    assert set(ran.states().values()) == {"Ready"}
    ran = meshglobal("expose", "svc", "details", "-n", "bookinfo", *reader, "-o", "json")
    assert ran.code == 3
    assert {write["failure"]["cause"] for write in ran.document["writes"]} == {"forbidden"}
    assert 'cannot patch resource "services"' in ran.document["writes"][0]["failure"]["message"]
    ran = meshglobal("expose", "svc", "details", "-n", "bookinfo", *reader, "-q")
    assert (ran.code, ran.out) == (3, "")
    lines = ran.err.splitlines()
    assert lines[0].startswith("error: cluster1-reader: service/details failed: ")
    assert lines[1] == "hint: ask for the right: meshglobal rbac prints what each command needs"
    assert lines[-1] == "error: nothing was written"


def test_somebody_without_rights_learns_that_nothing_is_known(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    meshglobal("expose", "svc", "productpage", "-n", "bookinfo", "--context", "cluster1")
    users = ("--kubeconfig", str(mesh.users_kubeconfig("nobody")))
    ran = meshglobal(
        "verify", "svc/productpage", "-n", "bookinfo", "--context", "cluster1-nobody", *users, "-o", "json"
    )
    assert ran.code == 3
    assert set(ran.states().values()) == {"Unknown"}
    assert {unread["failure"]["cause"] for unread in ran.document["clusters"][0]["unread"]} == {"forbidden"}
    mixed = meshglobal(
        "verify", "svc/productpage", "-n", "bookinfo", "--context", "cluster1,cluster2-nobody", *users, "-o", "json"
    )
    assert mixed.code == 3
    assert mixed.states() == {"cluster1": "Ready", "cluster2-nobody": "Unknown"}


def test_contexts_of_one_cluster_are_counted_once(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    meshglobal("expose", "svc", "productpage", "-n", "bookinfo", "--context", "cluster1")
    users = ("--kubeconfig", str(mesh.users_kubeconfig("reader")), "--context", "cluster1,cluster1-reader")
    ran = meshglobal("verify", "-n", "bookinfo", *users, "-o", "json")
    assert ran.document["summary"]["clusters"] == 1
    assert ran.document["clusters"][0]["aliases"] == ["cluster1-reader"]
    again = meshglobal("expose", "svc", "details", "-n", "bookinfo", *users, "-o", "json")
    assert (again.code, len(again.document["writes"])) == (0, 1)


def test_impersonation_is_passed_on(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = meshglobal("verify", "-n", "bookinfo", "--context", "cluster1", "--as", "nobody", "-o", "json")
    assert ran.code == 3
    assert 'User "nobody" cannot list' in ran.document["clusters"][0]["unread"][0]["failure"]["message"]
