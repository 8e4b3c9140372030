"""HTTP on one socket: the only module of the dashboard that knows aiohttp.

A thin shell around the routes. Every answer, whichever way it comes about, carries the headers of `guard.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from meshglobal.dashboard.bugs import bug_log
from meshglobal.dashboard.exchange import Answer, Asked, Stream, problem, refusal
from meshglobal.dashboard.guard import HEADERS, Guard
from meshglobal.dashboard.routes import Routes
from meshglobal.domain.errors import MeshglobalError

MOST_BYTES = 64 * 1024
"""Of a request's body."""
_SLOWEST_BODY = 10.0  # seconds
_IDLE = 60.0  # seconds that a connection without a request is kept
_STALLED = 120.0  # seconds that a page may leave an event unread
_UNTIL_ABORTED = 0.3  # seconds that handlers have to end
_EVENTS = "text/event-stream; charset=utf-8"


@dataclass(slots=True)
class Listener:
    """Answers on a socket that listens already."""

    routes: Routes
    guard: Guard
    _runner: web.ServerRunner | None = None
    _bound: socket.socket | None = None
    _answering: int = 0
    _is_idle: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self, bound: socket.socket) -> None:
        """Listen from now on."""
        server = _Server(self._serve)
        self._runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=_UNTIL_ABORTED)
        await self._runner.setup()
        self._bound = bound
        await web.SockSite(self._runner, bound).start()

    async def stop(self) -> None:
        """Close all connections; who does not take what is still to be sent does not hold it up."""
        runner, self._runner = self._runner, None
        if runner is None or runner.server is None or self._bound is None:
            return
        # asyncio loses a connection that it has accepted and not yet given a transport when the server is closed.
        asyncio.get_running_loop().remove_reader(self._bound)
        await asyncio.sleep(0)
        for site in runner.sites:
            await site.stop()
        if self._answering:
            self._is_idle.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_UNTIL_ABORTED):
                    await self._is_idle.wait()
        for transport in [each.transport for each in runner.server.connections]:
            if transport is not None:
                transport.abort()
        await asyncio.sleep(0)  # those who served them are told
        await runner.cleanup()

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        self._answering += 1
        try:
            answer = await self._answer(request)
            return await _streamed(answer, request) if isinstance(answer, Stream) else _whole(answer)
        finally:
            self._answering -= 1
            if not self._answering:
                self._is_idle.set()

    async def _answer(self, request: web.BaseRequest) -> Answer | Stream:
        path = request.rel_url.raw_path
        if (refused := self.guard.refusal(path, list(request.headers.items()))) is not None:
            return refused
        found = self.routes.find(request.method, path)
        if isinstance(found, Answer):
            return found
        body = await _body(request)
        if isinstance(body, Answer):
            return body
        method = "GET" if request.method == "HEAD" else request.method
        try:
            return await found.handler(Asked(method, path, found.parts, request.headers, body))
        except MeshglobalError as error:
            return refusal(error)


async def _body(request: web.BaseRequest) -> bytes | Answer:
    """The whole body, if it is small and comes soon."""
    if not request.can_read_body:
        return b""
    parts, size = [], 0
    try:
        async with asyncio.timeout(_SLOWEST_BODY):
            async for part in request.content.iter_chunked(MOST_BYTES):
                size += len(part)
                if size > MOST_BYTES:
                    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a request has {MOST_BYTES} bytes at most")
                parts.append(part)
    except web.RequestPayloadError:
        return problem(HTTPStatus.BAD_REQUEST, "the request's body cannot be read")
    except TimeoutError:
        return problem(HTTPStatus.REQUEST_TIMEOUT, f"the request did not come within {_SLOWEST_BODY:g} s")
    return b"".join(parts)


def _whole(answer: Answer) -> web.Response:
    headers = {**HEADERS, "Content-Type": answer.content_type, **dict(answer.headers)}
    return web.Response(status=answer.status, body=answer.body, headers=headers)


async def _streamed(answer: Stream, request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse(headers={**HEADERS, "Content-Type": _EVENTS})
    async with contextlib.aclosing(answer.frames) as frames:
        with contextlib.suppress(ConnectionResetError):  # pages go as they please
            await response.prepare(request)
            if request.method != "HEAD":
                async for frame in frames:
                    await _written(frame, response, request)
            await response.write_eof()
    return response


async def _written(frame: bytes, response: web.StreamResponse, request: web.BaseRequest) -> None:
    """Wait until the page has taken most of what it was sent; who takes nothing for long is given up."""
    try:
        async with asyncio.timeout(_STALLED):
            await response.write(frame)
    except TimeoutError as error:
        if request.transport is not None:
            request.transport.abort()
        raise ConnectionResetError("nobody reads the stream") from error


class _Server(web.Server):
    """aiohttp's, with connections of our own kind."""

    def __init__(self, handler: Any) -> None:
        super().__init__(handler, handler_cancellation=True)

    def __call__(self) -> RequestHandler:
        return _Connection(
            self,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type] # None is how aiohttp is told to keep none
            keepalive_timeout=_IDLE,
            lingering_time=1.0,
            auto_decompress=False,  # nobody sends compressed questions; a small one could become large
            logger=bug_log(),
        )


class _Connection(RequestHandler):
    """Answers what is no HTTP, and what went wrong in a handler, in our way: without details, with our headers."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - it may quote what was sent
    ) -> web.StreamResponse:
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log_exception("in a handler", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("a part of the answer has been sent already")
        is_ours = status == HTTPStatus.INTERNAL_SERVER_ERROR
        told = "internal error; meshglobal dashboard says more where it runs" if is_ours else "this is no valid request"
        response = _whole(problem(status, told))
        response.force_close()
        return response
