"""What a program in a container can reach. The data plane is behind it; a program never dials anything by itself."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Source:
    """The pod that a program runs in: whom the network takes it for."""

    cluster: str
    namespace: str
    pod: str


@dataclass(frozen=True, slots=True)
class Way:
    """How a pod reaches a host and port."""

    addresses: tuple[str, ...]
    """What the name stands for, as the pod sees it."""
    host: str
    """A loopback address: where the bytes really go."""
    port: int
    headers: tuple[tuple[str, str], ...] = ()
    """Headers that tell the data plane who asks. They are shown to nobody, and no caller can set them."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The name is known, but nothing listens at that port: a connection would be refused."""

    addresses: tuple[str, ...]
    """What the name stands for, as the pod sees it."""


class Trouble(enum.Enum):
    """Why there is no way at all."""

    UNKNOWN_HOST = "unknown host"
    SILENT = "silent"
    """Nobody answers, as behind a partition."""


class Network(Protocol):
    """What pods reach."""

    async def way(self, source: Source, host: str, port: int) -> Way | Refusal | Trouble:
        """Return how a pod reaches a port of a host name or address, or why it does not."""


class NoNetwork:
    """The network of a sandbox without traffic: no name is known."""

    async def way(self, source: Source, host: str, port: int) -> Way | Refusal | Trouble:  # noqa: ARG002 - it is the same for all
        """Know nobody."""
        return Trouble.UNKNOWN_HOST
