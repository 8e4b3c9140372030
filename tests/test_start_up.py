"""What a command imports, told from `sys.modules` and not from a stopwatch: that decides how long it takes to start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.served_mesh import environment, served_mesh

# Runs the real program and, when it is about to end, writes down which modules it has imported.
_TELL = """
import json, os, pathlib, sys
from meshglobal.cli.main import main
end = os._exit
def tell(code):
    pathlib.Path(os.environ["MODULES_FILE"]).write_text(json.dumps([code, sorted(sys.modules)]))
    end(code)
os._exit = tell
sys.argv[0] = "meshglobal"
try:
    main()
except SystemExit as ended:  # completion ends so
    sys.stdout.flush()
    tell(ended.code or 0)
"""
_NOT_TO_START = {"kubernetes", "yaml", "urllib3", "aiohttp", "pydantic", "requests", "rich", "rich.markdown", "asyncio"}
_COMPLETES_COMMANDS = {
    "_MESHGLOBAL_COMPLETE": "complete_bash",
    "COMP_WORDS": "meshglobal ver",
    "COMP_CWORD": "1",
}


def _run(tmp_path: Path, *arguments: str, more: dict[str, str] | None = None) -> tuple[int, set[str], str]:
    """Exit code, imported modules and stdout of a command."""
    file = tmp_path / "modules.json"
    done = subprocess.run(
        [sys.executable, "-c", _TELL, *arguments],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "MODULES_FILE": str(file), **(more or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert file.exists(), done.stderr
    code, modules = json.loads(file.read_text())
    assert code == done.returncode
    return code, set(modules), done.stdout


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["expose", "--help"], ["verify", "--help"], ["completion", "bash"]],
    ids=" ".join,
)
def test_what_needs_no_cluster_imports_nothing_that_talks_to_one(tmp_path: Path, arguments: list[str]) -> None:
    code, modules, out = _run(tmp_path, *arguments)
    assert code == 0
    assert out
    assert not modules & _NOT_TO_START


def test_the_sandboxs_help_imports_no_server(tmp_path: Path) -> None:
    code, modules, _ = _run(tmp_path, "sandbox", "--help")
    assert code == 0
    assert not modules & (_NOT_TO_START | {"cryptography", "meshglobal.sandbox.apiserver.http"})


def test_completing_a_commands_name_imports_no_command(tmp_path: Path) -> None:
    code, modules, out = _run(tmp_path, more=_COMPLETES_COMMANDS)
    assert code == 0
    assert "verify" in out
    assert not modules & (_NOT_TO_START | {"meshglobal.cli.commands.verify"})


def test_a_usage_error_imports_nothing_that_talks_to_clusters(tmp_path: Path) -> None:
    code, modules, _ = _run(tmp_path, "verify", "--no-such-option")
    assert code == 2
    assert not modules & (_NOT_TO_START - {"rich", "rich.markdown"})


@pytest.mark.parametrize("output", ["table", "json"])
def test_verify_imports_only_what_it_uses(tmp_path: Path, output: str) -> None:
    with served_mesh(tmp_path, scenario="bulk:2") as mesh:
        code, modules, out = _run(
            tmp_path, "verify", "--all-contexts", "-A", "-o", output, more=environment(mesh.kubeconfig)
        )
    assert code == 0
    assert "service-0001" in out
    assert {"urllib3", "yaml", "kubernetes.client.configuration"} <= modules
    assert not modules & {"aiohttp", "pydantic", "requests", "kubernetes.watch", "kubernetes.client.api_client"}
    assert not modules & {"rich", "asyncio", "cryptography"}
    assert not {name for name in modules if name.startswith("meshglobal.sandbox")}


def test_files_are_read_without_what_talks_to_clusters(tmp_path: Path) -> None:
    manifest = tmp_path / "east.yaml"
    manifest.write_text("apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n")
    code, modules, out = _run(tmp_path, "describe", "svc", "web", "-n", "shop", "--from", str(manifest))
    assert code == 3, "what the control plane makes of it is not known"
    assert "Cluster east:" in out
    assert not modules & (_NOT_TO_START - {"yaml"})
