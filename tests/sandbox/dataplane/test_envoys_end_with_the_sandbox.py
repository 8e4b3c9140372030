"""Envoys live as long as the sandbox's process: however that ends, and no longer."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from calling import until

from meshglobal.sandbox.dataplane import binary, launcher
from meshglobal.sandbox.runtime.ending import bring_down
from meshglobal.sandbox.runtime.launching import launch
from meshglobal.sandbox.runtime.place import Place, place_of
from meshglobal.sandbox.runtime.process import started_at
from meshglobal.sandbox.runtime.shape import asked_shape


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    found = place_of("envoys", {"XDG_STATE_HOME": str(tmp_path / ("a-long-folder-" * 8))})
    yield found
    bring_down(found)


def envoys_of(pid: int) -> list[int]:
    children = [
        int(word) for task in Path(f"/proc/{pid}/task").iterdir() for word in (task / "children").read_text().split()
    ]
    return [each for each in children if Path(f"/proc/{each}/comm").read_text().strip() == "envoy"]


def is_gone(pid: int) -> bool:
    return started_at(pid) is None


@pytest.mark.slow
def test_they_end_with_a_sandbox_that_is_killed(place: Place) -> None:
    running = launch(place, asked_shape(2, "bookinfo"))
    envoys = envoys_of(running.process.pid)
    assert (len(envoys), running.envoys, running.no_traffic) == (2, 2, "")
    os.kill(running.process.pid, signal.SIGKILL)
    until(lambda: all(map(is_gone, envoys)), "both Envoys have ended")


def test_they_end_with_a_sandbox_that_is_ended_and_their_files_were_private(place: Place) -> None:
    running = launch(place, asked_shape(1, "empty"))
    (envoy,) = envoys_of(running.process.pid)
    files = [each for each in place.traffic.rglob("*") if not each.is_dir()]
    assert {each.name for each in files} >= {"bootstrap.json", "log", "admin.sock", "pools.json"}
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    assert {stat.S_IMODE(each.stat().st_mode) for each in place.traffic.rglob("*/")} == {0o700}
    assert bring_down(place)
    assert is_gone(envoy)
    assert not place.folder.exists()


def test_a_sandbox_without_traffic_has_none(place: Place) -> None:
    running = launch(place, asked_shape(1, "empty", has_traffic=False))
    assert envoys_of(running.process.pid) == []
    assert (running.envoys, running.no_traffic) == (0, "")


def test_the_launcher_runs_nothing_for_a_parent_that_is_gone(tmp_path: Path) -> None:
    made = tmp_path / "made"
    done = subprocess.run(
        [sys.executable, "-I", "-S", launcher.__file__, str(os.getppid()), "/usr/bin/touch", str(made)], check=False
    )
    assert done.returncode == 1
    assert not made.exists()


def test_off_linux_there_is_no_envoy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(binary.NoEnvoyError, match="Linux only, not on darwin"):
        binary.envoy_path()


def test_a_package_without_the_program_is_told_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "envoy" / "_bin").mkdir(parents=True)
    (tmp_path / "envoy" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(binary.NoEnvoyError, match="holds no program"):
        binary.envoy_path()
