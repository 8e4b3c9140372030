"""Connections to the ports of a pod, for those who forward them."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from meshglobal.sandbox.containers.network import Way

if TYPE_CHECKING:
    from meshglobal.sandbox.containers.network import Network, Source

_LAST = 65535
_DIGITS = 5
Opened = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def port_of(text: str) -> int | None:
    """Return the port that a text names, None where it names none."""
    is_number = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    return int(text) if is_number and 0 < int(text) <= _LAST else None


async def opened(network: Network, source: Source, port: int) -> Opened | str:
    """Return a connection to a port of a pod, or why there is none."""
    way = await network.way(source, "localhost", port)
    with contextlib.suppress(OSError):  # told below, like a port that nobody serves
        if isinstance(way, Way):
            return await asyncio.open_connection(way.host, way.port)
    return f"an error occurred forwarding {port}: nothing listens on port {port} of pod {source.pod}"
