"""The rights that `rbac` prints for each way of `call` are enough, and none of them can be left out unnoticed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ran import Meshglobal, Ran
from served_mesh import ServedMesh, served_mesh
from test_rbac import acts_of, apply, rights, unread, without


@pytest.fixture
def mesh(tmp_path: Path) -> Iterator[ServedMesh]:
    with served_mesh(tmp_path, 1, has_traffic=True) as running:
        yield running


@pytest.mark.parametrize("method", ["exec", "ephemeral", "pod"])
def test_each_way_needs_all_of_it_and_no_more(mesh: ServedMesh, meshglobal: Meshglobal, method: str) -> None:
    assert meshglobal("expose", "svc", "productpage", "-n", "bookinfo", "-q").code == 0
    path = str(mesh.users_kubeconfig("nobody"))
    words = ("--kubeconfig", path, "--context", "cluster1-nobody", "--path", "/productpage", "--method", method)

    def call() -> Ran:
        return meshglobal("call", "svc", "productpage", "-n", "bookinfo", *words, "-o", "json")

    manifests = rights(meshglobal, "call" if method == "exec" else f"call-{method}", "-n", "bookinfo")
    apply(mesh, manifests)
    ran = call()
    assert (ran.code, unread(ran)) == (0, []), ran.err
    for act in acts_of(manifests):
        apply(mesh, without(manifests, act))
        ran = call()
        said = "\n".join(
            [*unread(ran), *(one["failure"]["message"] for one in ran.document["calls"] if one["failure"])]
        )
        if act.is_identity:
            assert (ran.code, said) == (0, ""), ran.err
        elif act.verb in ("list", "get") and "/" not in act.resource:
            # What says why a call failed is not missed by one that succeeds; that it was not read is told.
            assert f'cannot {act.verb} resource "{act.resource}"' in said, act
        else:
            assert ran.code == 3, (act, ran.err)
            assert f"{method} needs {act.verb} {act.resource}" in said, act
