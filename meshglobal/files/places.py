"""Documents with the lines where they begin, and what to say where a file cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class IllegibleError(Exception):
    """Why a text cannot be read, with its line, counted from 1. Whoever knows the file turns it into an error."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


@dataclass(frozen=True, slots=True)
class Document:
    """A decoded document. ``lines``: of the maps near its root, by their ``id``; others begin where it does."""

    body: Any
    line: int = 1
    lines: Mapping[int, int] = field(default_factory=dict)

    def line_of(self, part: object) -> int:
        """Where a part of it begins, as well as that is known."""
        return self.lines.get(id(part), self.line)
