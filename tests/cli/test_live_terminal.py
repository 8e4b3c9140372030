"""`list --watch` as somebody in front of a terminal has it, against real API servers."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ran import Meshglobal
from served_mesh import ServedMesh, environment
from terminal_program import MESHGLOBAL, Terminal, terminal

from meshglobal.cli.live_terminal import Terminal as LiveTerminal
from meshglobal.render.live_state import Size
from meshglobal.render.live_text import Span
from meshglobal.render.screen import Screen

HERE = ("-n", "bookinfo", "--all-contexts")


@pytest.fixture
def shared(mesh: ServedMesh, meshglobal: Meshglobal) -> ServedMesh:
    """productpage and reviews are global in two of the three clusters."""
    for name in ("productpage", "reviews"):
        assert meshglobal("expose", "svc", name, "-n", "bookinfo", "--context", "cluster1,cluster2", "-q").code == 0
    return mesh


@pytest.fixture
def top(shared: ServedMesh) -> Iterator[Terminal]:
    with terminal((*MESHGLOBAL, "top", *HERE), environment(shared.kubeconfig)) as running:
        running.until_text("3 of 3 clusters read")
        running.until_text("productpage")
        yield running


def label(mesh: ServedMesh, context: str, service: str, text: str) -> None:
    """What somebody else does meanwhile, with the real kubectl."""
    command = ["kubectl", "--context", context, "-n", "bookinfo", "label", "service", service, text]
    environ = {**environment(mesh.kubeconfig), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    subprocess.run(command, env=environ, check=True, capture_output=True, timeout=30)


def has(*texts: str) -> Callable[[list[str]], bool]:
    """Some line has all of these."""
    return lambda lines: any(all(text in line for text in texts) for line in lines)


def test_what_happens_outside_appears_and_keys_lead_to_the_reason(shared: ServedMesh, top: Terminal) -> None:
    lines = top.until(has("cluster3", "Partial"))
    assert len(lines) == 24
    assert lines[0].startswith("3 of 3 clusters read  Global services in bookinfo namespace")
    label(shared, "cluster3", "productpage", "solo.io/service-scope=global")
    top.until(has("productpage.bookinfo.mesh.internal", "cluster3", "Partial -> Ready"))
    shared.wait(shared.reconciler.settled(60))
    top.type("/ratings")
    assert not any("productpage  cluster" in line for line in top.until_text("filter: ratings"))
    top.until_text("No row is chosen")
    top.type("\x1b")
    top.until(has("> bookinfo", "productpage", "cluster1"))
    top.type("f")
    assert not any("cluster1  Ready" in line for line in top.until(has("only: wrong")))
    top.until(has(">!bookinfo", "reviews", "cluster3"))  # on the way there other rows may have been wrong for a moment
    top.type("\r")
    lines = top.until_text("Cluster cluster3  Partial")
    assert "bookinfo/reviews" in lines
    assert any("no solo.io/service-scope label" in line for line in lines)
    assert "  next: meshglobal expose svc reviews -n bookinfo --context cluster3" in lines
    top.type("q")
    top.until_text("only: wrong")
    top.resize(40, 12)
    lines = top.until(lambda found: len(found) == 12)
    assert all(len(line) <= 40 for line in lines)
    top.type("\x1b[B?")
    top.until_text("Keys")
    top.type("qq")
    assert (top.end(), top.is_as_before) == (0, True)
    assert "Traceback" not in top.raw


def test_a_cluster_that_is_lost_is_unknown_with_its_reason_until_it_is_back(shared: ServedMesh, top: Terminal) -> None:
    listener = shared.clusters["cluster2"].listener
    port = listener.port
    shared.wait(listener.stop())
    lines = top.until(has("cluster2", "Unknown"))
    assert lines[0].startswith("2 of 3 clusters read")
    assert any(line.startswith("cluster2: could not be read:") for line in lines)
    shared.wait(listener.start(port))
    # The line of the last change may still tell what it was before.
    top.until(
        lambda lines: lines[0].startswith("3 of 3") and not any("Unknown  " in one for one in lines if "->" not in one)
    )
    shared.wait(listener.stop())
    top.until(has("2 of 3 clusters read"))
    top.type("q")
    assert (top.end(), top.is_as_before) == (3, True)
    assert "cluster2: could not be read" in top.raw.rpartition("\x1b[?1049l")[2], "it says why it ends with 3"


def test_however_it_ends_the_terminal_is_given_back(shared: ServedMesh) -> None:
    for way in ("Ctrl-C", "SIGTERM", "SIGINT"):
        with terminal((*MESHGLOBAL, "top", *HERE), environment(shared.kubeconfig)) as top:
            top.until_text("clusters read")
            if way == "Ctrl-C":
                top.type("\x03")
            else:
                top.process.send_signal(signal.Signals[way])
            assert (top.end(), top.is_as_before) == (130, True), way
            assert top.raw.rpartition("\x1b[?1049l")[2].strip() == "", "nothing more is said"


def break_down(out: Screen, slave: int) -> None:
    with LiveTerminal(out, slave) as live:
        live.draw([(Span("text", "bold red"),)], Size(80, 24))
        assert not termios.tcgetattr(slave)[3] & (termios.ECHO | termios.ICANON)
        raise ZeroDivisionError


def test_a_defect_of_ours_leaves_the_terminal_and_the_signals_as_they_were() -> None:
    master, slave = os.openpty()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGWINCH, signal.SIGTSTP, signal.SIGCONT)
    before = termios.tcgetattr(slave), [signal.getsignal(number) for number in numbers]
    with os.fdopen(slave, "w") as stream:
        out = Screen(stream, is_terminal=True, is_coloured=False)
        with pytest.raises(ZeroDivisionError):
            break_down(out, slave)
        assert (termios.tcgetattr(slave), [signal.getsignal(number) for number in numbers]) == before
        written = ""
        while "\x1b[?1049l" not in written:  # the kernel may hand over what was written bit by bit
            written += os.read(master, 1 << 16).decode()
    os.close(master)
    assert written.index("\x1b[?1049h") < written.index("text") < written.index("\x1b[?1049l")
    assert "31m" not in written, "no colour where none is wanted"


def test_in_a_shell_ctrl_z_gives_the_terminal_back_and_fg_takes_it_again(shared: ServedMesh) -> None:
    environ = {**environment(shared.kubeconfig), "PS1": "ready> ", "HISTFILE": "/dev/null"}
    with terminal(("bash", "--norc", "--noprofile", "-i"), environ) as shell:
        shell.until_raw(lambda raw: "ready> " in raw)
        shell.type(
            f"{shlex.join((*MESHGLOBAL, 'list', *HERE, '--watch'))} < /dev/null\r"
        )  # keys come from the terminal
        shell.until_text("3 of 3 clusters read")
        shell.type("\x1a")
        shell.until_raw(lambda raw: "Stopped" in raw and raw.rstrip().endswith("ready>"))
        assert "\x1b[?25h" in shell.raw
        shell.type("stty -a | tr ' ' '\\n' | grep -xE -- '-?(icanon|echo)'\r")
        shell.until_raw(lambda raw: {"icanon", "echo"} <= {line.rpartition("\r")[2] for line in raw.split("\r\n")})
        shell.type("fg\r")
        shell.until(has("3 of 3 clusters read"))
        shell.type("q")
        shell.until_raw(lambda raw: raw.count("\x1b[?1049l") == 2)
        shell.type("echo code $?\r")
        shell.until_raw(lambda raw: "code 0\r\n" in raw)
        shell.type("exit 7\r")
        assert shell.end() == 7


def test_where_errors_end_it_the_terminal_is_given_back_first(mesh: ServedMesh) -> None:
    with terminal((*MESHGLOBAL, "top", "svc/nowhere", *HERE), environment(mesh.kubeconfig)) as running:
        assert running.end() == 1
        assert running.is_as_before
        assert "error: " in running.raw.rpartition("\x1b[?1049l")[2]


def test_where_one_cannot_draw_there_are_lines(shared: ServedMesh) -> None:
    for before, after in (("TERM=dumb", ""), ("", "-v")):
        words = f"{before} {shlex.join((*MESHGLOBAL, 'top', *HERE, '--timeout', '3s'))} {after}"
        with terminal(("bash", "-c", words), environment(shared.kubeconfig)) as running:
            assert running.end() == 0
            assert "\x1b[?1049h" not in running.raw
            assert "NAMESPACE   NAME" in running.raw
