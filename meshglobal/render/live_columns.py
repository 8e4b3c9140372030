"""Which columns of the live table fit the terminal, and how wide each is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from meshglobal.render.inventory import COLUMNS, WIDE_COLUMNS
from meshglobal.render.live_rows import Choice, Rows
from meshglobal.render.live_text import GAP

GUTTER = 2
"""Columns before the first one: the cursor, and whether something changed or was found."""
_FIXED = {"STATE": 7, "ENDPOINTS": 9, "TAKEOVER": 8, "AGE": 6}
_LEFT_OUT_FIRST = ("ENTRY", "HOST", "DISTRIBUTION", "TAKEOVER", "AGE", "SCOPE")
_LEFT_OUT_LAST = ("ENDPOINTS", "NAMESPACE")
_SHORTEST = {"NAMESPACE": 8, "NAME": 12, "CONTEXT": 8}


class Column(NamedTuple):
    """A column: its heading, and its width on the terminal."""

    title: str
    width: int


def columns_for(rows: Rows, choice: Choice, width: int) -> list[Column]:
    """The columns that fit, in order.

    Names that are the same in every row go first, then what the drill-down tells as well. Names are shortened before
    the endpoints go; name, context and state stay whatever the width is.
    """
    found = _natural(rows.widths, WIDE_COLUMNS if choice.is_wide else COLUMNS)
    spare = ("NAMESPACE", *_LEFT_OUT_FIRST) if rows.is_one_namespace else _LEFT_OUT_FIRST
    found = _without(found, spare, width)
    if _least(found) > width:
        for title in _LEFT_OUT_LAST:
            if _least(found) > width:
                found.pop(title, None)
    _shorten(found, width)
    return [Column(title, size) for title, size in found.items()]


def _natural(widths: Mapping[str, int], titles: Sequence[str]) -> dict[str, int]:
    return {title: max(len(title), _FIXED.get(title, 0), widths.get(title, 0)) for title in titles}


def _without(found: dict[str, int], spare: Sequence[str], width: int) -> dict[str, int]:
    """Leave columns out until the rest fits."""
    left = dict(found)
    for title in spare:
        if _total(left.values()) <= width:
            break
        left.pop(title, None)
    return left


def _least(found: Mapping[str, int]) -> int:
    """The width with the names as short as may be."""
    return _total(min(size, _SHORTEST.get(title, size)) for title, size in found.items())


def _total(sizes: Iterable[int]) -> int:
    every = list(sizes)
    return GUTTER + sum(every) + len(GAP) * max(0, len(every) - 1)


def _shorten(found: dict[str, int], width: int) -> None:
    """Take from the longest name until the rest fits, or until nothing is left to take."""
    names = [title for title in _SHORTEST if title in found]
    while _total(found.values()) > width and (longest := max(names, key=found.__getitem__)):
        if found[longest] <= 1:
            return
        found[longest] -= 1
