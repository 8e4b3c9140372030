"""portforward on pods, in the form of the channel protocols: two channels a port, one for data and one for errors.

Each begins with the port's number in two bytes. kubectl asks for something else, which `tunnel.py` serves.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from meshglobal.sandbox.apiserver import problems, tunnel
from meshglobal.sandbox.apiserver.channels import NORMAL, BadFrameError, Channels
from meshglobal.sandbox.apiserver.exchange import Answer, Upgrade
from meshglobal.sandbox.apiserver.objects import JSON, name_of, namespace_of
from meshglobal.sandbox.apiserver.ports import opened, port_of
from meshglobal.sandbox.apiserver.streaming import PROTOCOLS, connected
from meshglobal.sandbox.containers.network import Source

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.call import Call
    from meshglobal.sandbox.containers.network import Network

_MOST_PORTS: Final = 16
_PIECE: Final = 16 * 1024


def forward(call: Call) -> Answer:
    """Answer portforward; raises ApiError (400, 403, 404)."""
    containers, pod = connected(call)
    if (pod.get("status") or {}).get("phase") != "Running":
        raise problems.bad_request(f"unable to forward port because pod is not running. Current status={_phase(pod)}")
    source = Source(call.state.name, namespace_of(pod), name_of(pod))
    offered = call.request.header("sec-websocket-protocol")
    if tunnel.PROTOCOL in offered and not set(PROTOCOLS) & {each.strip() for each in offered.split(",")}:
        return Upgrade(tunnel.Tunnel(containers.network, source).converse, (tunnel.PROTOCOL,))
    words = [word for value in call.request.every("ports") for word in value.split(",")]
    if not words or len(words) > _MOST_PORTS:
        raise problems.bad_request(f"query parameter 'ports' must name 1 to {_MOST_PORTS} ports")
    ports = {word: port_of(word) for word in words}
    wrong = next((word for word, port in ports.items() if port is None), None)
    if wrong is not None:
        raise problems.bad_request(f'"{wrong}" is not a valid port')
    found = tuple(port for word in words if (port := ports[word]) is not None)
    return Upgrade(Forwarding(containers.network, source, found).converse, PROTOCOLS)


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
                found = await opened(self.network, self.source, port)
                if isinstance(found, str):
                    await line.send(2 * number + 1, found.encode())
                    continue
                stack.callback(found[1].close)
                writers[2 * number] = found[1]
                reading.append(asyncio.create_task(_pass_back(line, 2 * number, found[0])))
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
