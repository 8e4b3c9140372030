"""The stream of one watch request: JSON objects, one a line, until the server or the network ends it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import msgspec

from meshglobal.domain.failure import Cause
from meshglobal.domain.objects import Object
from meshglobal.domain.snapshot import Query
from meshglobal.kube.answer import Answer, Request, object_of
from meshglobal.kube.classify import status_error
from meshglobal.kube.client import Client
from meshglobal.kube.exchange import wrapped_errors
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.listing import selection_of

_CHUNK = 1 << 16
_GONE, _OK = 410, 200
_TYPES = frozenset({"ADDED", "MODIFIED", "DELETED", "BOOKMARK"})
_SHORTEST, _LONGEST = 240, 300  # seconds after which the server shall end a watch; spread, so that not all end at once


class ExpiredError(Exception):
    """The server has forgotten the version that was asked for: everything must be listed again."""


class _Meta(msgspec.Struct, frozen=True, rename="camel"):
    resource_version: str = ""


class _Versioned(msgspec.Struct, frozen=True):
    metadata: _Meta = _Meta()
    message: str = ""
    code: int = 0


class _Line(msgspec.Struct, frozen=True):
    type: str
    object: msgspec.Raw


_line = msgspec.json.Decoder(_Line)
_versioned = msgspec.json.Decoder(_Versioned)


def open_watch(client: Client, query: Query, version: str, timeout: float, silence: float) -> Any:
    """Ask for everything after ``version``; urllib3's response.

    Raises:
        ExpiredError: that version is too old.
        ClusterError: the watch cannot be had.
    """
    parameters = (
        *selection_of(query),
        ("watch", "true"),
        ("allowWatchBookmarks", "true"),
        ("resourceVersion", version),
        ("timeoutSeconds", str(random.randint(_SHORTEST, _LONGEST))),  # noqa: S311 - spreading needs no cryptography
    )
    request = Request(query.kind, query.kind.path(query.namespace), parameters)
    response = client.open(request, timeout, silence)
    if response.status == _OK:
        return response
    with wrapped_errors(client.context, client.server, silence):
        answer = Answer(response.status, response.headers, (), response.read())
    if answer.status == _GONE:
        raise ExpiredError
    raise status_error(answer, request, client.context)


def events(client: Client, query: Query, response: Any, silence: float) -> Iterator[tuple[str, Object | None, str]]:
    """(type, object, version) of each line; the object is None for a bookmark.

    Raises:
        ExpiredError: the server says 410 in the stream.
        ClusterError: the stream broke, was silent for too long, or is unreadable.
    """
    for line in _lines(client, response, silence):
        try:
            event = _line.decode(line)
            versioned = _versioned.decode(event.object)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            message = f"the watch of {query.kind.plural} cannot be read: {error}"
            raise ClusterError(Cause.UNREADABLE, message, client.context) from error
        if event.type == "ERROR":
            if versioned.code == _GONE:
                raise ExpiredError
            raise ClusterError(Cause.SERVER_ERROR, versioned.message or "the watch ended in an error", client.context)
        if event.type not in _TYPES:
            message = f"the watch of {query.kind.plural} cannot be read: there is no event {event.type[:40]!r}"
            raise ClusterError(Cause.UNREADABLE, message, client.context)
        is_bookmark = event.type == "BOOKMARK"
        found = None if is_bookmark else object_of(query.kind, bytes(event.object), client.context)
        yield event.type, found, versioned.metadata.resource_version


def _lines(client: Client, response: Any, silence: float) -> Iterator[bytes]:
    rest = b""
    with wrapped_errors(client.context, client.server, silence):
        while chunk := response.read1(_CHUNK):
            *complete, rest = (rest + chunk).split(b"\n")
            yield from (line for line in complete if line)
