"""The API over HTTP. With `websockets.py` the only module that knows aiohttp.

A thin shell around `Api.handle`. A watch is a chunked answer that goes on; faults strike before the API sees a
request. Paths below /sandbox/ are the sandbox's own (`own_paths`).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING, Final

from aiohttp import web

from meshglobal.sandbox.accepting import accept_no_more
from meshglobal.sandbox.apiserver import bodies, problems
from meshglobal.sandbox.apiserver.exchange import Request, Response, Upgrade, WatchStream
from meshglobal.sandbox.apiserver.faults import Fault, Faults
from meshglobal.sandbox.apiserver.own_paths import PREFIX, OwnPaths
from meshglobal.sandbox.apiserver.websockets import conversed

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    from meshglobal.sandbox.apiserver.api import Api

_NO_QUERY: Final[Mapping[str, str]] = {}
_READ_LIMIT: Final = bodies.LARGEST + 1


@dataclass(slots=True)
class Listener:
    """Serves one cluster's API on a port of 127.0.0.1."""

    api: Api
    tls: ssl.SSLContext | None
    faults: Faults = field(default_factory=Faults)
    port: int = 0
    own: OwnPaths = field(init=False)
    _runner: web.ServerRunner | None = None
    _socket: socket.socket | None = None

    def __post_init__(self) -> None:
        self.own = OwnPaths(self.api, self.faults)

    async def start(self, port: int = 0) -> None:
        """Listen; port 0 takes a free one."""
        server = _Server(self._serve, handler_cancellation=True, access_log=None, keepalive_timeout=75.0)
        self._socket = socket.create_server(("127.0.0.1", port))
        self._runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket, ssl_context=self.tls).start()
        self.port = int(self._socket.getsockname()[1])

    async def stop(self) -> None:
        """Close all connections, open watches too."""
        runner, self._runner = self._runner, None
        if runner is None or self._socket is None or not isinstance(runner.server, _Server):
            return
        await accept_no_more(self._socket)
        runner.server.is_over = True
        open_ones = [each.transport for each in runner.server.connections]
        await runner.cleanup()
        for transport in open_ones:
            if transport is not None:
                transport.abort()  # a client that does not answer the goodbye would hold the socket for 30 s

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path.startswith(PREFIX):
            return _whole(await self.own.answer(await _read(request)))
        fault = self.faults.strike(request.method, request.path)
        if fault is not None:
            struck = await _struck(fault, request)
            if struck is not None:
                return struck
        answer = self.api.handle(await _read(request))
        if isinstance(answer, WatchStream):
            return await _streamed(answer, request)
        if isinstance(answer, Upgrade):
            return await conversed(answer, request)
        whole = _whole(answer)
        if fault is not None and fault.skew:
            whole.headers["Date"] = formatdate(time.time() + fault.skew, usegmt=True)
        return whole


class _Server(web.Server):
    """aiohttp's; once it is over it takes no connection whose handshake ends too late."""

    is_over = False

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        if self.is_over:
            transport.abort()


async def _read(request: web.BaseRequest) -> Request:
    """Return the request with its body, which is cut off where it is too large: the API refuses it then."""
    body = b""
    if request.can_read_body:
        parts, size = [], 0
        async for part in request.content.iter_chunked(1 << 16):
            size += len(part)
            if size <= _READ_LIMIT + (1 << 16):
                parts.append(part)
        body = b"".join(parts)
    # The first of several values of a parameter counts; header names are compared without regard to case.
    pairs = tuple(request.query.items()) if request.query_string else ()
    query = dict(reversed(pairs)) if pairs else _NO_QUERY
    return Request(request.method, request.path, query, request.headers, body, pairs)


def _whole(answer: Response) -> web.Response:
    kind = [("Content-Type", answer.content_type)] if answer.content_type else []
    return web.Response(status=answer.status, body=answer.body, headers=[*kind, *answer.headers])


async def _streamed(answer: WatchStream, request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": answer.content_type})
    for name, value in answer.headers:
        response.headers.add(name, value)
    response.enable_chunked_encoding()
    try:
        with contextlib.suppress(ConnectionResetError):  # watchers go as they please
            await response.prepare(request)
            async for line in answer.lines:
                await response.write(line)
            await response.write_eof()
    finally:
        answer.close()
    return response


async def _struck(fault: Fault, request: web.BaseRequest) -> web.StreamResponse | None:
    """Let a fault do its work; return the answer it gives, None where the request goes on to the API."""
    if fault.latency:
        await asyncio.sleep(fault.latency)
    if fault.hangs:
        await asyncio.Event().wait()
    if fault.drops and request.transport is not None:
        request.transport.abort()
        return web.Response()  # nobody will see it
    if fault.status:
        refusal = problems.ApiError(fault.status, "", "a fault of the sandbox", retry_after=fault.retry_after)
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        return web.json_response(refusal.as_status(), status=fault.status, headers=headers)
    return None
