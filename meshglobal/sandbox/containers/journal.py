"""What a container has printed: bounded, with the time of each line, for its log and for those who are attached."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

LIMIT: Final = 1 << 20
"""Bytes that are kept; the oldest go first."""
_MOST_PIECES: Final = 10_000
_LEAD: Final = LIMIT // 2
"""Bytes that a reader may be behind before the writer waits."""
_PATIENCE: Final = 10.0
"""Seconds that output waits for a slow reader before that one loses some."""

STDOUT: Final = 1
STDERR: Final = 2


Line = tuple[dt.datetime, bytes]
"""When a line began, and its text with the line feed."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of one stream, with the time at which they were written."""

    start: int
    """How many bytes were written before, to all streams."""
    time: dt.datetime
    stream: int
    data: bytes

    @property
    def end(self) -> int:
        """Where the next piece starts."""
        return self.start + len(self.data)


@dataclass(eq=False, slots=True)
class _Reader:
    """Up to which byte somebody has read."""

    at: int


class Journal:
    """The output of one container."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self._pieces: deque[Piece] = deque()
        self.written = 0
        self._readers: set[_Reader] = set()
        self._changed = asyncio.Event()
        self.is_over = False

    def add(self, stream: int, data: bytes) -> None:
        """Write, and wait for nobody."""
        for start in range(0, len(data), _LEAD):
            piece = Piece(self.written, self._now(), stream, data[start : start + _LEAD])
            self._pieces.append(piece)
            self.written = piece.end
        while self.written - self._pieces[0].start > LIMIT or len(self._pieces) > _MOST_PIECES:
            self._pieces.popleft()
        self._wake()

    async def write(self, stream: int, data: bytes) -> None:
        """Write, and wait for readers who are far behind, for a while."""
        if not data:
            return
        self.add(stream, data)
        if self._is_far_ahead():
            with contextlib.suppress(TimeoutError):  # who reads too slowly loses the oldest part
                async with asyncio.timeout(_PATIENCE):
                    while self._is_far_ahead():
                        await self._changed.wait()

    def end(self) -> None:
        """Say that no more will be written."""
        self.is_over = True
        self._wake()

    def pieces(self) -> tuple[Piece, ...]:
        """Return what is kept, oldest first."""
        return tuple(self._pieces)

    async def follow(self, *, from_start: bool) -> AsyncGenerator[Piece, None]:
        """Yield what is kept (or only what comes), then what is written, until the end."""
        reader = _Reader(0 if from_start else self.written)
        self._readers.add(reader)
        try:
            while True:
                changed = self._changed
                for piece in self._since(reader.at):
                    yield piece
                    reader.at = piece.end
                    self._wake()
                if reader.at == self.written:
                    if self.is_over:
                        return
                    await changed.wait()
        finally:
            self._readers.discard(reader)
            self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _since(self, start: int) -> list[Piece]:
        newest_first = takewhile(lambda each: each.start >= start, reversed(self._pieces))
        return list(newest_first)[::-1]

    def _is_far_ahead(self) -> bool:
        return any(self.written - each.at > _LEAD for each in self._readers)


@dataclass(slots=True)
class JournalWriter:
    """One stream of a container, as a program writes to it."""

    journal: Journal
    stream: int

    async def write(self, data: bytes) -> None:
        """Write to the journal."""
        await self.journal.write(self.stream, data)


@dataclass(slots=True)
class Lines:
    """Makes whole lines of pieces, each stream by itself: what a log shows."""

    _open: dict[int, Line] = field(default_factory=dict)

    def feed(self, piece: Piece) -> list[Line]:
        """Return the lines that a piece completes, with their line feeds and the times at which they began."""
        began, text = self._open.pop(piece.stream, (piece.time, b""))
        *whole, rest = (text + piece.data).split(b"\n")
        if rest:
            self._open[piece.stream] = (piece.time if whole else began, rest)
        return [(began if not index else piece.time, line + b"\n") for index, line in enumerate(whole)]

    def rest(self) -> list[Line]:
        """Return the lines that nobody has ended yet."""
        return sorted(self._open.values(), key=lambda each: each[0])


def lines_of(pieces: Iterable[Piece]) -> list[Line]:
    """Return all lines of some pieces."""
    lines = Lines()
    found = [line for piece in pieces for line in lines.feed(piece)]
    return found + lines.rest()
