"""A state directory of the test's own; whatever still runs there at the end is ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from meshglobal.sandbox.runtime.ending import bring_down
from meshglobal.sandbox.runtime.place import Place, all_places, place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Callable[..., Place]]:
    """Make places by name."""
    environment = {"XDG_STATE_HOME": str(tmp_path)}

    def make(name: str = "default") -> Place:
        return place_of(name, environment)

    yield make
    for each in all_places(environment):
        bring_down(each)
