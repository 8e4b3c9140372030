"""What goes between the web server and the handlers, free of the web framework."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import msgspec

from meshglobal.domain.errors import ConflictError, MeshglobalError, NotFoundError, RefusedError, UsageError

JSON = "application/json; charset=utf-8"
VERSION = "Meshglobal-Version"
"""The header that says which look at the mesh an answer shows."""

_STATUS: tuple[tuple[type[MeshglobalError], HTTPStatus], ...] = (
    (UsageError, HTTPStatus.BAD_REQUEST),
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (RefusedError, HTTPStatus.FORBIDDEN),
    (ConflictError, HTTPStatus.CONFLICT),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that may be answered.

    Attributes:
        method: GET, or POST where something is written; a HEAD comes as the GET that it asks about.
        path: as it was sent.
        parts: what stands in the path for the fields of the route's pattern, decoded.
        headers: without regard to case.
        body: at most `listener.MOST_BYTES`.
    """

    method: str
    path: str
    parts: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that is known as a whole."""

    body: bytes = b""
    status: int = HTTPStatus.OK
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Stream:
    """Server-sent events that go on; ``frames`` are whole events."""

    frames: AsyncGenerator[bytes, None]


Handler = Callable[[Asked], Awaitable[Answer | Stream]]


class Said(msgspec.Struct, frozen=True):
    """What went wrong, and what to do next; empty where nothing is known."""

    message: str
    hint: str = ""


class Problem(msgspec.Struct, frozen=True):
    """The document of every answer below ``/api/`` that is no success."""

    error: Said


@dataclass(frozen=True, slots=True)
class Encoded:
    """The last document that was encoded, so that fifty pages cost one encoding."""

    _last: list[tuple[msgspec.Struct, bytes]] = field(default_factory=list)

    def of(self, document: msgspec.Struct) -> bytes:
        """The document as JSON."""
        if not self._last or self._last[0][0] is not document:
            self._last[:] = [(document, msgspec.json.encode(document))]
        return self._last[0][1]


def document(found: msgspec.Struct, *headers: tuple[str, str]) -> Answer:
    """A document as JSON."""
    return Answer(msgspec.json.encode(found), headers=headers)


def problem(status: int, message: str, hint: str = "") -> Answer:
    """An answer that says what is wrong."""
    return Answer(msgspec.json.encode(Problem(Said(message, hint))), status)


def refusal(error: MeshglobalError) -> Answer:
    """One of our errors as an answer: 400, 403, 404, 409, and 503 for what cannot be done right now."""
    status = next((one for kind, one in _STATUS if isinstance(error, kind)), HTTPStatus.SERVICE_UNAVAILABLE)
    return problem(status, str(error), error.hint)
