"""The end of the dashboard's server: nobody who connects just then hangs."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket

import pytest
from pages import TOKEN

from meshglobal.dashboard.guard import Guard, Hosts
from meshglobal.dashboard.listener import Listener
from meshglobal.dashboard.place import bound
from meshglobal.dashboard.routes import Routes
from meshglobal.render.metrics_server import Address


@pytest.mark.parametrize("turns", range(4))
def test_whoever_connects_while_it_ends_is_turned_away(turns: int) -> None:
    """After two turns of the loop a connection is accepted, and has no transport yet."""

    async def connect_and_stop() -> bytes:
        listening = bound(Address("127.0.0.1", 0))
        port = int(listening.getsockname()[1])
        listener = Listener(Routes(), Guard(Hosts("127.0.0.1", port), TOKEN))
        await listener.start(listening)
        with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            for _ in range(turns):
                await asyncio.sleep(0)
            await listener.stop()
            return await asyncio.to_thread(client.recv, 1)

    with contextlib.suppress(ConnectionResetError):
        assert asyncio.run(connect_and_stop()) == b""
    gc.collect()  # what was lost says so now
