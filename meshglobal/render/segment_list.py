"""`segment list` for people: a line a segment; with ``wide`` also its aliases, a line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshglobal.domain.segment_list import SegmentList, SegmentRow
from meshglobal.render.screen import Screen, print_table

DEFAULT_NAME = "(default)"
_MOST = 5


def show_segments(found: SegmentList, out: Screen, *, wide: bool = False) -> None:
    """Print the segments; what differs between clusters stands on the line below."""
    columns = ("SEGMENT", "DOMAIN", "CLUSTERS", "SERVICES", "ALIASES")
    rows = [_cells(row, wide=wide) for row in found.segments]
    print_table(out, columns, rows, below=[_below(row) for row in found.segments])
    if wide and (aliases := list(_aliases(found.segments))):
        out.print()
        print_table(out, ("SEGMENT", "ALIAS", "SERVICE", "CLUSTERS"), aliases)


def _cells(row: SegmentRow, *, wide: bool) -> tuple[str, ...]:
    return (
        row.name or DEFAULT_NAME,
        row.domain or "?",
        some(row.clusters, len(row.clusters) if wide else _MOST),
        "?" if row.services is None else str(row.services),
        str(len({one.host for one in row.aliases})) if row.aliases else "-",
    )


def _below(row: SegmentRow) -> str:
    return f"differs: {'; '.join(row.differences)}" if row.differences else ""


def _aliases(rows: Sequence[SegmentRow]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        for one in row.aliases:
            yield row.name or DEFAULT_NAME, one.host, str(one.key), some(one.contexts, len(one.contexts))


def some(contexts: Sequence[str], most: int = _MOST) -> str:
    """Contexts for a cell: ``-`` for none, the first few and a count of many."""
    if not contexts:
        return "-"
    shown = ", ".join(contexts[:most])
    return shown if len(contexts) <= most else f"{shown} and {len(contexts) - most} more"
