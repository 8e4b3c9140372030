"""Rows of text in columns, laid out as kubectl does (Go's tabwriter: at least 6 wide, 3 apart)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_LEAST, _APART = 6, 3


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """The rows as lines; every row has the same number of cells. The last column ends where its text ends."""
    widths = [max([_LEAST, *(len(cell) + _APART for cell in column)]) for column in zip(*rows, strict=True)]
    return "".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)]
    return "".join([*padded, row[-1]]) + "\n"


def listing(table: dict[str, Any]) -> str:
    """A `Table` of the Kubernetes API as `kubectl get` prints it, without the columns for `-o wide`."""
    columns = table["columnDefinitions"]
    shown = [number for number, column in enumerate(columns) if not column.get("priority")]
    head = [columns[number]["name"].upper() for number in shown]
    return aligned([head, *([_cell(row["cells"][number]) for number in shown] for row in table["rows"])])


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
