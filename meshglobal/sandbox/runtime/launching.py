"""Start a sandbox in the background: its process is ready, seeded and settled when `launch` returns.

The new process says so on a pipe; that the pipe ends without a word means that it died.
"""

from __future__ import annotations

import os
import select
import sys
import time

import msgspec

from meshglobal.sandbox.runtime.errors import AskedWrongError, SandboxError
from meshglobal.sandbox.runtime.handshake import Handshake
from meshglobal.sandbox.runtime.place import Place
from meshglobal.sandbox.runtime.process import Process, end, started_at
from meshglobal.sandbox.runtime.running import Running, clear, find
from meshglobal.sandbox.runtime.shape import Shape

START_SECONDS = 600.0
_CHUNK = 1 << 16
_SHOWN_LOG = 2000


def launch(place: Place, shape: Shape, life: int | None = None) -> Running:
    """Start the serving process in a session of its own and return when it is ready.

    With `life`, the reading end of a pipe, it ends when the pipe's other end is closed everywhere.
    Raises SandboxError with the new process's own words where it cannot start.
    """
    place.prepare()
    told, telling = os.pipe()
    try:
        pid = _spawn(place, shape, telling, life)
    finally:
        os.close(telling)
    with os.fdopen(told, "rb", buffering=0) as pipe:
        try:
            words = _words(pipe.fileno())
        except BaseException:
            end(Process(pid, started_at(pid) or ""))
            clear(place)
            raise
    if not words:
        os.waitpid(pid, 0)
        raise _died(place)
    handshake = msgspec.json.decode(words, type=Handshake)
    if handshake.error:
        os.waitpid(pid, 0)
        kind = AskedWrongError if handshake.is_asked_wrong else SandboxError
        raise kind(handshake.error, handshake.hint)
    running = find(place)
    if running is None:
        raise _died(place)
    return running


def _spawn(place: Place, shape: Shape, telling: int, life: int | None) -> int:
    """Start the process and return its number. It inherits the two pipes, the log as its output, and nothing else."""
    told = ["--place", str(place.folder), "--shape", msgspec.json.encode(shape).decode(), "--ready", str(telling)]
    if life is not None:
        told += ["--life", str(life)]
        os.set_inheritable(life, True)  # noqa: FBT003 - the signature is the system's
    os.set_inheritable(telling, True)  # noqa: FBT003 - as above
    log = place.open_log()
    try:
        return os.posix_spawn(
            sys.executable,
            # -P: the folder that somebody happens to be in is no place to import from.
            [sys.executable, "-P", "-m", "meshglobal.sandbox.runtime.serve", *told],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, log, 1),
                (os.POSIX_SPAWN_DUP2, log, 2),
            ],
            setsid=True,
        )
    finally:
        os.close(log)


def _words(pipe: int) -> bytes:
    """What the process says, until it closes the pipe; raises SandboxError where that takes too long."""
    ends = time.monotonic() + START_SECONDS
    found = b""
    while True:
        if not select.select([pipe], [], [], max(0.0, ends - time.monotonic()))[0]:
            raise SandboxError(f"the sandbox was not ready after {START_SECONDS:.0f} s; it was ended")
        part = os.read(pipe, _CHUNK)
        if not part:
            return found
        found += part


def _died(place: Place) -> SandboxError:
    last = ""
    if place.log.exists():
        lines = place.log.read_text("utf-8", errors="replace")[-_SHOWN_LOG:].strip().splitlines()
        last = lines[-1] if lines else ""
    because = f": {last}" if last else ""
    return SandboxError(f"the sandbox's process died before it was ready{because}", f"its log: {place.log}")
