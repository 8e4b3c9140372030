"""Kubernetes' numbered channels over one WebSocket: the subprotocols v5.channel.k8s.io and v4.channel.k8s.io.

Each message is one byte that names a channel, and data. In v5 a client ends a channel with the byte 255 and its number.
Knows nothing of the library that carries the messages.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON

V5, V4 = "v5.channel.k8s.io", "v4.channel.k8s.io"
STDIN, STDOUT, STDERR, ERROR, RESIZE = range(5)
_END: Final = 255
_LARGEST: Final = 32 * 1024
"""Bytes in one message that we send."""
LARGEST_RECEIVED: Final = 1 << 20

NORMAL, PROTOCOL_ERROR = 1000, 1002


class Socket(Protocol):
    """One open WebSocket."""

    async def receive(self) -> bytes | None:
        """Return the next message, None when there will be no more."""

    async def send(self, message: bytes) -> None:
        """Send a message; what nobody takes any more is dropped."""

    async def close(self, code: int, reason: str) -> None:
        """Say goodbye, and why."""


class BadFrameError(Exception):
    """A client that does not keep to the protocol; its text is the reason that the client is told."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a client sent: data for a channel, or that it ends the channel."""

    channel: int
    data: bytes = b""
    is_end: bool = False


@dataclass(slots=True)
class Channels:
    """The channels of one connection."""

    socket: Socket
    version: str

    async def send(self, channel: int, data: bytes) -> None:
        """Send data to a channel, in as many messages as it takes."""
        mark = bytes([channel])
        for start in range(0, len(data), _LARGEST):
            await self.socket.send(mark + data[start : start + _LARGEST])

    async def open(self, channel: int) -> None:
        """Send an empty message, by which clients see that the other end is there."""
        await self.socket.send(bytes([channel]))

    async def receive(self) -> Frame | None:
        """Return what the client sends next, None when it has gone; raises BadFrameError."""
        while True:
            message = await self.socket.receive()
            if message is None:
                return None
            if not message:
                continue  # a sign of life
            if message[0] != _END or self.version != V5:
                return Frame(message[0], message[1:])
            if len(message) != 2:  # noqa: PLR2004 - the mark and the channel
                raise BadFrameError("a message that ends a channel has two bytes")
            return Frame(message[1], is_end=True)

    async def finish(self, status: JSON) -> None:
        """Send how it ended, and close."""
        await self.send(ERROR, json.dumps(status, separators=(",", ":")).encode())
        await self.socket.close(NORMAL, "")


@dataclass(slots=True)
class ChannelWriter:
    """One channel, as a program writes to it."""

    channels: Channels
    channel: int

    async def write(self, data: bytes) -> None:
        """Send some bytes."""
        await self.channels.send(self.channel, data)


def ended(code: int) -> JSON:
    """Return the Status that tells an exit code."""
    if not code:
        return {"metadata": {}, "status": "Success"}
    return {
        "metadata": {},
        "status": "Failure",
        "message": f"command terminated with non-zero exit code: exit status {code}",
        "reason": "NonZeroExitCode",
        "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]},
    }
