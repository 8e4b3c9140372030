"""What a program reads from and writes to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

STDIN_LIMIT = 1 << 20
"""Bytes of input that wait for a program at most."""


class Writer(Protocol):
    """Where a program's output goes."""

    async def write(self, data: bytes) -> None:
        """Take some bytes; may wait until there is room."""


class Stdin:
    """A program's input. Whoever feeds it waits while the program has much to read already."""

    def __init__(self, *, is_open: bool = True) -> None:
        self._waiting = bytearray()
        self._is_over = not is_open
        self._changed = asyncio.Event()

    async def feed(self, data: bytes) -> None:
        """Add input; waits while there is much of it. What comes after the end is dropped."""
        while len(self._waiting) >= STDIN_LIMIT and not self._is_over:
            await self._changed.wait()
        if not self._is_over:
            self._waiting += data
            self._wake()

    def end(self) -> None:
        """Say that no more comes."""
        self._is_over = True
        self._wake()

    async def read(self, most: int = 1 << 16) -> bytes:
        """Return what is there, at least a byte; nothing means that it is over."""
        while not self._waiting and not self._is_over:
            await self._changed.wait()
        taken = bytes(self._waiting[:most])
        del self._waiting[:most]
        self._wake()
        return taken

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def read_all(self, most: int = STDIN_LIMIT) -> bytes:
        """Return everything until the end; ValueError where that is more than `most` bytes."""
        parts, size = [], 0
        while part := await self.read():
            size += len(part)
            if size > most:
                raise ValueError(f"more than {most} bytes of input")
            parts.append(part)
        return b"".join(parts)


@dataclass(slots=True)
class Terminal:
    """A writer in front of a terminal, which wants a carriage return with each line feed."""

    behind: Writer

    async def write(self, data: bytes) -> None:
        """Pass some bytes on."""
        await self.behind.write(data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


@dataclass(slots=True)
class Memory:
    """A writer that keeps what it gets."""

    data: bytearray = field(default_factory=bytearray)

    async def write(self, data: bytes) -> None:
        """Keep some bytes."""
        self.data += data
