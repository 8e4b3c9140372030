"""One run of a program: what it is given, and how it ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from meshglobal.sandbox.containers.network import Network, NoNetwork, Source
from meshglobal.sandbox.containers.streams import Memory, Stdin, Writer


@dataclass(slots=True)
class Process:
    """What a program sees of the world. There is nothing else: no files, no other programs, no host."""

    argv: tuple[str, ...]
    source: Source
    network: Network = field(default_factory=NoNetwork)
    environment: Mapping[str, str] = field(default_factory=dict)
    stdin: Stdin = field(default_factory=lambda: Stdin(is_open=False))
    stdout: Writer = field(default_factory=Memory)
    stderr: Writer = field(default_factory=Memory)
    address: str = ""
    """The pod's own."""
    has_terminal: bool = False
    """Whether its output goes to a terminal."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """The words after the program's name."""
        return self.argv[1:]

    async def say(self, text: str) -> None:
        """Write a line to stdout."""
        await self.stdout.write(f"{text}\n".encode())

    async def complain(self, text: str) -> None:
        """Write a line to stderr."""
        await self.stderr.write(f"{text}\n".encode())


Program = Callable[[Process], Awaitable[int]]
"""Runs to its end and returns its exit code."""
