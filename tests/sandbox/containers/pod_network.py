"""A network for pods in tests, with real servers behind it: scripted ones, and one page over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from meshglobal.sandbox.containers import programs
from meshglobal.sandbox.containers.network import Network, Refusal, Source, Trouble, Way
from meshglobal.sandbox.containers.process import Process
from meshglobal.sandbox.containers.streams import Memory, Stdin

POD = Source("east", "bookinfo", "ratings")
HOST = "productpage.bookinfo.mesh.internal"
ADDRESS = "240.240.0.7"
SECRET = "x-way"


@dataclass
class Names:
    """A network that knows a few names: port of the loopback, or why there is no way."""

    known: Mapping[str, int | Trouble | Refusal]
    asked: list[tuple[Source, str, int]] = field(default_factory=list)

    async def way(self, source: Source, host: str, port: int) -> Way | Refusal | Trouble:
        self.asked.append((source, host, port))
        found = self.known.get(host, Trouble.UNKNOWN_HOST)
        if isinstance(found, Trouble | Refusal):
            return found
        return Way((ADDRESS,), "127.0.0.1", found, ((SECRET, f"{source.cluster}/{source.pod}"),))


@dataclass
class Done:
    """What a program left behind."""

    code: int
    out: str
    err: str


async def ran(network: Network, *argv: str, stdin: bytes = b"", has_terminal: bool = False) -> Done:
    """Run a program to its end."""
    given = Stdin()
    await given.feed(stdin)
    given.end()
    out, err = Memory(), Memory()
    process = Process(argv, POD, network, {"HOSTNAME": "ratings"}, given, out, err, "10.1.1.9", has_terminal)
    code = await programs.run(process)
    return Done(code, out.data.decode(), err.data.decode())


def run(*argv: str, stdin: bytes = b"", **known: int | Trouble | Refusal) -> Done:
    """Run a program in a loop of its own; it knows these names."""
    return asyncio.run(ran(Names(known), *argv, stdin=stdin))


@dataclass
class Scripted:
    """A server that answers each connection with the same bytes, and keeps what it was sent."""

    answer: bytes
    resets: bool = False
    hangs: bool = False
    port: int = 0
    received: list[bytes] = field(default_factory=list)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await reader.readuntil(b"\r\n\r\n")  # nothing comes of somebody who only looks whether we listen
            lines = [line[15:] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
            self.received.append(head + await reader.readexactly(int(lines[0]) if lines else 0))
            writer.write(self.answer)
            await writer.drain()
            if self.hangs:
                await reader.read()
            if self.resets:
                writer.transport.abort()


@contextlib.asynccontextmanager
async def serving(server: Scripted) -> AsyncIterator[Scripted]:
    """Let a scripted server listen."""
    listening = await asyncio.start_server(server._serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()


def page(body: bytes = b"<title>Simple Bookstore App</title>\n", status: str = "200 OK", more: str = "") -> bytes:
    """Return an answer with a length."""
    return f"HTTP/1.1 {status}\r\nserver: test\r\n{more}content-length: {len(body)}\r\n\r\n".encode() + body
