"""What the clusters say comes into the live table: rows, what changed in them, and a history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from meshglobal.domain.changes import HostChange
from meshglobal.render.inventory import WIDE_COLUMNS
from meshglobal.render.live_rows import Choice, Row, RowKey, noted, rows_of
from meshglobal.render.live_state import Live, Mark, News

SHOWN_FOR = 5.0
"""Seconds that a change stays marked."""
_KEPT = 200
_EVERY_COLUMN = frozenset(WIDE_COLUMNS)


def take(state: Live, news: News, now: float) -> Live:
    """Show news; while paused they are kept, the newest of them, until it goes on."""
    if state.is_paused and state.news is not None:
        earlier = state.held.changes if state.held is not None else ()
        return replace(state, held=news._replace(changes=(*earlier, *news.changes)[-_KEPT:]))
    hosts = [one for one in reversed(news.changes) if isinstance(one, HostChange)]
    found = sorted(hosts, key=lambda one: one.after is None)  # what is there now says more than what is not any more
    after = replace(
        state,
        now=now,
        news=news,
        held=None,
        noted=state.noted if _are_findings_the_same(state, news) else noted(news.findings),
        history=(*found, *state.history)[:_KEPT],
    )
    after = with_rows(after, state.choice)
    return replace(after, marks={**lasting(state.marks, now), **dict(_marks(state, after))})


def tick(state: Live, now: float) -> Live:
    """Time goes on: ages grow, and what changed a while ago is no longer marked."""
    return replace(state, now=now, marks=lasting(state.marks, now))


def pause(state: Live) -> Live:
    """Hold still, or go on with the newest news."""
    if not state.is_paused:
        return replace(state, is_paused=True)
    going_on = replace(state, is_paused=False)
    return take(going_on, state.held, state.now) if state.held is not None else going_on


def with_rows(state: Live, choice: Choice) -> Live:
    """Choose rows anew; the cursor stays on its row if that is still there."""
    if state.news is None:
        return replace(state, choice=choice)
    key = selected_key(state)
    rows = rows_of(state.news.inventory, state.noted, choice)
    selected = _position(rows.rows, key, state.selected)
    # The row stays at the same height of the screen.
    return replace(state, choice=choice, rows=rows, selected=selected, top=state.top + selected - state.selected)


def selected_key(state: Live) -> RowKey | None:
    """The row the cursor is on."""
    rows = state.rows.rows
    return rows[state.selected].key if state.selected < len(rows) else None


def lasting(marks: Mapping[RowKey, Mark], now: float) -> dict[RowKey, Mark]:
    """The marks that are still shown."""
    return {key: mark for key, mark in marks.items() if mark.until > now}


def _are_findings_the_same(state: Live, news: News) -> bool:
    return state.news is not None and state.news.findings is news.findings


def _position(rows: tuple[Row, ...], key: RowKey | None, before: int) -> int:
    """Where a row is now: it, else another one of its service, else the same place."""
    near = -1
    for position, row in enumerate(rows):
        if key is not None and row.key[:2] == key[:2]:
            if row.key == key:
                return position
            near = position if near < 0 else near
    return near if near >= 0 else max(0, min(before, len(rows) - 1))


def _marks(before: Live, after: Live) -> Iterator[tuple[RowKey, Mark]]:
    """What differs in the rows that are shown. What is read for the first time is no change."""
    if before.news is None or after.news is None:
        return
    first = frozenset(before.news.unread)
    old = {row.key: row for row in before.rows.rows}
    for row in after.rows.rows:
        was = old.get(row.key)
        if was is not None and was.service is row.service and was.group == row.group:
            continue
        if first and not first.isdisjoint(cell.context for cell in row.group.cells):
            continue
        columns = _EVERY_COLUMN if was is None else _differing(was, row, before.news, after.news)
        if columns:
            yield row.key, Mark(columns, after.now + SHOWN_FOR)


def _differing(was: Row, row: Row, before: News, after: News) -> frozenset[str]:
    pairs = zip(WIDE_COLUMNS, was.texts(before.inventory, 0.0), row.texts(after.inventory, 0.0), strict=True)
    found = {column for column, old, new in pairs if old != new}
    if was.cell.entry_created != row.cell.entry_created and not row.group.is_sum:
        found.add("AGE")
    return frozenset(found)
