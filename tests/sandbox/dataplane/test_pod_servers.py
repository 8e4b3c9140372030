"""The small servers of pods: whoever connects is answered or turned away, and nobody is forgotten."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket

import pytest
from aiohttp import web

from meshglobal.sandbox.dataplane.servers import PodServer


async def answer(_: web.BaseRequest) -> web.Response:
    return web.Response(text="here")


@pytest.mark.parametrize("turns", range(4))
def test_whoever_connects_while_a_pod_ends_is_turned_away(turns: int) -> None:
    """After two turns of the loop a connection is accepted, and has no transport yet."""

    async def connect_and_stop() -> bytes:
        server = PodServer(answer, None)
        await server.start()
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
            for _ in range(turns):
                await asyncio.sleep(0)
            await server.stop(0.0)
            return await asyncio.to_thread(client.recv, 1)

    with contextlib.suppress(ConnectionResetError):
        assert asyncio.run(connect_and_stop()) == b""
    gc.collect()  # what was lost says so now


def test_a_pod_that_is_ended_twice_at_once_is_ended() -> None:
    async def scene() -> None:
        server = PodServer(answer, None)
        await server.start()
        ending = asyncio.create_task(server.stop())
        await asyncio.sleep(0)
        ending.cancel()
        await asyncio.gather(ending, server.stop(), return_exceptions=True)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port), timeout=5)

    asyncio.run(scene())
    gc.collect()
