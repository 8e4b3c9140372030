"""A request of a pod, and what becomes of it: an answer, or one of the ways in which a network fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

Headers: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values, in order; a name may come twice."""


class Source(NamedTuple):
    """The pod that calls."""

    cluster: str
    namespace: str
    pod: str

    def __str__(self) -> str:
        return f"{self.cluster}: pod {self.namespace}/{self.pod}"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. `seconds` is how long all of it may take."""

    url: str
    method: str = "GET"
    headers: Headers = ()
    body: bytes = b""
    seconds: float = 30.0


class Target(NamedTuple):
    """Where to open a connection for a request, and what must be said on it."""

    host: str
    """The full name that was meant."""
    address: str
    """What that name resolves to, for people to see; nothing listens there."""
    connect: tuple[str, int]
    """Where to connect instead: address and port on loopback."""
    headers: Headers = ()
    """Every request on the connection must carry these, and no others of the same names."""
    pool: str = ""
    """Envoy's name for the endpoints behind it; empty where a pod is reached directly."""


class NotResolved(NamedTuple):
    """The caller finds no such name (NXDOMAIN)."""

    name: str


class Refused(NamedTuple):
    """The connection is refused."""

    why: str
    address: str = ""
    """What the name resolves to, where there was one to resolve."""


class Reset(NamedTuple):
    """The connection broke before the answer was whole."""

    why: str


class TimedOut(NamedTuple):
    """The answer did not come in time."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. Header names are as they came."""

    status: int
    reason: str
    headers: Headers
    body: bytes
    seconds: float

    def header(self, name: str) -> str:
        """The value of a header; empty where it is absent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


Outcome: TypeAlias = Answer | NotResolved | Refused | Reset | TimedOut
