"""One container that runs a program: its input, its output, when it starts and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from meshglobal.sandbox.apiserver.objects import JSON, timestamp
from meshglobal.sandbox.containers import programs
from meshglobal.sandbox.containers.journal import STDERR, STDOUT, Journal, JournalWriter
from meshglobal.sandbox.containers.process import Process
from meshglobal.sandbox.containers.streams import Stdin, Terminal, Writer

HOLD: Final = 10.0
"""Seconds that a container with an open input waits for somebody to attach before its program starts."""
CANNOT_START: Final = 128
INTERRUPTED: Final = 130


@dataclass(eq=False, slots=True)
class Instance:
    """A container that runs a program; `state` is what the pod's status says of it."""

    container: JSON
    journal: Journal
    now: Callable[[], dt.datetime]
    state: JSON = field(default_factory=lambda: {"waiting": {"reason": "ContainerCreating"}})
    stdin: Stdin = field(init=False)
    _attached: asyncio.Event = field(default_factory=asyncio.Event)
    _program: asyncio.Task[int] | None = None

    def __post_init__(self) -> None:
        self.stdin = Stdin(is_open=bool(self.container.get("stdin")))

    @property
    def is_running(self) -> bool:
        """Whether its program runs, or waits for somebody to attach."""
        return "running" in self.state

    @property
    def exit_code(self) -> int | None:
        """How the program ended."""
        ended = self.state.get("terminated")
        return ended["exitCode"] if ended else None

    def attach(self) -> bool:
        """Let the program start: there is somebody who reads what it prints. True for the first who comes."""
        is_first = not self._attached.is_set()
        self._attached.set()
        return is_first

    def interrupt(self) -> None:
        """End the program as Control-C does."""
        if self._program is not None:
            self._program.cancel()

    def outputs(self) -> tuple[Writer, Writer]:
        """Return where the program's stdout and stderr go; a terminal has but one."""
        out = JournalWriter(self.journal, STDOUT)
        if self.container.get("tty"):
            terminal = Terminal(out)
            return terminal, terminal
        return out, JournalWriter(self.journal, STDERR)

    async def run(self, process: Process, on_change: Callable[[], None]) -> None:
        """Run the program to its end; `on_change` is called when the state is another one."""
        if programs.find(process.argv[0]) is None:
            why = programs.why_not(process.argv)
            await process.complain(why)
            self._end(CANNOT_START, on_change, why)
            return
        self.state = {"running": {"startedAt": timestamp(self.now())}}
        on_change()
        self._program = asyncio.create_task(self._run_program(process))
        try:
            await asyncio.wait({self._program})
        finally:
            self._program.cancel()
            await asyncio.wait({self._program})
            self._end(_code_of(self._program), on_change)
        if not self._program.cancelled():
            self._program.result()  # a program that broke is a defect of ours, which the sandbox's log shall show

    async def _run_program(self, process: Process) -> int:
        if self.container.get("stdin"):
            # A real kubelet loses what is printed before somebody is attached; here nothing is printed before.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HOLD):
                    await self._attached.wait()
        return await programs.run(process)

    def _end(self, code: int, on_change: Callable[[], None], why: str = "") -> None:
        moment = timestamp(self.now())
        began = (self.state.get("running") or {}).get("startedAt", moment)
        reason = "StartError" if why else "Error" if code else "Completed"
        ended = {"exitCode": code, "reason": reason, "startedAt": began, "finishedAt": moment}
        self.state = {"terminated": ended | ({"message": why} if why else {})}
        self.stdin.end()
        self.journal.end()
        on_change()


def _code_of(program: asyncio.Task[int]) -> int:
    """Return the exit code of a program; one that broke counts as killed."""
    if program.cancelled():
        return INTERRUPTED
    return programs.KILLED if program.exception() is not None else program.result()
