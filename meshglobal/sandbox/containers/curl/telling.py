"""What curl tells on stderr while it works (`-v`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshglobal.sandbox.containers.streams import Writer


@dataclass(slots=True)
class Telling:
    """Writes what `-v` asks for, or nothing."""

    to: Writer
    is_on: bool
    shows_sizes: bool
    """Whether it says how much data came: not where a terminal shows the data itself."""
    _told_of_data: bool = False

    async def note(self, text: str) -> None:
        """Say something about the connection."""
        await self._lines("* ", [text], "\n")

    async def sent(self, lines: Iterable[str]) -> None:
        """Show the head of the request."""
        await self._lines("> ", lines, "\r\n")

    async def came(self, line: str) -> None:
        """Show one line of the answer's head."""
        await self._lines("< ", [line], "\r\n")

    async def data(self, mark: str, size: int) -> None:
        """Say that data came (`{`) or was sent (`}`), once in a row."""
        if self.is_on and self.shows_sizes and not self._told_of_data:
            await self.to.write(f"{mark} [{size} bytes data]\n".encode())
            self._told_of_data = True

    async def _lines(self, mark: str, lines: Iterable[str], end: str) -> None:
        if self.is_on:
            await self.to.write("".join(f"{mark}{line}{end}" for line in lines).encode())
            self._told_of_data = False
