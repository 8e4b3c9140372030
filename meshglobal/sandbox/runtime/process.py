"""One process, told from a later one with the same number by the time it started.

Numbers are used again. So a process is known by its number and its start, and is signalled (on Linux) through a
descriptor that stays with it: what was checked is what gets the signal.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

_LOOK_AGAIN_SECONDS = 0.02
_STATE, _START = 0, 19  # fields of /proc/PID/stat after the name, see proc(5)


class Process(msgspec.Struct, frozen=True):
    """A process that was there once; `started` is opaque, compare it only."""

    pid: int
    started: str

    @property
    def is_alive(self) -> bool:
        """Whether this very process still runs."""
        return started_at(self.pid) == self.started


def this_process() -> Process:
    """The process that asks."""
    return Process(os.getpid(), started_at(os.getpid()) or "")


def started_at(pid: int) -> str | None:
    """When the process of this number started; None where there is none, or it has ended and waits for its parent."""
    return _from_proc(pid) if Path("/proc/self/stat").exists() else _from_ps(pid)


def end(process: Process, patience: float = 10.0) -> bool:
    """End a process: ask it to, after `patience` seconds force it, return when it is gone. Whether it ran at all."""
    with _handle(process) as handle:
        if not process.is_alive:
            return False
        _signal(process, handle, signal.SIGTERM)
        if not _gone(process, handle, patience):
            _signal(process, handle, signal.SIGKILL)
            _gone(process, handle, patience)
    return True


def _from_proc(pid: int) -> str | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("utf-8").strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[_STATE] in {"Z", "X"} else f"{boot}:{fields[_START]}"


def _from_ps(pid: int) -> str | None:
    """Where there is no /proc (macOS)."""
    told = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, start = told.stdout.strip().partition(" ")
    return start.strip() if start and not state.startswith("Z") else None


@contextlib.contextmanager
def _handle(process: Process) -> Iterator[int | None]:
    """A descriptor that stays with the process; None where there is no such thing, or no such process."""
    if sys.platform != "linux":
        yield None
        return
    try:
        descriptor = os.pidfd_open(process.pid)
    except ProcessLookupError:
        yield None
        return
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _signal(process: Process, handle: int | None, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # it ended by itself meanwhile, which is what was wanted
        if sys.platform == "linux" and handle is not None:
            signal.pidfd_send_signal(handle, number)
        else:
            os.kill(process.pid, number)


def _gone(process: Process, handle: int | None, patience: float) -> bool:
    if handle is not None:
        return bool(select.select([handle], [], [], patience)[0])
    ends = time.monotonic() + patience
    while process.is_alive:
        if time.monotonic() > ends:
            return False
        time.sleep(_LOOK_AGAIN_SECONDS)
    return True
