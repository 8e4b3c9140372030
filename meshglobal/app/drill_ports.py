"""What a drill needs from outside: hands that see and write single values, and a journal on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from meshglobal.domain.drill import Journal, Seen, Stage, Touch
from meshglobal.domain.failure import Failure


class Wrote(StrEnum):
    """How a write ended."""

    DONE = "done"
    FOREIGN = "foreign"
    GONE = "gone"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Written:
    """How a write ended; ``now``: the other value that stands there; ``failure``: why nothing is known or was done."""

    end: Wrote
    now: str | None = None
    failure: Failure | None = None


class Hands(Protocol):
    """Sees and writes single values. No method raises for a cluster; each has time of its own."""

    def see(self, touch: Touch) -> Seen | Failure | None:
        """What stands there now; None: the object is gone."""

    def put(self, touch: Touch, expected: str | None, wanted: str | None) -> Written:
        """Write a value where the expected one stands, and nothing where another one does.

        It is guarded by what was read: nobody else's write is lost, however close it comes. What is as wanted already
        is done.
        """


class OpenJournal(Protocol):
    """A journal that this process holds: nobody else may carry on or put back what it says."""

    @property
    def journal(self) -> Journal:
        """What stands in it."""

    def reach(self, stage: Stage, subject: str = "") -> None:
        """Write down that a step begins; on disk when this returns.

        Raises:
            CannotCheckError: it cannot be written.
        """

    def close(self) -> None:
        """The drill is over, and everything is as before: remove it."""

    def leave(self) -> None:
        """Let go of it, and leave it on disk for somebody to put the rest back."""


class Journals(Protocol):
    """The journals of this user on this machine."""

    def create(self, journal: Journal) -> OpenJournal:
        """Write a new one; on disk when this returns.

        Raises:
            ConflictError: there is one of the same service already.
            CannotCheckError: it cannot be written.
        """

    def take(self) -> Sequence[OpenJournal]:
        """Those that nobody holds: what was killed. Each is held by this process from now on."""

    def running(self) -> Sequence[str]:
        """The services (``namespace/name``) whose drill another process is at work on."""
