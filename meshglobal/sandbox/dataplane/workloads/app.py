"""What an application gets to know, and how its answers are made."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, TypeAlias

from aiohttp import web

from meshglobal.sandbox.dataplane.answers import Outcome

SERVER = "sandbox"
BY_CLUSTER, BY_POD = "x-served-by-cluster", "x-served-by-pod"


class Context(NamedTuple):
    """The pod that an application runs in."""

    cluster: str
    namespace: str
    pod: str
    call: Callable[[str, tuple[tuple[str, str], ...]], Awaitable[Outcome]]
    """Sends a GET, by URL and headers, as this pod."""


App: TypeAlias = Callable[[Context, web.BaseRequest], Awaitable[web.Response]]
"""Answers one request."""


def as_json(document: Any, status: int = 200) -> web.Response:
    """An answer in JSON."""
    body = json.dumps(document, indent=2) + "\n"
    return web.Response(status=status, text=body, content_type="application/json")


def not_found(request: web.BaseRequest) -> web.Response:
    """The answer to a path that an application does not have."""
    return as_json({"error": f"no such path: {request.path}"}, 404)


def signed(context: Context, answer: web.Response) -> web.Response:
    """An answer that says who gave it."""
    answer.headers[BY_CLUSTER] = context.cluster
    answer.headers[BY_POD] = context.pod
    answer.headers["Server"] = SERVER
    return answer
