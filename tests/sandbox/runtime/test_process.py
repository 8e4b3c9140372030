from __future__ import annotations

import os
import subprocess
import sys
import time

from meshglobal.sandbox.runtime.process import Process, end, started_at, this_process

STUBBORN = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
signal.pause()
"""
POLITE = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
print("ready", flush=True)
signal.pause()
"""


def child(text: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout as output:
        assert output.readline() == b"ready\n"
    return process


def known(process: subprocess.Popen[bytes]) -> Process:
    return Process(process.pid, started_at(process.pid) or "")


def test_this_process_is_alive() -> None:
    assert this_process() == Process(os.getpid(), started_at(os.getpid()) or "")
    assert this_process().is_alive


def test_another_process_with_the_same_number_is_not_it() -> None:
    assert not Process(os.getpid(), "another time").is_alive


def test_a_process_that_only_has_the_number_is_left_alone() -> None:
    process = child(POLITE)
    try:
        assert end(Process(process.pid, "another time")) is False
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()


def test_a_process_is_asked_to_end_and_waited_for() -> None:
    process = child(POLITE)
    assert end(known(process)) is True
    assert process.wait() == 7


def test_a_process_that_does_not_listen_is_forced() -> None:
    process = child(STUBBORN)
    assert end(known(process), patience=0.2) is True
    assert process.wait() == -9


def test_an_ended_process_that_waits_for_its_parent_is_not_alive() -> None:
    process = child(POLITE)
    it = known(process)
    process.terminate()
    ends = time.monotonic() + 10
    while it.is_alive:
        assert time.monotonic() < ends
    assert end(it) is False
    process.wait()
