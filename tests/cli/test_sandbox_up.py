from __future__ import annotations

import json
import os
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.real_program import BIN, Program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = Program(tmp_path)
    yield program
    program.clean()


def test_what_to_export_can_be_evaluated_by_a_shell(program: Program) -> None:
    told = program("sandbox", "up", "--detach", "--scenario", "empty")
    path = program.place().kubeconfig
    assert told.stdout == (
        f"export KUBECONFIG={path}\nexport REMOTE_CONTEXT1=cluster1\nexport REMOTE_CONTEXT2=cluster2\n"
    )
    assert told.stderr == ("sandbox default is ready: 2 clusters with empty; end it: meshglobal sandbox down\n")
    assert program("sandbox", "kubeconfig").stdout == f"{path}\n"
    assert program("sandbox", "kubeconfig", "--users").stdout == f"{program.place().users_kubeconfig}\n"


def test_the_same_again_says_that_it_runs_and_another_shape_is_refused(program: Program) -> None:
    first = program("sandbox", "up", "--detach", "--scenario", "empty", "--clusters", "1")
    again = program("sandbox", "up", "--detach", "--scenario", "empty", "--clusters", "1")
    assert again.stdout == first.stdout
    assert "it was running already" in again.stderr
    refused = program("sandbox", "up", "--detach", ends=2)
    assert refused.stdout == ""
    assert refused.stderr == (
        "error: sandbox default is running with another shape: 1 cluster with empty, not 2 clusters with bookinfo\n"
        "hint: end it first: meshglobal sandbox down, or start another: --name OTHER\n"
    )


def test_status_tells_what_runs(program: Program) -> None:
    program("sandbox", "up", "--detach", "--name", "mine", "--switch", "peering=all")
    told = json.loads(program("sandbox", "status", "--name", "mine", "-o", "json").stdout)
    counts = {"namespaces": 7, "services": 5, "pods": 7, "entries": 0}
    assert [(each["context"], each["counts"]) for each in told["clusters"]] == [
        ("cluster1", counts),
        ("cluster2", counts),
    ]
    assert (told["name"], told["isRunning"], told["scenario"], told["switches"]) == (
        "mine",
        True,
        "bookinfo",
        ["peering=all"],
    )
    os.kill(told["pid"], 0)
    table = program("sandbox", "status", "--name", "mine").stdout.splitlines()
    assert table[0].split() == ["Sandbox", "mine"]
    assert [line.split()[2:] for line in table[-2:]] == [["7", "5", "7", "0"]] * 2
    assert [line.split()[1] for line in table[-2:]] == [each["url"] for each in told["clusters"]]


def test_without_a_sandbox_status_and_kubeconfig_end_with_3_and_a_hint(program: Program) -> None:
    told = program("sandbox", "status", ends=3)
    assert told.stdout == "no sandbox default is running\n"
    assert told.stderr == "hint: start it: meshglobal sandbox up --detach\n"
    assert json.loads(program("sandbox", "status", "-o", "json", ends=3).stdout) == {
        "name": "default",
        "isRunning": False,
    }
    missing = program("sandbox", "kubeconfig", "--name", "mine", ends=3)
    assert missing.stdout == ""
    assert "hint: start it: meshglobal sandbox up --detach --name mine" in missing.stderr


def test_down_ends_it_and_may_be_repeated(program: Program) -> None:
    program("sandbox", "up", "--detach", "--scenario", "empty")
    assert program("sandbox", "down").stdout == "sandbox default ended\n"
    assert not program.place().folder.exists()
    assert program("sandbox", "down").stdout == "sandbox default is not running\n"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_in_the_foreground_a_signal_ends_it_at_once_and_nothing_stays(
    program: Program, number: signal.Signals, code: int
) -> None:
    running = program.start("sandbox", "up")
    said = running.until("Ctrl-C ends it")
    assert said == "sandbox default is ready: 2 clusters with bookinfo; Ctrl-C ends it\n"
    watching = subprocess.Popen(
        [BIN / "kubectl", "get", "services", "-A", "--watch", "--kubeconfig", program.place().kubeconfig],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with watching:
        assert watching.stdout is not None
        assert watching.stdout.readline().startswith(b"NAMESPACE")
        ended, seconds, out, err = running.end(number)
        watching.terminate()
    assert ended == code
    assert seconds < 3  # a second, on a machine with nothing else to do
    assert out.startswith("export KUBECONFIG=")
    assert err == "\nsandbox default ended; its files are gone\n"
    assert not program.place().folder.exists()


def test_ctrl_c_while_it_starts_leaves_nothing_either(program: Program) -> None:
    running = program.start("sandbox", "up", "--clusters", "20", "--scenario", "bulk:50")
    while not (program.place().folder / "lock").exists():
        assert running.process.poll() is None
    code, _, out, _ = running.end(signal.SIGINT)
    assert (code, out) == (130, "")
    assert not program.place().folder.exists()


def test_ctrl_c_while_it_starts_in_the_background_ends_that_process_too(program: Program) -> None:
    running = program.start("sandbox", "up", "--detach", "--clusters", "20", "--scenario", "bulk:50")
    while not (program.place().folder / "lock").exists():
        assert running.process.poll() is None
    code, _, out, _ = running.end(signal.SIGINT)
    assert (code, out) == (130, "")
    assert not program.place().folder.exists()


def test_down_from_elsewhere_ends_a_foreground_sandbox(program: Program) -> None:
    running = program.start("sandbox", "up", "--scenario", "empty")
    running.until("Ctrl-C ends it")
    assert program("sandbox", "down").stdout == "sandbox default ended\n"
    running.process.communicate(timeout=10)
    assert running.process.returncode == 0


@pytest.mark.parametrize("detach", [[], ["--detach"]])
def test_what_cannot_be_is_a_usage_error(program: Program, detach: list[str]) -> None:
    for wrong, said in {
        ("--scenario", "nowhere"): "neither a scenario",
        ("--clusters", "0"): "1 to 200 clusters",
        ("--switch", "a=b"): "there is no switch 'a'",
        ("--name", "../x"): "cannot name a sandbox",
    }.items():
        told = program("sandbox", "up", *wrong, *detach, ends=2)
        assert said in told.stderr
        assert told.stdout == ""
