"""What is sent and what comes back, raw; and the two bodies that every API server speaks: Status and lists."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

import msgspec

from meshglobal.domain.failure import Cause
from meshglobal.domain.kinds import Kind
from meshglobal.domain.objects import Object
from meshglobal.kube.failing import ClusterError

T = TypeVar("T")
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC_PATCH = "application/strategic-merge-patch+json"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """One request. ``parameters`` are the query; ``kind`` is what it is about, for messages; ``content``: its type."""

    kind: Kind
    path: str
    parameters: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    body: bytes | None = None
    content: str = MERGE_PATCH

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{urlencode(self.parameters)}" if self.parameters else self.path


class Answer(NamedTuple):
    """One answer. ``is_repeated``: an earlier attempt may have reached the server as well."""

    status: int
    headers: Mapping[str, str]
    warnings: tuple[str, ...]
    body: bytes
    is_repeated: bool = False


class Details(msgspec.Struct, frozen=True):
    """``details`` of a Status."""

    name: str = ""
    kind: str = ""


class Status(msgspec.Struct, frozen=True):
    """What a server answers when it does not answer with an object."""

    kind: str = ""
    message: str = ""
    reason: str = ""
    details: Details | None = None


class ListMeta(msgspec.Struct, frozen=True, rename="camel"):
    """``metadata`` of a list."""

    resource_version: str = ""
    continue_: str = msgspec.field(default="", name="continue")


class Page(msgspec.Struct, Generic[T], frozen=True):
    """One page of a list."""

    items: list[T] | None = None
    metadata: ListMeta = ListMeta()


# msgspec describes a Struct to itself when its first decoder is made, and hands the unfinished description to a thread
# that makes another decoder meanwhile; decoding with that ends the process (seen with msgspec 0.22: one run in thirty).
_one_at_a_time = threading.Lock()


@cache
def _page_decoder(kind: Kind) -> msgspec.json.Decoder[Page[Object]]:
    with _one_at_a_time:
        return msgspec.json.Decoder(Page[kind.record])  # type: ignore[name-defined]  # known at run time only


@cache
def _object_decoder(kind: Kind) -> msgspec.json.Decoder[Object]:
    with _one_at_a_time:
        return msgspec.json.Decoder(kind.record)


_status_decoder = msgspec.json.Decoder(Status)


def page_of(kind: Kind, body: bytes, context: str) -> Page[Object]:
    """Decode a page; ClusterError UNREADABLE with the field's path when it is none."""
    try:
        return _page_decoder(kind).decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _unreadable(f"the list of {kind.plural}", body, error, context) from error


def object_of(kind: Kind, body: bytes, context: str) -> Object:
    """Decode one object; ClusterError UNREADABLE with the field's path when it is none."""
    try:
        return _object_decoder(kind).decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _unreadable(f"a {kind.name}", body, error, context) from error


def status_of(body: bytes) -> Status | None:
    """The Status in a body; None when there is none."""
    try:
        found = _status_decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return found if found.kind == "Status" else None


def _unreadable(what: str, body: bytes, error: Exception, context: str) -> ClusterError:
    if body.lstrip()[:1] != b"{":
        seen = "an HTML page" if body.lstrip()[:1] == b"<" else "something else"
        return ClusterError(Cause.UNREADABLE, f"{seen} came instead of {what} in JSON", context)
    return ClusterError(Cause.UNREADABLE, f"{what} cannot be read: {error}", context)
