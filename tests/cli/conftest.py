"""Run the real program in process, against real API servers on loopback."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from ran import Meshglobal, Ran
from served_mesh import ServedMesh, environment, served_mesh

from meshglobal.cli.main import build
from meshglobal.cli.run import run


@pytest.fixture
def mesh(tmp_path: Path) -> Iterator[ServedMesh]:
    with served_mesh(tmp_path, 3) as running:
        yield running


@pytest.fixture
def meshglobal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Meshglobal]:
    """Runs a command line; a kubeconfig that a test writes stands in the temporary directory."""
    for key in ("MESHGLOBAL_CONTEXTS", "MESHGLOBAL_OUTPUT", "REMOTE_CONTEXT1", "REMOTE_CONTEXT2", "NO_COLOR"):
        monkeypatch.delenv(key, raising=False)
    environ = environment(tmp_path / "mesh.kubeconfig")
    for key, value in environ.items():
        monkeypatch.setenv(key, value)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def call(*arguments: str) -> Ran:
        capsys.readouterr()
        code = run(build(), list(arguments), "meshglobal", environ)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    yield call
    for number, handler in handlers.items():
        signal.signal(number, handler)
