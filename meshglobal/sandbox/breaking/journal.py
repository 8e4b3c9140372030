"""What a broken sandbox must be given back: written before each change, so that it survives a killed command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from meshglobal.sandbox.runtime.errors import SandboxError
from meshglobal.sandbox.runtime.place import Place


class Kept(msgspec.Struct, frozen=True):
    """An object as it stood before the first change to it; `before` is None where there was none."""

    context: str
    path: str
    before: dict[str, Any] | None


class Journal(msgspec.Struct):
    """Which cause is set up, and what stood there before."""

    code: str
    kept: list[Kept] = []

    def keeps(self, context: str, path: str) -> bool:
        """Whether an object is kept already."""
        return any((each.context, each.path) == (context, path) for each in self.kept)


def journal_of(place: Place) -> Journal | None:
    """What is set up in a sandbox now; None: nothing."""
    try:
        return msgspec.json.decode(_path(place).read_bytes(), type=Journal)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as wrong:
        raise SandboxError(
            f"{_path(place)} cannot be read: {wrong}", f"begin anew: meshglobal sandbox down --name {place.name}"
        ) from wrong


def write_journal(place: Place, journal: Journal) -> None:
    """Keep it, readable by its owner alone."""
    place.write(_path(place), msgspec.json.encode(journal))


def forget_journal(place: Place) -> None:
    """Nothing is set up any more."""
    _path(place).unlink(missing_ok=True)


def _path(place: Place) -> Path:
    return place.folder / "broken.json"
