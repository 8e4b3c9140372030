"""From a host name to an open connection, through the network of the pod."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from meshglobal.sandbox.containers.curl.failures import CurlError, Exit
from meshglobal.sandbox.containers.curl.response import HEAD_LIMIT
from meshglobal.sandbox.containers.network import Refusal, Trouble, Way

if TYPE_CHECKING:
    from meshglobal.sandbox.containers.curl.figures import Figures
    from meshglobal.sandbox.containers.curl.telling import Telling
    from meshglobal.sandbox.containers.curl.url import Url
    from meshglobal.sandbox.containers.process import Process

LONGEST_CONNECT: Final = 300.0


@dataclass(frozen=True, slots=True)
class Connection:
    """An open connection, and how it got there."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    way: Way
    local: tuple[str, int]

    @property
    def address(self) -> str:
        """The address as the pod sees it."""
        return self.way.addresses[0]


async def way_to(process: Process, url: Url, figures: Figures, tell: Telling) -> Way:
    """Return how the pod reaches a URL's host; raises CurlError (6, 7, 28)."""
    found = await process.network.way(process.source, url.bare_host, url.port)
    if found is Trouble.UNKNOWN_HOST:
        await tell.note(f"Could not resolve host: {url.bare_host}")
        raise CurlError(Exit.UNKNOWN_HOST, f"Could not resolve host: {url.bare_host}")
    figures.name_known = figures.elapsed
    if isinstance(found, Refusal):
        await _tell_attempt(found.addresses, url, tell)
        raise await _refused(found.addresses, url, figures, tell)
    if isinstance(found, Trouble):
        await asyncio.sleep(LONGEST_CONNECT)  # a time-out ends it before
        raise CurlError(Exit.TIMEOUT, f"Connection timed out after {int(figures.elapsed * 1000)} milliseconds")
    return found


@contextlib.asynccontextmanager
async def connected(way: Way, url: Url, figures: Figures, tell: Telling) -> AsyncIterator[Connection]:
    """Open a connection and close it in the end; raises CurlError (7)."""
    await _tell_attempt(way.addresses, url, tell)
    try:
        reader, writer = await asyncio.open_connection(way.host, way.port, limit=HEAD_LIMIT)
    except OSError as error:
        raise await _refused(way.addresses, url, figures, tell) from error
    figures.connected = figures.elapsed
    figures.connects += 1
    try:
        await tell.note(f"Connected to {url.bare_host} ({way.addresses[0]}) port {url.port}")
        yield Connection(reader, writer, way, writer.get_extra_info("sockname")[:2])
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _refused(addresses: tuple[str, ...], url: Url, figures: Figures, tell: Telling) -> CurlError:
    await tell.note(f"connect to {addresses[0]} port {url.port} failed: Connection refused")
    spent = int(figures.elapsed * 1000)
    why = f"Failed to connect to {url.bare_host} port {url.port} after {spent} ms: Could not connect to server"
    await tell.note(why)
    return CurlError(Exit.NO_CONNECTION, why)


async def _tell_attempt(addresses: tuple[str, ...], url: Url, tell: Telling) -> None:
    if addresses != (url.bare_host,):  # an address needs no name server
        await tell.note(f"Host {url.host}:{url.port} was resolved.")
        for kind in (6, 4):
            found = [each for each in addresses if ipaddress.ip_address(each).version == kind]
            await tell.note(f"IPv{kind}: {', '.join(found) or '(none)'}")
    await tell.note(f"  Trying {_bracketed(addresses[0])}:{url.port}...")


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address
