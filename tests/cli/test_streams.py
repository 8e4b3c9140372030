"""Streams that are closed, full or narrow, and terminals on which is asked."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from served_mesh import ServedMesh, environment, served_mesh

PROGRAM = "from meshglobal.cli.main import main; main()"
HERE = ("-n", "bookinfo", "--all-contexts")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedMesh]:
    with served_mesh(tmp_path_factory.mktemp("mesh"), 2) as running:
        yield running


def ended(mesh: ServedMesh, arguments: Sequence[str], closed: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run the program, with one of its streams closed."""
    closing = f"import os; os.close({closed}); " if closed is not None else ""
    # A process of its own, since streams are looked at when the interpreter starts.
    start = f"{closing}import os, sys; os.execv(sys.executable, [sys.executable, '-c', {PROGRAM!r}, *sys.argv[1:]])"
    return subprocess.run(
        [sys.executable, "-c", start, *arguments],
        env=environment(mesh.kubeconfig),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_closed_stream_is_no_defect(closed: int, served: ServedMesh) -> None:
    done = ended(served, ["verify", *HERE], closed)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert ("2 of 2 clusters read" in done.stdout) == (closed != 1)


def test_nobody_can_be_asked_where_stdin_is_closed(served: ServedMesh) -> None:
    done = ended(served, ["expose", "ns", "bookinfo", "--all-contexts"], closed=0)
    assert (done.returncode, "--yes" in done.stderr) == (2, True), done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
@pytest.mark.parametrize("output", ["table", "json"])
def test_a_full_disk_is_told(output: str, served: ServedMesh) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, "verify", *HERE, "-o", output],
            env=environment(served.kubeconfig),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 3
    assert done.stderr == "error: the result could not be written: No space left on device\n"


def test_output_is_utf_8_whatever_the_locale_says(served: ServedMesh) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "config", "contexts", "-o", "json"],
        env=environment(served.kubeconfig) | {"PYTHONIOENCODING": "ascii", "REMOTE_CONTEXT1": "cluster1"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert json.loads(done.stdout)["source"].endswith("…")


def asked(mesh: ServedMesh, answer: bytes | signal.Signals) -> tuple[int, str]:
    """Run a command that asks on a terminal, answer, and give back the exit code and what the terminal showed."""
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "expose", "ns", "bookinfo", "--all-contexts"],
        env=environment(mesh.kubeconfig) | {"TERM": "dumb"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    try:
        while b"[y/N]" not in shown:
            shown += os.read(ours, 4096)
        if isinstance(answer, bytes):
            os.write(ours, answer)
        else:
            program.send_signal(answer)
        code = program.wait(30)
        shown += _rest(ours)
    finally:
        program.kill()
        os.close(ours)
    return code, shown.decode().replace("\r\n", "\n")


def _rest(terminal: int) -> bytes:
    """What is still to be read; a terminal that nobody holds any more ends with an error (EIO)."""
    found = b""
    try:
        while more := os.read(terminal, 4096):
            found += more
    except OSError:
        return found
    return found


def test_an_answer_of_no_writes_nothing(served: ServedMesh) -> None:
    code, shown = asked(served, b"n\n")
    assert code == 2
    assert "change 2 objects in 2 clusters? [y/N] n\n" in shown
    assert "error: not agreed to: nothing was written" in shown


@pytest.mark.parametrize("answer", [b"\x04", signal.SIGINT, signal.SIGTERM])
def test_an_end_instead_of_an_answer_is_an_interruption(answer: bytes | signal.Signals, served: ServedMesh) -> None:
    code, shown = asked(served, answer)
    assert code == 130
    assert "\nerror: " in shown, "the error stands on a line of its own"
    labels = served.get("cluster1", "namespaces", None, "bookinfo")["metadata"]["labels"]
    assert not any(key.startswith("solo.io") for key in labels)
