"""What a bundle says is, byte for byte, what the clusters said: one of them is down, and one hides something."""

from __future__ import annotations

from pathlib import Path

import pytest
from ran import Meshglobal
from served_mesh import ServedMesh

COMMANDS = (
    ("verify", "-n", "bookinfo"),
    ("verify", "svc/productpage", "-n", "bookinfo"),
    ("verify", "-n", "bookinfo", "-l", "app in (productpage, details)"),
    ("verify", "svc/productpag", "-n", "bookinfo"),
    ("list", "-n", "bookinfo"),
    ("describe", "svc", "productpage", "-n", "bookinfo"),
    ("diagnose", "svc", "productpage", "-n", "bookinfo"),
    ("check",),
)


def test_every_command_prints_the_same(mesh: ServedMesh, meshglobal: Meshglobal, tmp_path: Path) -> None:
    users = ("--kubeconfig", str(mesh.users_kubeconfig("nsreader")))
    assert meshglobal("expose", "svc", "productpage", "-n", "bookinfo", "--context", "cluster1,cluster2").code == 0
    mesh.stop_control_plane()
    mesh.stop_cluster("cluster3")
    live = (*users, "--context", "cluster1,cluster2-nsreader,cluster3")
    for name in ("bundle", "bundle.tar.gz"):
        ran = meshglobal("collect", "-n", "bookinfo", "--out", str(tmp_path / name), *live, "-o", "json")
        assert ran.code == 3
        assert [cluster["reached"] for cluster in ran.document["clusters"]] == [True, True, False]
        assert ran.document["clusters"][1]["unread"], "something must be forbidden"
    for command in COMMANDS:
        before = meshglobal(*command, *live, "-o", "json")
        assert before.out
        for name in ("bundle", "bundle.tar.gz"):
            assert meshglobal(*command, "--from", str(tmp_path / name), "-o", "json") == before, command
    one = meshglobal("verify", "-n", "bookinfo", *users, "--context", "cluster1", "-o", "yaml")
    saved = ("--from", str(tmp_path / "bundle"), "--context", "cluster1", "-o", "yaml")
    # Without -n, what holds one namespace is read there, and handed on as it is.
    assert meshglobal("verify", *saved) == one
    assert meshglobal("collect", "--from", str(tmp_path / "bundle"), "--out", str(tmp_path / "again")).code == 3
    again = ("--from", str(tmp_path / "again"), "--context", "cluster1", "-o", "yaml")
    assert meshglobal("verify", *again) == one


def test_all_namespaces_and_a_redacted_bundle(mesh: ServedMesh, meshglobal: Meshglobal, tmp_path: Path) -> None:
    assert meshglobal("expose", "svc", "productpage", "-n", "bookinfo", "--context", "cluster1,cluster2").code == 0
    mesh.stop_control_plane()
    whole, other, third = (str(tmp_path / name) for name in ("whole", "other", "third.tar.gz"))
    assert meshglobal("collect", "-A", "--all-contexts", "--out", whole).code == 0
    for command in (("verify", "-A"), ("list", "-A"), *COMMANDS):
        live = meshglobal(*command, "--all-contexts", "-o", "json")
        assert meshglobal(*command, "--from", whole, "-o", "json") == live, command
    live = meshglobal("verify", "-A", "--all-contexts", "-o", "json")
    assert meshglobal("collect", "-A", "--all-contexts", "--out", other, "--redact", "-q").code == 0
    assert meshglobal("collect", "--from", whole, "--out", third, "--redact", "-q").code == 0  # without -n: all of it
    for path in (other, third):
        ran = meshglobal("verify", "-A", "--from", path, "-o", "json")
        assert ran.code == live.code
        assert ran.document["summary"] == live.document["summary"]
        assert "cluster1" not in ran.out
        assert "productpage" not in ran.out


def test_a_bundle_tells_ages_as_they_were(
    mesh: ServedMesh, meshglobal: Meshglobal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert meshglobal("expose", "svc", "productpage", "-n", "bookinfo", "--all-contexts").code == 0
    assert mesh.clusters
    path = str(tmp_path / "bundle")
    assert meshglobal("collect", "-n", "bookinfo", "--all-contexts", "--out", path, "-q").code == 0
    first = meshglobal("verify", "--from", path)
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    assert meshglobal("verify", "--from", path) == first
