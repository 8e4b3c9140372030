"""One transfer: a request and its answer, with redirects where they are followed."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from meshglobal.sandbox.containers.curl import url as urls
from meshglobal.sandbox.containers.curl.connecting import LONGEST_CONNECT, Connection, connected, way_to
from meshglobal.sandbox.containers.curl.failures import CurlError, Exit
from meshglobal.sandbox.containers.curl.figures import Figures
from meshglobal.sandbox.containers.curl.request import Message, message_for
from meshglobal.sandbox.containers.curl.response import Head, body_of, read_head
from meshglobal.sandbox.containers.curl.sink import sink_for

if TYPE_CHECKING:
    from meshglobal.sandbox.containers.curl.options import Options
    from meshglobal.sandbox.containers.curl.sink import Sink
    from meshglobal.sandbox.containers.curl.telling import Telling
    from meshglobal.sandbox.containers.curl.url import Url
    from meshglobal.sandbox.containers.process import Process

LONGEST: Final = 3600.0
"""Seconds after which a transfer ends although nobody set a limit."""
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_TO_GET: Final = (301, 302, 303)
_FIRST_ERROR: Final = 400


@dataclass(slots=True)
class Transfer:
    """Carries out one transfer and keeps what became of it."""

    process: Process
    options: Options
    sink: Sink
    tell: Telling
    body: bytes | None = None
    figures: Figures = field(default_factory=Figures)
    url: Url | None = None
    method: str = ""
    head: Head | None = None
    connection: Connection | None = None
    farewell: str = "shutting down connection #0"
    """What is told of the connection in the end."""
    _phase: str = "Connection"

    async def run(self, text: str) -> None:
        """Fetch a URL; raises CurlError."""
        longest = self.options.max_time or LONGEST
        try:
            async with asyncio.timeout(longest):
                await self._follow(text)
        except TimeoutError as late:
            raise await self._late() from late
        finally:
            self.figures.total = self.figures.elapsed

    async def _follow(self, text: str) -> None:
        self.url = urls.parse(text, keeps_path=self.options.keeps_path)
        options, body = self.options, self.body
        while True:
            location = await self._once(self.url, message_for(options, self.url, body))
            if not location:
                return
            if self.figures.redirects == self.options.max_redirects:
                raise CurlError(Exit.TOO_MANY_REDIRECTS, f"Maximum ({self.options.max_redirects}) redirects followed")
            self.figures.redirects += 1
            self.figures.redirected = self.figures.elapsed
            await self.tell.note(f"Issue another request to this URL: '{location}'")
            if self.head is not None and self.head.status in _TO_GET and body is not None:
                await self.tell.note("Switch from POST to GET")
                body, options = None, replace(options, method="")
            target = urls.parse(location, keeps_path=True)
            if target.host != self.url.host:
                options = replace(options, user="", bearer="")  # they are for the first host alone
            self.url = target

    async def _once(self, url: Url, message: Message) -> str:
        """Send one request and take its answer; return where that leads, if that is to be followed."""
        self._phase, self.method = "Connection", message.method
        async with asyncio.timeout(self.options.connect_timeout or LONGEST_CONNECT):
            way = await way_to(self.process, url, self.figures, self.tell)
            opening = connected(way, url, self.figures, self.tell)
            connection = await opening.__aenter__()
        self._phase = "Operation"
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_exit(opening)
            self.connection = connection
            await self._send(connection, message)
            return await self._receive(connection, url)

    async def _send(self, connection: Connection, message: Message) -> None:
        await self.tell.note("using HTTP/1.x")
        self.figures.sending = self.figures.elapsed
        sent = message.on_the_wire(connection.way.headers)
        with contextlib.suppress(OSError):  # why it was refused is found out by reading
            connection.writer.write(sent)
            await connection.writer.drain()
        await self.tell.sent(message.shown)
        shown = sum(len(line.encode()) + 2 for line in message.shown)
        size = len(message.body or b"")
        self.figures.request_size += shown + size
        self.figures.uploaded = self.figures.to_upload = size
        if message.body:
            await self.tell.data("}", size)
        await self.tell.note(f"upload completely sent off: {size} bytes" if size else "Request completely sent off")

    async def _receive(self, connection: Connection, url: Url) -> str:
        head = await self._head(connection)
        location = head.header("location") if head.status in _REDIRECTS else ""
        if self.options.follows and location:
            return url.joined(location)
        if self.options.fails and head.status >= _FIRST_ERROR:
            raise CurlError(Exit.HTTP_ERROR, f"The requested URL returned error: {head.status}")
        self.figures.announced = head.length
        await self._take_body(connection, head)
        if head.stays_open:
            self.farewell = f"Connection #0 to host {url.bare_host} left intact"
        if self.options.fails_with_body and head.status >= _FIRST_ERROR:
            raise CurlError(Exit.HTTP_ERROR, f"The requested URL returned error: {head.status}")
        return ""

    async def _head(self, connection: Connection) -> Head:
        while True:
            head = await read_head(connection.reader)
            if not self.figures.first_byte:
                self.figures.first_byte = self.figures.elapsed
            await self._show(head)
            if not head.is_interim:
                return head

    async def _show(self, head: Head) -> None:
        if head.version == "1.0" and not head.stays_open:
            await self.tell.note("HTTP 1.0, assume close after body")
        for line in (*head.lines, ""):
            await self.tell.came(line)
        self.head = head
        self.figures.head_size += head.size
        self.figures.headers = len(head.headers)
        text = "".join(f"{line}\r\n" for line in (*head.lines, "")).encode()
        if self.options.head_to:
            await sink_for(self.options.head_to, self.process, is_silent=self.options.is_silent).write(text)
        if self.options.shows_head or self.options.is_head:
            await self.sink.write(text)

    async def _take_body(self, connection: Connection, head: Head) -> None:
        pieces = body_of(connection.reader, head, is_head=self.method == "HEAD")
        async with contextlib.aclosing(pieces):
            async for piece in pieces:
                self.figures.downloaded += len(piece)
                await self.tell.data("{", len(piece))
                await self.sink.write(piece)

    async def _late(self) -> CurlError:
        """Return the time-out as curl tells it: by what it waited for."""
        spent = int(self.figures.elapsed * 1000)
        if self._phase != "Operation":
            return CurlError(Exit.TIMEOUT, f"{self._phase} timed out after {spent} milliseconds")
        got, announced = self.figures.downloaded, self.figures.announced
        of = f" out of {announced}" if announced is not None else ""
        return CurlError(Exit.TIMEOUT, f"Operation timed out after {spent} milliseconds with {got}{of} bytes received")
