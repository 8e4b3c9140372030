"""`collect`: what is in the bundle and what never is, and where it may be written."""

from __future__ import annotations

import stat
import tarfile
from pathlib import Path
from typing import Any

from ran import Meshglobal
from served_mesh import ServedMesh

ALL = ("-A", "--all-contexts")
HIDDEN = "hunter2"


def plant(mesh: ServedMesh) -> None:
    """Put a secret word wherever objects have room for one."""

    def do() -> None:
        client = mesh.clusters["cluster1"].client()
        client.create("secrets", {"metadata": {"name": "token", "namespace": "bookinfo"}, "stringData": {"a": HIDDEN}})
        client.create("configmaps", {"metadata": {"name": "app", "namespace": "bookinfo"}, "data": {"a": HIDDEN}})
        for resource, namespace, name in (("services", "bookinfo", "details"), ("namespaces", None, "bookinfo")):
            client.replace(resource, annotated(client.get(resource, namespace, name)))
        client.create("pods", pod())

    mesh.call(do)


def annotated(found: Any) -> dict[str, Any]:
    annotations = {"kubectl.kubernetes.io/last-applied-configuration": HIDDEN, "acme.example/password": HIDDEN}
    return {**found, "metadata": {**found["metadata"], "annotations": annotations}}


def pod() -> dict[str, Any]:
    container = {"name": "app", "image": "example.com/app:1", "env": [{"name": "PASSWORD", "value": HIDDEN}]}
    container["args"] = [f"--password={HIDDEN}"]
    return {"metadata": {"name": "app", "namespace": "bookinfo"}, "spec": {"containers": [container]}}


def test_what_is_secret_is_not_collected(mesh: ServedMesh, meshglobal: Meshglobal, tmp_path: Path) -> None:
    plant(mesh)
    path = tmp_path / "bundle"
    ran = meshglobal("collect", *ALL, "--out", str(path))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0].split() == ["CONTEXT", "REACHED", "OBJECTS", "UNREAD"]
    assert ran.out.splitlines()[-1].startswith(f"wrote {path} (")
    texts = {file.relative_to(path).as_posix(): file.read_text() for file in path.rglob("*.json")}
    assert '"name":"details"' in texts["clusters/0001/services.json"]
    assert '"name":"app"' in texts["clusters/0001/pods.json"]
    for name, text in texts.items():
        assert HIDDEN not in text, name
        assert "managedFields" not in text, name
    credentials = [line.split()[-1] for line in mesh.kubeconfig.read_text().splitlines() if "-data:" in line]
    assert credentials
    assert not any(word in text for word in credentials for text in texts.values())


def test_an_archive_is_the_owners_alone(mesh: ServedMesh, meshglobal: Meshglobal, tmp_path: Path) -> None:
    assert mesh.clusters
    path = tmp_path / "bundle.tar.gz"
    ran = meshglobal("collect", *ALL, "--out", str(path), "-o", "name")
    assert (ran.code, ran.out) == (0, f"{path}\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with tarfile.open(path) as archive:
        names = archive.getnames()
        assert all(member.isreg() and member.mode == 0o600 for member in archive)
    assert names[0] == "bundle.json"
    assert {name.partition("/")[0] for name in names[1:]} == {"clusters"}


def test_nothing_is_written_over(meshglobal: Meshglobal, tmp_path: Path) -> None:
    """It is said before anything is asked of a cluster: there is none here."""
    there = tmp_path / "there"
    there.write_text("mine")
    ran = meshglobal("collect", "-A", "--out", str(there))
    assert ran.code == 2
    assert f"--out {there} exists already" in ran.err
    assert there.read_text() == "mine"
    ran = meshglobal("collect", "-A", "--out", str(tmp_path / "no" / "folder"), "-o", "json")
    assert (ran.code, ran.document["command"]) == (2, "collect")


def test_what_cannot_be_written_leaves_nothing_behind(meshglobal: Meshglobal, tmp_path: Path) -> None:
    manifests = tmp_path / "east.yaml"
    manifests.write_text("apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n")
    name = "x" * 250  # the name of the unfinished bundle is longer, and no file system takes it
    ran = meshglobal("collect", "-A", "--from", str(manifests), "--out", str(tmp_path / name))
    assert ran.code == 3
    assert "cannot be written: " in ran.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["east.yaml"]


def test_a_bundle_can_be_made_of_manifests(meshglobal: Meshglobal, tmp_path: Path) -> None:
    manifests = tmp_path / "east.yaml"
    manifests.write_text("apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n")
    path = str(tmp_path / "bundle")
    assert meshglobal("collect", "-A", "--from", str(manifests), "--out", path, "-q").code == 3
    before = meshglobal("describe", "svc", "web", "-n", "shop", "--from", str(manifests), "-o", "json")
    assert meshglobal("describe", "svc", "web", "-n", "shop", "--from", path, "-o", "json") == before
