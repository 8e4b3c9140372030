"""Ends listening without losing anybody."""

from __future__ import annotations

import asyncio
import socket


async def accept_no_more(listening: socket.socket) -> None:
    """Take no new connection, and let those that were accepted get their transports.

    asyncio loses a connection that it has accepted and not yet given a transport when the server is closed by then: the
    client hangs until it is collected.
    """
    asyncio.get_running_loop().remove_reader(listening)
    await asyncio.sleep(0)
