"""portforward as kubectl asks for it: SPDY/3.1 in the messages of a WebSocket.

For each connection the client opens two streams, first one for errors, then one for data.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from meshglobal.sandbox.apiserver import spdy
from meshglobal.sandbox.apiserver.channels import NORMAL, BadFrameError, Channels
from meshglobal.sandbox.apiserver.ports import opened, port_of
from meshglobal.sandbox.apiserver.spdy import BadSpdyError, Decoder, Encoder, SpdyFrame

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.channels import Socket
    from meshglobal.sandbox.containers.network import Network, Source

PROTOCOL: Final = "SPDY/3.1+portforward.k8s.io"
_MOST_STREAMS: Final = 256
_PIECE: Final = 16 * 1024
_WAITING: Final = 64
"""Pieces of data that wait for a connection at most."""


@dataclass(slots=True)
class _Connection:
    """One connection to a port: its stream for errors, what waits to be written, and the work on it."""

    errors: int
    port: int
    waiting: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(_WAITING))
    task: asyncio.Task[None] | None = None


@dataclass(slots=True)
class Tunnel:
    """Forwards connections to ports of one pod."""

    network: Network
    source: Source
    _encoder: Encoder = field(default_factory=Encoder)
    _errors: dict[str, int] = field(default_factory=dict)
    """Request -> its stream for errors, until the one for data comes."""
    _connections: dict[int, _Connection] = field(default_factory=dict)
    """Data stream -> connection."""

    async def converse(self, line: Channels) -> None:
        """Forward until the client goes; raises BadFrameError."""
        decoder = Decoder()
        try:
            while (message := await line.socket.receive()) is not None:
                for frame in decoder.feed(message):
                    if frame.type == spdy.GOAWAY:
                        await line.socket.close(NORMAL, "")
                        return
                    await self._take(line.socket, frame)
        except BadSpdyError as wrong:
            raise BadFrameError(str(wrong)) from wrong
        finally:
            tasks = [each.task for each in self._connections.values() if each.task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _take(self, socket: Socket, frame: SpdyFrame) -> None:
        if frame.type == spdy.SYN_STREAM:
            await self._open(socket, frame)
        elif frame.type == spdy.PING:
            await socket.send(self._encoder.ping(frame.stream))
        elif frame.type == spdy.RST_STREAM and frame.stream in self._connections:
            connection = self._connections[frame.stream]
            if connection.task is not None:
                connection.task.cancel()
        elif frame.type == spdy.DATA and frame.stream in self._connections:
            waiting = self._connections[frame.stream].waiting
            if frame.data:
                await waiting.put(frame.data)
            if frame.is_last:
                await waiting.put(None)

    async def _open(self, socket: Socket, frame: SpdyFrame) -> None:
        """Begin a stream; with the one for data the connection begins."""
        if len(self._connections) + len(self._errors) >= _MOST_STREAMS:
            raise BadSpdyError(f"more than {_MOST_STREAMS} streams at a time")
        kind, word = frame.headers.get("streamtype", ""), frame.headers.get("port", "")
        request, port = frame.headers.get("requestid", ""), port_of(word)
        if kind not in ("data", "error") or port is None:
            raise BadSpdyError(f"a stream of type {kind[:20]!r} for port {word[:20]!r} means nothing here")
        await socket.send(self._encoder.reply(frame.stream))
        if kind == "error":
            self._errors[request] = frame.stream
            return
        if request not in self._errors:
            raise BadSpdyError(f"the stream for errors of request {request[:20]!r} is missing")
        connection = _Connection(self._errors.pop(request), port)
        self._connections[frame.stream] = connection
        connection.task = asyncio.create_task(self._forward(socket, frame.stream, connection))

    async def _forward(self, socket: Socket, stream: int, connection: _Connection) -> None:
        """Carry one connection to its end."""
        try:
            found = await opened(self.network, self.source, connection.port)
            if isinstance(found, str):
                await socket.send(self._encoder.data(connection.errors, found.encode(), is_last=True))
            else:
                await _carry(socket, stream, connection, *found)
                await socket.send(self._encoder.data(connection.errors, b"", is_last=True))
            await socket.send(self._encoder.data(stream, b"", is_last=True))
        finally:
            self._connections.pop(stream, None)
            while not connection.waiting.empty():
                connection.waiting.get_nowait()  # whoever waits for room may go on


async def _carry(
    socket: Socket,
    stream: int,
    connection: _Connection,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    """Pass data both ways until the port's side ends."""

    async def write() -> None:
        with contextlib.suppress(OSError):
            while (data := await connection.waiting.get()) is not None:
                writer.write(data)
                await writer.drain()
            writer.write_eof()

    writing = asyncio.create_task(write())
    try:
        with contextlib.suppress(OSError):
            while data := await reader.read(_PIECE):
                await socket.send(Encoder.data(stream, data))
    finally:
        writing.cancel()
        writer.close()
