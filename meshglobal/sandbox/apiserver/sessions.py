"""What goes over the channels of exec and attach: input to a program, its output, and how it ended."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from meshglobal.sandbox.apiserver import channels
from meshglobal.sandbox.apiserver.channels import BadFrameError, Channels, ChannelWriter
from meshglobal.sandbox.containers.streams import Stdin, Terminal, Writer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.containers.instance import Instance
    from meshglobal.sandbox.containers.journal import Journal, Piece
    from meshglobal.sandbox.containers.runtime import Containers

_INTERRUPTED: Final = 130
_CONTROL_C, _CONTROL_D = b"\x03", b"\x04"
_NOTHING_RUNS: Final = (
    b"this container of the sandbox runs no program, it only looks so; run one with kubectl exec POD -- curl URL\r\n"
)
_KNOWN: Final = (channels.STDIN, channels.STDOUT, channels.STDERR, channels.ERROR, channels.RESIZE)


@dataclass(frozen=True, slots=True)
class Streams:
    """Which streams a client wants, and whether a terminal is at its end."""

    stdin: bool
    stdout: bool
    stderr: bool
    tty: bool

    @property
    def first(self) -> int:
        """The channel that is opened first: the lowest that we write to."""
        if self.stdout:
            return channels.STDOUT
        return channels.STDERR if self.stderr else channels.ERROR


@dataclass(slots=True)
class _Nowhere:
    async def write(self, data: bytes) -> None:
        """Forget some bytes: nobody asked for this stream."""


@dataclass(frozen=True, slots=True)
class Execution:
    """A program that is run for one client."""

    containers: Containers
    pod: JSON
    container: JSON
    argv: tuple[str, ...]
    streams: Streams

    async def converse(self, line: Channels) -> None:
        """Run the program while the client is there; raises BadFrameError."""
        await line.open(self.streams.first)
        stdin = Stdin(is_open=self.streams.stdin)
        running = asyncio.create_task(
            self.containers.execute(self.pod, self.container, self.argv, stdin, self._outputs(line))
        )
        listening = asyncio.create_task(listen(line, stdin, has_terminal=self.streams.tty))
        async with _ended_with(running, listening):
            await asyncio.wait({running, listening}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                await line.finish(channels.ended(running.result()))
            elif listening.result():
                await line.finish(channels.ended(_INTERRUPTED))

    def _outputs(self, line: Channels) -> tuple[Writer, Writer]:
        nowhere = _Nowhere()
        out: Writer = ChannelWriter(line, channels.STDOUT) if self.streams.stdout else nowhere
        if self.streams.tty:
            terminal = Terminal(out)
            return terminal, terminal
        return out, ChannelWriter(line, channels.STDERR) if self.streams.stderr else nowhere


@dataclass(frozen=True, slots=True)
class Attachment:
    """A client that joins what a container runs already."""

    journal: Journal
    instance: Instance | None
    """None for a container that only looks as if it ran."""
    streams: Streams

    async def converse(self, line: Channels) -> None:
        """Pass on what the container prints while the client is there; raises BadFrameError."""
        await line.open(self.streams.first)
        if self.instance is None:
            await line.send(channels.STDERR if self.streams.stderr else channels.STDOUT, _NOTHING_RUNS)
            await line.finish(channels.ended(0))
            return
        is_first = self.instance.attach()
        stdin = self.instance.stdin if self.streams.stdin else Stdin(is_open=False)
        pieces = self.journal.follow(from_start=is_first)
        showing = asyncio.create_task(self._show(line, pieces))
        listening = asyncio.create_task(listen(line, stdin, has_terminal=self.streams.tty))
        async with _ended_with(showing, listening):
            await asyncio.wait({showing, listening}, return_when=asyncio.FIRST_COMPLETED)
            if showing.done():
                showing.result()
                await line.finish(channels.ended(0))  # the exit code stands in the pod's status, as in a real cluster
            elif listening.result():
                self.instance.interrupt()
                await showing
                await line.finish(channels.ended(0))

    async def _show(self, line: Channels, pieces: AsyncIterator[Piece]) -> None:
        async for piece in pieces:
            if piece.stream == channels.STDOUT and self.streams.stdout:
                await line.send(channels.STDOUT, piece.data)
            if piece.stream == channels.STDERR and self.streams.stderr:
                await line.send(channels.STDERR, piece.data)


async def listen(line: Channels, stdin: Stdin, *, has_terminal: bool) -> bool:
    """Pass on what a client sends until it goes; True where it pressed Control-C. Raises BadFrameError."""
    while (frame := await line.receive()) is not None:
        if frame.channel not in _KNOWN:
            raise BadFrameError(f"there is no channel {frame.channel}")
        if frame.channel not in (channels.STDIN, channels.RESIZE):
            if frame.data:
                raise BadFrameError(f"channel {frame.channel} is not for clients to write to")
            continue
        if frame.channel == channels.RESIZE:
            continue  # nothing here looks at the size of a terminal
        if frame.is_end:
            stdin.end()
        elif has_terminal and _CONTROL_C in frame.data:
            return True
        elif has_terminal and _CONTROL_D in frame.data:
            await stdin.feed(frame.data.partition(_CONTROL_D)[0])
            stdin.end()
        else:
            await stdin.feed(frame.data)
    return False


@contextlib.asynccontextmanager
async def _ended_with(*tasks: asyncio.Task[object]) -> AsyncIterator[None]:
    """End these tasks with the block."""
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
