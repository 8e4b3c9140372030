"""Sends requests for pods, and says what became of them."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from meshglobal.sandbox.dataplane.answers import (
    Answer,
    NotResolved,
    Outcome,
    Refused,
    Request,
    Reset,
    Source,
    Target,
    TimedOut,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_DEFAULT_PORT = 80
_SPACE, _DELETE = 0x20, 0x7F


class Client:
    """Requests of a sandbox's pods; connections to Envoy are kept open between them."""

    def __init__(self, resolve: Callable[[Source, str, int], Awaitable[Target | NotResolved | Refused]]) -> None:
        self._resolve = resolve
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            timeout=aiohttp.ClientTimeout(total=None),
        )

    async def request(self, source: Source, request: Request) -> Outcome:
        """Send one request for a pod; raises ValueError for a URL that is none, LookupError for no such pod."""
        host, port, path = _parts(request.url)
        target = await self._resolve(source, host, port)
        if not isinstance(target, Target):
            return target
        began = time.perf_counter()
        try:
            async with asyncio.timeout(request.seconds):
                return await self._sent(request, target, path, began)
        except TimeoutError:
            return TimedOut(request.seconds)
        except aiohttp.ClientConnectorError as failure:
            return Refused(str(failure.os_error.strerror or failure))
        except (aiohttp.ClientError, ConnectionError) as failure:
            return Reset(str(failure) or type(failure).__name__)

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    async def _sent(self, request: Request, target: Target, path: str, began: float) -> Answer:
        url = URL(f"http://{target.connect[0]}:{target.connect[1]}{path}", encoded=True)
        headers = _headers(request, target)
        async with self._session.request(
            request.method, url, headers=headers, data=request.body or None, allow_redirects=False
        ) as answer:
            body = await answer.read()
            found = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.raw_headers)
            return Answer(answer.status, answer.reason or "", found, body, time.perf_counter() - began)


def _parts(url: str) -> tuple[str, int, str]:
    """Host, port and the rest of a URL."""
    if any(ord(each) <= _SPACE or ord(each) == _DELETE for each in url):
        raise ValueError(f"a URL has no spaces or control characters: {url!r}")
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError(f"expected a URL of the form http://HOST[:PORT]/PATH, not {url!r}")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.hostname, _DEFAULT_PORT if parts.port is None else parts.port, path


def _headers(request: Request, target: Target) -> CIMultiDict[str]:
    """The caller's headers, then those that lead the way: the caller cannot set these."""
    found = CIMultiDict(request.headers)
    if "Host" not in found:
        found["Host"] = urlsplit(request.url).netloc.rpartition("@")[2]
    for name, value in target.headers:
        found[name] = value
    return found
