"""What one embedded cluster consists of: its objects, its kinds, and the clock its timestamps come from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.allocation import Allocator
from meshglobal.sandbox.apiserver.resources import Catalogue
from meshglobal.sandbox.apiserver.store import Change, Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshglobal.sandbox.containers.runtime import Containers


def utc_now() -> dt.datetime:
    """Return the time, in UTC."""
    return dt.datetime.now(dt.UTC)


@dataclass(slots=True)
class State:
    """Everything that a request to one cluster can see or change."""

    name: str
    store: Store = field(default_factory=Store)
    catalogue: Catalogue = field(default_factory=Catalogue)
    allocator: Allocator = field(default_factory=Allocator)
    now: Callable[[], dt.datetime] = utc_now
    containers: Containers | None = None
    """What runs in the pods; None where nothing does."""

    def __post_init__(self) -> None:
        self.store.listen("services", self._release)

    def _release(self, change: Change) -> None:
        """Take back the addresses of a Service that has gone."""
        if change.type == "DELETED":
            self.allocator.release(change.entry.obj)
