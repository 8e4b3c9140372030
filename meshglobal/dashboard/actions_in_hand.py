"""Which objects are being written right now, so that no two pages write the same one at once."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass, field

from meshglobal.domain.errors import ConflictError
from meshglobal.domain.plan import Step

Place = tuple[str, str, str, str]
"""Context, kind, namespace, name."""


def places_of(steps: Collection[Step]) -> frozenset[Place]:
    """The objects of steps."""
    return frozenset((one.context, one.kind.name, one.namespace, one.name) for one in steps)


@dataclass(frozen=True, slots=True)
class InHand:
    """Taken in the event loop, let go of in whichever thread has written them."""

    _places: set[Place] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, places: Collection[Place]) -> None:
        """All of them or none.

        Raises:
            ConflictError: one of them is being written.
        """
        with self._lock:
            if not self._places.isdisjoint(places):
                raise ConflictError("some of these objects are being changed right now", "wait until that is over")
            self._places.update(places)

    def let_go(self, places: Collection[Place]) -> None:
        """They have been written; to say so again does nothing."""
        with self._lock:
            self._places.difference_update(places)
