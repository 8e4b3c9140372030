"""portforward on pods, in the form of the channel protocols: two channels a port, one for data and one for errors.

Each begins with the port's number in two bytes. kubectl speaks SPDY through such a connection, which is not served.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from meshglobal.sandbox.apiserver import problems
from meshglobal.sandbox.apiserver.channels import NORMAL, BadFrameError, Channels
from meshglobal.sandbox.apiserver.exchange import Answer, Upgrade
from meshglobal.sandbox.apiserver.objects import JSON, name_of, namespace_of
from meshglobal.sandbox.apiserver.streaming import PROTOCOLS, connected
from meshglobal.sandbox.containers.network import Source, Way

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.call import Call
    from meshglobal.sandbox.containers.network import Network

_SPDY: Final = "SPDY/3.1"
_LAST_PORT: Final = 65535
_MOST_PORTS: Final = 16
_PIECE: Final = 16 * 1024


def forward(call: Call) -> Answer:
    """Answer portforward; raises ApiError (400, 403, 404)."""
    containers, pod = connected(call)
    if (pod.get("status") or {}).get("phase") != "Running":
        raise problems.bad_request(f"unable to forward port because pod is not running. Current status={_phase(pod)}")
    if _SPDY in call.request.header("sec-websocket-protocol") + call.request.header("upgrade"):
        raise problems.bad_request(
            "the sandbox forwards ports over WebSocket channels, as the official clients for Python and JavaScript ask"
            " for it, not over SPDY, as kubectl does; reach the pod by kubectl exec POD -- curl localhost:PORT"
        )
    words = [word for value in call.request.every("ports") for word in value.split(",")]
    if not words or len(words) > _MOST_PORTS:
        raise problems.bad_request(f"query parameter 'ports' must name 1 to {_MOST_PORTS} ports")
    for word in words:
        if not (word.isascii() and word.isdigit() and 0 < int(word[:6]) <= _LAST_PORT):
            raise problems.bad_request(f'"{word}" is not a valid port')
    source = Source(call.state.name, namespace_of(pod), name_of(pod))
    return Upgrade(Forwarding(containers.network, source, tuple(map(int, words))).converse, PROTOCOLS)


def _phase(pod: JSON) -> str:
    return str((pod.get("status") or {}).get("phase", ""))


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Connections to ports of one pod."""

    network: Network
    source: Source
    ports: tuple[int, ...]

    async def converse(self, line: Channels) -> None:
        """Pass data on between the client and the ports until either has enough; raises BadFrameError."""
        for number, port in enumerate(self.ports):
            for channel in (2 * number, 2 * number + 1):
                await line.send(channel, port.to_bytes(2, "little"))
        async with contextlib.AsyncExitStack() as stack:
            writers: dict[int, asyncio.StreamWriter] = {}
            reading = []
            for number, port in enumerate(self.ports):
                opened = await self._open(line, number, port)
                if opened is not None:
                    stack.callback(opened[1].close)
                    writers[2 * number] = opened[1]
                    reading.append(asyncio.create_task(_pass_back(line, 2 * number, opened[0])))
            sending = asyncio.create_task(_pass_on(line, writers))
            try:
                await asyncio.wait({sending, *reading}, return_when=asyncio.FIRST_COMPLETED)
                if sending.done():
                    sending.result()
                await line.socket.close(NORMAL, "")
            finally:
                for task in (sending, *reading):
                    task.cancel()
                await asyncio.gather(sending, *reading, return_exceptions=True)

    async def _open(
        self, line: Channels, number: int, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        way = await self.network.way(self.source, "localhost", port)
        try:
            if isinstance(way, Way):
                return await asyncio.open_connection(way.host, way.port)
        except OSError:
            pass  # told below, like a port that nobody serves
        why = f"an error occurred forwarding {port}: nothing listens on port {port} of pod {self.source.pod}"
        await line.send(2 * number + 1, why.encode())
        return None


async def _pass_back(line: Channels, channel: int, reader: asyncio.StreamReader) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_PIECE):
            await line.send(channel, data)


async def _pass_on(line: Channels, writers: dict[int, asyncio.StreamWriter]) -> None:
    while (frame := await line.receive()) is not None:
        writer = writers.get(frame.channel)
        if writer is None:
            raise BadFrameError(f"channel {frame.channel} takes no data")
        with contextlib.suppress(OSError):
            writer.write(frame.data)
            await writer.drain()
