"""Runs the real program in processes of its own, with a home where its sandboxes live."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from meshglobal.sandbox.runtime.ending import bring_down
from meshglobal.sandbox.runtime.place import Place, all_places, place_of

BIN = Path(sys.executable).parent
DEADLINE = 60.0


@dataclass
class Program:
    """The program as somebody at a terminal has it."""

    home: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        own = {"HOME": str(self.home), "XDG_STATE_HOME": str(self.home / "state")}
        return {"PATH": f"{BIN}:{os.environ['PATH']}", **own, **self.more}

    def __call__(self, *arguments: str, ends: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, which must be with this exit code."""
        done = subprocess.run(
            [BIN / "meshglobal", *arguments],
            env=self.environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
            check=False,
        )
        assert done.returncode == ends, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def place(self, name: str = "default") -> Place:
        return place_of(name, self.environment)

    def start(self, *arguments: str) -> Foreground:
        """Start a command that goes on."""
        process = subprocess.Popen(
            [BIN / "meshglobal", *arguments],
            env=self.environment,
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        return Foreground(process)

    def clean(self) -> None:
        """End every sandbox that still runs here."""
        for each in all_places(self.environment):
            bring_down(each)


@dataclass
class Foreground:
    """A command that goes on until it gets a signal."""

    process: subprocess.Popen[str]

    def until(self, text: str, stream: str = "stderr") -> str:
        """Read lines until one has this text; return what was read."""
        pipe: IO[str] | None = getattr(self.process, stream)
        assert pipe is not None
        read = ""
        for line in pipe:
            read += line
            if text in line:
                return read
        raise AssertionError(f"ended without {text!r}: {read!r}")

    def end(self, number: signal.Signals) -> tuple[int, float, str, str]:
        """Send a signal; exit code, seconds until the end, and what it still said on stdout and stderr."""
        began = time.monotonic()
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode, time.monotonic() - began, out, err
