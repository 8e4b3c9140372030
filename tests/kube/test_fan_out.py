"""Bounded threads, a caller who never waits too long, and an end on Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from servers import socket_server, write_kubeconfig

from meshglobal.kube.fan_out import Progress, fan_out
from meshglobal.kube.timing import Deadline


@contextmanager
def released() -> Iterator[threading.Event]:
    """An event that tasks wait for, and that is set in the end so that no thread outlives its test."""
    event = threading.Event()
    yield event
    event.set()


def test_all_tasks_are_done_on_no_more_threads_than_allowed() -> None:
    lock, together = threading.Lock(), threading.Barrier(3)
    threads: set[str] = set()
    done: list[int] = []

    def task(number: int) -> None:
        if number < 3:
            together.wait(5)  # passes only when three run at once
        with lock:
            threads.add(threading.current_thread().name)
            done.append(number)

    tasks = [lambda number=number: task(number) for number in range(30)]
    assert fan_out(tasks, 3, Deadline(time.monotonic() + 10)) == [Progress.DONE] * 30
    assert sorted(done) == list(range(30))
    assert len(threads) <= 3


def test_the_deadline_leaves_what_runs_and_starts_nothing_more() -> None:
    started = time.monotonic()
    ran: list[str] = []
    with released() as event:
        tasks = [lambda: None, lambda: event.wait(10) and None, lambda: ran.append("late")]
        progress = fan_out(tasks, 1, Deadline(started + 0.3))
        assert time.monotonic() - started < 1
        assert progress == [Progress.DONE, Progress.STARTED, Progress.NOT_STARTED]
        workers = [thread for thread in threading.enumerate() if thread.name.startswith("meshglobal-")]
    for worker in workers:
        worker.join(5)
    assert workers
    assert ran == []


def test_closing_ends_the_wait() -> None:
    deadline = Deadline(time.monotonic() + 30)
    with released() as event:
        threading.Timer(0.1, deadline.closed.set).start()
        started = time.monotonic()
        fan_out([lambda: event.wait(10) and None], 1, deadline)
        assert time.monotonic() - started < 2


def test_a_defect_in_a_task_is_raised() -> None:
    def defect() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fan_out([defect], 1, Deadline(time.monotonic() + 5))


def test_threads_do_not_hold_up_the_end_of_the_process() -> None:
    with released() as event:
        seen: list[bool] = []
        tasks = [lambda: seen.append(threading.current_thread().daemon), lambda: event.wait(10) and None]
        fan_out(tasks, 2, Deadline(time.monotonic() + 0.2))
        assert seen == [True]


HANG = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # tests run in the background inherit that it is ignored
from meshglobal.domain.kinds import SERVICE
from meshglobal.domain.snapshot import Query
from meshglobal.kube.fleet import Choice, choose, connect
fleet = connect(*choose(Choice(sys.argv[1], use_all=True), {}))
print("reading", flush=True)
try:
    fleet.read([Query(SERVICE)])
except KeyboardInterrupt:
    print("interrupted", flush=True)
    sys.exit(130)
"""


def test_ctrl_c_ends_within_a_second_though_servers_are_silent(tmp_path: Path) -> None:
    with released() as event, socket_server(lambda _: event.wait(20) and None) as server:
        contexts = {f"c{number}": ({"server": server.url}, {"token": "t"}) for number in range(10)}
        path = write_kubeconfig(tmp_path / "kubeconfig", contexts)
        process = subprocess.Popen([sys.executable, "-c", HANG, str(path)], stdout=subprocess.PIPE, text=True)
        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == "reading\n"
            server_was_asked = server.accepted.wait(10)
            started = time.monotonic()
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 130
            assert time.monotonic() - started < 1
            assert process.stdout.read() == "interrupted\n"
    assert server_was_asked
