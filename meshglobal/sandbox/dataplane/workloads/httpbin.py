"""A server that shows requests as they arrive, with the paths of httpbin that people use."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from typing import Any, Final

from aiohttp import web

from meshglobal.sandbox.dataplane.workloads.app import Context, as_json, not_found

_LONGEST_DELAY: Final = 10.0
_STATUSES: Final = range(200, 600)
_BODILESS: Final = {204, 304}


async def httpbin(context: Context, request: web.BaseRequest) -> web.Response:
    """Answer below /get, /headers, /status/N, /delay/N, /anything, /hostname, /ip, /uuid, and /post and the like."""
    _, first, *rest = request.path.split("/")
    if first == "status" and len(rest) == 1:
        return _with_status(rest[0])
    if first == "delay" and len(rest) == 1:
        return await _late(context, request, rest[0])
    if first == "anything" or (not rest and first == request.method.lower()):
        return as_json(await _shown(context, request))
    answer = _SHORT.get(first) if not rest else None
    return not_found(request) if answer is None else as_json(answer(context, request))


def _with_status(text: str) -> web.Response:
    if not text.isdecimal() or int(text) not in _STATUSES:
        return as_json({"error": f"no status to answer with: {text!r}"}, 400)
    status = int(text)
    return web.Response(status=status) if status in _BODILESS else as_json({"status": status}, status)


async def _late(context: Context, request: web.BaseRequest, text: str) -> web.Response:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= _LONGEST_DELAY:
        return as_json({"error": f"a delay is 0 to {_LONGEST_DELAY:g} seconds, not {text!r}"}, 400)
    await asyncio.sleep(seconds)
    return as_json(await _shown(context, request))


async def _shown(context: Context, request: web.BaseRequest) -> dict[str, Any]:
    """The request as it came."""
    return {
        "args": {name: request.query.getall(name) for name in request.query},
        "headers": _headers(request),
        "method": request.method,
        "url": f"http://{request.headers.get('Host', '')}{request.path_qs}",
        "data": (await request.read()).decode("utf-8", "replace"),
        "served-by": {"cluster": context.cluster, "namespace": context.namespace, "pod": context.pod},
    }


def _headers(request: web.BaseRequest) -> dict[str, list[str]]:
    return {name: request.headers.getall(name) for name in request.headers}


_SHORT: Final[dict[str, Callable[[Context, web.BaseRequest], dict[str, Any]]]] = {
    "headers": lambda _, request: {"headers": _headers(request)},
    "hostname": lambda context, _: {"hostname": context.pod},
    "ip": lambda _, request: {"origin": request.remote},
    "uuid": lambda *_: {"uuid": str(uuid.uuid4())},
    "health": lambda *_: {"status": "healthy"},
    "": lambda context, _: {"served-by": {"cluster": context.cluster, "pod": context.pod}},
}


async def echo(context: Context, request: web.BaseRequest) -> web.Response:
    """Answer every path with the request and who got it: what a pod runs whose image nobody knows."""
    return as_json(await _shown(context, request))
