"""Requests and answers of the API, free of any web framework."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from meshglobal.sandbox.apiserver.channels import Channels

JSON_TYPE = "application/json"
TEXT_TYPE = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request: path without query, first value of each query parameter, header names in small letters."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    pairs: tuple[tuple[str, str], ...] = ()
    """All query parameters in their order, those that are given several times, too."""

    def every(self, name: str) -> tuple[str, ...]:
        """Return all values of a query parameter."""
        return tuple(value for key, value in self.pairs if key == name)

    def header(self, name: str) -> str:
        """Return a header by its name in small letters, or an empty string."""
        return self.headers.get(name, "")


@dataclass(slots=True)
class Response:
    """One whole answer."""

    status: int
    body: bytes
    content_type: str = JSON_TYPE
    headers: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class WatchStream:
    """An answer that goes on, line by line, until the iterator ends or the client goes: a watch, a followed log."""

    lines: AsyncIterator[bytes]
    close: Callable[[], None]
    """To be called when nobody reads any more."""
    content_type: str = JSON_TYPE
    headers: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Upgrade:
    """An answer that is a conversation over a WebSocket."""

    converse: Callable[[Channels], Awaitable[None]]
    """Carries it on until one side has had enough; raises BadFrameError."""
    protocols: tuple[str, ...]
    """The subprotocols that it can be carried on in."""
    headers: list[tuple[str, str]] = field(default_factory=list)


Answer = Response | WatchStream | Upgrade


def text(status: int, body: str) -> Response:
    """Return an answer in plain text."""
    return Response(status, body.encode(), TEXT_TYPE)
