"""A drill that is killed, wherever it is, and what puts everything back; two drills at once; signals."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from drilled_mesh import DRILL, Drilled
from ran import Meshglobal
from served_mesh import environment, served_mesh

from meshglobal.domain.drill import CLAIM, Stage
from meshglobal.sandbox.apiserver.faults import Fault
from tests.sandbox.dataplane.calling import Calling, until

TIMES = ("--before", "200ms", "--away", "700ms", "--after", "200ms", "--rate", "20")
RESTORE = ("drill", "restore", "-o", "json")


@pytest.fixture(scope="module")
def _calling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calling]:
    with served_mesh(tmp_path_factory.mktemp("mesh"), has_traffic=True) as mesh:
        mesh.fault("cluster1", Fault(latency=0.2, methods=frozenset({"PATCH"})))  # so that each write can be hit
        yield Calling(mesh, "bookinfo")


@pytest.fixture
def drilled(_calling: Calling) -> Drilled:
    found = Drilled(_calling)
    found.reset()
    return found


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, meshglobal: Meshglobal) -> Path:
    del meshglobal  # which sets the rest of the environment
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def started(drilled: Drilled, state: Path, *words: str) -> subprocess.Popen[str]:
    """A drill in a process of its own."""
    program = [sys.executable, "-c", "from meshglobal.cli.main import main; main()"]
    path = drilled.calling.mesh.kubeconfig
    return subprocess.Popen(
        [*program, *DRILL, *TIMES, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(path) | {"XDG_STATE_HOME": str(state)},
    )


def reached(state: Path) -> list[str]:
    """The steps in the journal; none where there is no journal."""
    path = state / "meshglobal" / "drills" / "bookinfo.productpage.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return [Stage.OPEN.value, *(json.loads(line)["step"] for line in lines[1:])] if lines else []


def wait_for(process: subprocess.Popen[str], state: Path, stage: Stage) -> None:
    """Poll, closely, until the journal shows a step."""
    ends = time.monotonic() + 30
    while not any(step.split()[0] == stage.value for step in reached(state)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < ends, f"{stage} was not reached"
        time.sleep(0.003)


@pytest.mark.parametrize("stage", Stage)
def test_killed_at_any_step_and_restored_all_is_as_before(
    stage: Stage, drilled: Drilled, state: Path, meshglobal: Meshglobal
) -> None:
    before = drilled.state()
    with started(drilled, state) as process:
        wait_for(process, state, stage)
        process.kill()
    said = meshglobal("version")
    assert "a drill of bookinfo/productpage is open" in said.err
    assert said.code == 0

    ran = meshglobal(*RESTORE)
    assert ran.code == 0, ran.err
    assert [one["isClosed"] for one in ran.document["drills"]] == [True]
    assert drilled.state() == before
    assert not reached(state)
    again = meshglobal(*RESTORE)
    assert (again.code, again.document["drills"]) == (0, [])
    assert "is open" not in meshglobal("version").err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP], ids=lambda one: one.name)
def test_a_signal_puts_everything_back_before_the_end(number: signal.Signals, drilled: Drilled, state: Path) -> None:
    before = drilled.state()
    with started(drilled, state, "--away", "30s") as process:
        wait_for(process, state, Stage.AWAY)
        process.send_signal(number)
        wait_for(process, state, Stage.PUT_BACK)
        process.send_signal(number)  # again, while it is at work: it goes on
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "error: interrupted; everything was put back" in errors
    assert drilled.state() == before
    assert not reached(state)


def test_a_signal_ends_what_is_only_waited_for(drilled: Drilled, state: Path) -> None:
    before = drilled.state()
    with started(drilled, state, "--after", "1h") as process:
        wait_for(process, state, Stage.RETURN)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "error: interrupted; everything was put back" in errors
    assert drilled.state() == before


def test_a_second_drill_refuses_on_this_machine_and_on_another(
    drilled: Drilled, state: Path, meshglobal: Meshglobal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, path = drilled.state(), str(drilled.calling.mesh.kubeconfig)
    with started(drilled, state, "--away", "30s") as process:
        wait_for(process, state, Stage.AWAY)
        restore = meshglobal(*RESTORE)
        second = meshglobal(*DRILL, *TIMES, "--kubeconfig", path, "-o", "json", "--cluster", "cluster2")
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another machine"))
        third = meshglobal(*DRILL, *TIMES, "--kubeconfig", path, "-o", "json", "--cluster", "cluster2")
        process.terminate()
        process.communicate(timeout=60)
    assert restore.document["drills"] == []
    assert "running in another process" in restore.err
    for one in (second, third):
        assert one.code == 4
        assert [refusal["reason"] for refusal in one.document["refusals"]] == ["open"]
    assert drilled.state() == before


def test_what_somebody_else_has_changed_is_never_replaced_in_silence(
    drilled: Drilled, state: Path, meshglobal: Meshglobal
) -> None:
    with started(drilled, state) as process:
        wait_for(process, state, Stage.AWAY)
        process.kill()
    drilled.calling.scale("cluster1", "productpage-v1", 3)

    ran = meshglobal(*RESTORE)
    assert ran.code == 4
    assert [(one["status"], one["now"]) for one in ran.document["drills"][0]["values"]] == [("foreign", "3")]
    assert "left alone, somebody else has changed it: replicas 3 (before the drill: replicas 1)" in ran.err
    assert drilled.replicas() == 3
    assert drilled.annotation(CLAIM) is not None

    kept = meshglobal(*RESTORE, "--keep")
    assert kept.code == 0, kept.err
    assert (drilled.replicas(), drilled.annotation(CLAIM)) == (3, None)
    assert not reached(state)


def test_it_is_replaced_where_that_is_asked_for(drilled: Drilled, state: Path, meshglobal: Meshglobal) -> None:
    before = drilled.state()
    with started(drilled, state) as process:
        wait_for(process, state, Stage.AWAY)
        process.kill()
    drilled.calling.scale("cluster1", "productpage-v1", 2)
    ran = meshglobal(*RESTORE, "--overwrite")
    assert ran.code == 0, ran.err
    assert drilled.state() == before


def test_a_cluster_that_does_not_answer_leaves_the_drill_open(
    drilled: Drilled, state: Path, meshglobal: Meshglobal
) -> None:
    before, mesh = drilled.state(), drilled.calling.mesh
    with started(drilled, state) as process:
        wait_for(process, state, Stage.AWAY)
        process.kill()
    down = Fault(status=500, methods=frozenset({"GET"}))
    mesh.call(lambda: mesh.clusters["cluster1"].faults.set("down", down))
    ran = meshglobal(*RESTORE)
    mesh.call(lambda: mesh.clusters["cluster1"].faults.clear("down"))
    assert ran.code == 4
    assert [one["status"] for one in ran.document["drills"][0]["values"]] == ["failed"]
    assert meshglobal(*RESTORE).code == 0
    until(lambda: drilled.state() == before, "all is as before")
