"""Connections to the ports of a pod, for those who forward them."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from meshglobal.sandbox.containers.network import Way

if TYPE_CHECKING:
    from meshglobal.sandbox.containers.network import Network, Source

Opened = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def opened(network: Network, source: Source, port: int) -> Opened | str:
    """Return a connection to a port of a pod, or why there is none."""
    way = await network.way(source, "localhost", port)
    with contextlib.suppress(OSError):  # told below, like a port that nobody serves
        if isinstance(way, Way):
            return await asyncio.open_connection(way.host, way.port)
    return f"an error occurred forwarding {port}: nothing listens on port {port} of pod {source.pod}"
