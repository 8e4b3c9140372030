"""The real program on a terminal of its own: a pseudo-terminal, read as somebody in front of it sees it."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

DEADLINE = 30.0
# A session of its own gets the terminal as its controlling one, as a login shell has it.
_TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
)
_HOME, _ENTER, _LEAVE, _SHOW_CURSOR = "\x1b[H", "\x1b[?1049h", "\x1b[?1049l", "\x1b[?25h"
_STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
MESHGLOBAL = (
    sys.executable,
    "-c",
    "import sys; sys.argv[0] = 'meshglobal'; from meshglobal.cli.main import main; main()",
)


@dataclass
class Terminal:
    """A terminal and the process in it."""

    master: int
    slave: int
    process: subprocess.Popen[bytes]
    raw: str = ""
    before: list[Any] = field(default_factory=list)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self.master, keys.encode())

    def resize(self, width: int, height: int) -> None:
        """Change the size; who runs in it is told."""
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def read(self, seconds: float) -> bool:
        """Take what was written, for so long at most; whether anything was."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if ready:
            self.raw += os.read(self.master, 1 << 16).decode("utf-8", "replace")
        return bool(ready)

    @property
    def screen(self) -> list[str]:
        """The last frame that was drawn."""
        frames = self.raw.rpartition(_ENTER)[2].split(_HOME)[1:]
        return [_STYLE.sub("", line).rstrip() for line in frames[-1].split("\r\n")] if frames else []

    def until(self, is_it: Callable[[list[str]], bool]) -> list[str]:
        """Read until the screen is so."""
        return self._until(lambda: is_it(self.screen) and self.screen)

    def until_text(self, text: str) -> list[str]:
        """Read until some line of the screen has this text."""
        return self.until(lambda lines: any(text in line for line in lines))

    def until_raw(self, is_it: Callable[[str], bool]) -> None:
        """Read until all that was written is so."""
        self._until(lambda: is_it(self.raw))

    def _until(self, found: Callable[[], Any]) -> Any:
        end = time.monotonic() + DEADLINE
        while not (value := found()):
            assert time.monotonic() < end, "\n".join(self.screen) or self.raw[-2_000:]
            self.read(0.2)
            while self.read(0.03):
                pass  # a frame comes in pieces
        return value

    def end(self) -> int:
        """Wait for the end of the process; its exit code."""
        end = time.monotonic() + DEADLINE
        while self.process.poll() is None:
            assert time.monotonic() < end, self.raw[-2_000:]
            self.read(0.05)
        while self.read(0.05):
            pass
        return self.process.returncode

    @property
    def is_as_before(self) -> bool:
        """Whether the terminal was given back: its settings, the screen and the cursor."""
        settings = termios.tcgetattr(self.slave) == self.before
        return settings and self.raw.rfind(_LEAVE) > self.raw.rfind(_ENTER) >= 0 and _SHOW_CURSOR in self.raw


@contextmanager
def terminal(
    command: Sequence[str], environ: Mapping[str, str], width: int = 100, height: int = 24
) -> Iterator[Terminal]:
    """Run a command in a terminal; whatever still runs in the end is killed."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    before = termios.tcgetattr(slave)
    process = subprocess.Popen(
        [sys.executable, "-c", _TAKE_TERMINAL, *command],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**environ, "TERM": "xterm-256color"},
        start_new_session=True,
    )
    try:
        yield Terminal(master, slave, process, before=before)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(master)
        os.close(slave)
