"""The live table itself: of all rows those that fit the screen, under their headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from meshglobal.render.inventory import WIDE_COLUMNS
from meshglobal.render.live_columns import Column, columns_for
from meshglobal.render.live_rows import Row, arrow
from meshglobal.render.live_state import Live, Mark
from meshglobal.render.live_text import GAP, Line, Span, clipped, cut, line, padded, shortened, width_of, wrapped
from meshglobal.render.screen import STYLES

CHANGED = "bold reverse"
SELECTED = "reverse"
_NAMES = frozenset({"NAMESPACE", "NAME", "CONTEXT"})
_NOTHING = Mark(frozenset(), 0.0)


def heading(state: Live) -> Line:
    """The headings; an arrow stands behind the one that is sorted by."""
    parts = ["  "]
    sign = arrow(state.choice)
    for column in columns_for(state.rows, state.choice, state.size.width):
        title = column.title + (sign if column.title == state.choice.sort else "")
        parts.append(f"{title:<{column.width + len(GAP)}}")
    return clipped(line("".join(parts).rstrip(), "bold"), state.size.width)


def body(state: Live, first: int, count: int) -> Iterator[Line]:
    """So many rows from the first on; what stands in their place where there are none."""
    rows = state.rows.rows
    if not rows:
        lines = (line(f"  {piece}") for piece in wrapped(_none(state), max(1, state.size.width - 2)))
        yield from islice((line(), *lines), count)
        return
    columns = columns_for(state.rows, state.choice, state.size.width)
    for position in range(first, min(first + count, len(rows))):
        yield _row_line(state, position, columns, is_named=position == first or not _is_like(rows, position, state))


def _is_like(rows: Sequence[Row], position: int, state: Live) -> bool:
    """Whether a row is of the same service as the one above it: then its name is not said again."""
    return not state.choice.sort and rows[position].service is rows[position - 1].service


def _row_line(state: Live, position: int, columns: Sequence[Column], *, is_named: bool) -> Line:
    row = state.rows.rows[position]
    is_selected = position == state.selected
    mark = state.marks.get(row.key, _NOTHING)
    changed = mark.columns if mark.until > state.now else frozenset()
    base = SELECTED if is_selected else ""
    spans = [Span((">" if is_selected else " ") + ("*" if changed else row.mark or " "), f"{base} bold".strip())]
    texts = dict(zip(WIDE_COLUMNS, _texts(row, state), strict=True))
    if not is_named and not is_selected:
        texts["NAMESPACE"] = texts["NAME"] = ""
    for number, column in enumerate(columns):
        text = _fitted(texts[column.title], column)
        gap = GAP if number + 1 < len(columns) else ""
        spans.append(Span(text, _style(column, texts[column.title], changed, is_selected=is_selected)))
        spans.append(Span(" " * (column.width - width_of(text)) + gap, base))
    return clipped(_filled(spans, state.size.width, base), state.size.width)


def _texts(row: Row, state: Live) -> tuple[str, ...]:
    return row.texts(state.news.inventory, state.now) if state.news is not None else ()


def _fitted(text: str, column: Column) -> str:
    return shortened(text, column.width) if column.title in _NAMES else cut(text, column.width)


def _style(column: Column, text: str, changed: frozenset[str], *, is_selected: bool) -> str:
    """Colour is for states; what changed is turned around, and on the selected row turned back."""
    colour = STYLES.get(text, "") if column.title == "STATE" else ""
    if column.title in changed:
        return " ".join(dict.fromkeys(f"{'bold underline reverse' if is_selected else CHANGED} {colour}".split()))
    return f"{SELECTED if is_selected else ''} {colour}".strip()


def _filled(spans: Sequence[Span], width: int, style: str) -> Line:
    """The line to the end of the terminal, so that the cursor is a bar."""
    if not style:
        return tuple(spans)
    used = sum(width_of(span.text) for span in spans)
    return (*spans, Span(padded("", max(0, width - used)), style))


def _none(state: Live) -> str:
    """Why there is no row. Absence may only be claimed where everything was read."""
    news = state.news
    if news is None:
        return "reading the clusters..."
    if news.inventory.services:
        return "No row is chosen (Esc: all of them)."
    summary = news.inventory.summary
    if not summary.clusters_read:
        return "reading the clusters..." if news.unread else "Nothing could be read."
    unread = " in what could be read" if summary.clusters_read < summary.clusters else ""
    return f"No global services found {state.place}".rstrip() + f"{unread}."
