"""Requests and answers of the API, free of any web framework."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

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
    """An answer that goes on: one JSON line an event, until the iterator ends or the client goes."""

    lines: AsyncIterator[bytes]
    close: Callable[[], None]
    """To be called when nobody reads any more."""
    content_type: str = JSON_TYPE
    headers: list[tuple[str, str]] = field(default_factory=list)


Answer = Response | WatchStream


def text(status: int, body: str) -> Response:
    """Return an answer in plain text."""
    return Response(status, body.encode(), TEXT_TYPE)
