"""Live completion in a shell and through kubectl: contexts, namespaces, services."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from ran import Meshglobal
from served_mesh import ServedMesh, environment

BIN = Path(sys.executable).parent


def complete(path: Path, *words: str) -> list[str]:
    """What bash would offer for the last word."""
    typed = ["meshglobal", *words]
    asked = {
        "_MESHGLOBAL_COMPLETE": "complete_bash",
        "COMP_WORDS": shlex.join(typed[:-1]) + " " + typed[-1],
        "COMP_CWORD": str(len(typed) - 1),
    }
    ran = subprocess.run(
        [BIN / "meshglobal"], env=environment(path) | asked, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.stderr == ""
    return ran.stdout.split()


def test_commands_options_contexts_namespaces_and_services_are_offered(mesh: ServedMesh) -> None:
    path = mesh.kubeconfig
    assert complete(path, "ver") == ["verify", "version"]
    offered = complete(path, "verify", "--context", "cluster1,cl")
    assert offered == ["cluster1,cluster1", "cluster1,cluster2", "cluster1,cluster3"]
    assert complete(path, "verify", "-n", "book") == ["bookinfo"]
    assert complete(path, "expose", "-n", "bookinfo", "svc", "re") == ["reviews"]
    assert complete(path, "expose", "-n", "bookinfo", "svc/ra") == ["svc/ratings"]
    assert complete(path, "expose", "ns", "book") == ["bookinfo"]
    mesh.stop_cluster("cluster1")
    assert complete(path, "expose", "-n", "bookinfo", "svc", "re") == [], "silent when nothing can be known"


def test_names_of_segments_are_offered(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    assert meshglobal("segment", "create", "acme", "--domain", "mesh.acme", "--all-contexts").code == 0
    path = mesh.kubeconfig
    assert complete(path, "segment", "assign", "--context", "cluster1", "a") == ["acme"]
    assert complete(path, "segment", "plan", "rename-domain", "--context", "cluster1", "a") == ["acme"]
    assert complete(path, "segment", "un") == ["unassign"]


def test_without_a_kubeconfig_nothing_is_offered_and_nothing_is_said(tmp_path: Path) -> None:
    assert complete(tmp_path / "none", "verify", "--context", "") == []


def test_names_are_offered_from_files(tmp_path: Path) -> None:
    for name in ("east", "west"):
        (tmp_path / "all" / name).mkdir(parents=True)
        text = f"apiVersion: v1\nkind: Service\nmetadata: {{name: web-{name}, namespace: shop}}\n"
        (tmp_path / "all" / name / "web.yaml").write_text(text)
    files = ("--from", str(tmp_path / "all"))
    assert complete(tmp_path / "none", "verify", *files, "--context", "e") == ["east"]
    assert complete(tmp_path / "none", "verify", *files, "-n", "shop", "svc/") == ["svc/web-east", "svc/web-west"]
    assert complete(tmp_path / "none", "verify", "--from", "-", "--context", "e") == []


def test_kubectl_finds_the_plugin_and_its_completion(tmp_path: Path) -> None:
    environ = environment(tmp_path / "none") | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}

    def kubectl(*arguments: str) -> str:
        return subprocess.run(
            [BIN / "kubectl", *arguments], env=environ, capture_output=True, text=True, timeout=60, check=True
        ).stdout

    assert kubectl("meshglobal", "expose", "--help").startswith("Usage: kubectl meshglobal expose")
    assert kubectl("__complete", "meshglobal", "unex").split() == ["unexpose", ":4"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_every_shell_gets_a_script(shell: str, meshglobal: Meshglobal) -> None:
    ran = meshglobal("completion", shell)
    assert (ran.code, "_MESHGLOBAL_COMPLETE" in ran.out) == (0, True)
