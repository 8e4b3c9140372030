"""The whole screen of the live table: never more lines than the terminal has, and none wider than it."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from meshglobal.render.live_header import footer, header, remark
from meshglobal.render.live_pages import page_lines
from meshglobal.render.live_state import Live
from meshglobal.render.live_table import body, heading
from meshglobal.render.live_text import Line, clipped, line


class Parts(NamedTuple):
    """How many lines each part of the screen has."""

    header: int
    heading: int
    body: int
    remark: int
    footer: int


def parts_of(state: Live) -> Parts:
    """Share the lines out. The body gets what there is before the others do."""
    height = max(1, state.size.height)
    foot = 1 if height >= 3 or (height > 1 and state.prompt is not None) else 0  # noqa: PLR2004 - lines
    head = 1 if height >= 4 and state.page is None and state.rows.rows else 0  # noqa: PLR2004 - lines
    most = max(1, (height - 6) // 3) if height >= 5 else 0  # noqa: PLR2004 - lines
    about = 1 if height >= 10 and state.page is None else 0  # noqa: PLR2004 - lines
    above = len(header(state, most))
    return Parts(above, head, height - foot - about - head - above, about, foot)


def settled(state: Live) -> Live:
    """The same with the cursor on a row that is there, in view, and a page that is not scrolled past its end."""
    lines = parts_of(state).body
    last = max(0, len(state.rows.rows) - 1)
    selected = max(0, min(state.selected, last))
    top = min(max(state.top, selected - lines + 1, 0), selected, max(0, last - lines + 1))
    page = state.page
    if page is not None:
        end = max(0, len(page_lines(state, page)) - lines)
        page = page._replace(scroll=max(0, min(page.scroll, end)))
    if (selected, top, page) == (state.selected, state.top, state.page):
        return state
    return replace(state, selected=selected, top=top, page=page)


def frame(state: Live) -> tuple[Line, ...]:
    """The lines of the screen, as many as the terminal has."""
    state = settled(state)
    parts = parts_of(state)
    lines = header(state, parts.header)
    if state.page is None:
        lines += [heading(state)] if parts.heading else []
        lines += body(state, state.top, parts.body)
    else:
        begin = state.page.scroll
        lines += page_lines(state, state.page)[begin : begin + parts.body]
    lines += [line()] * (parts.header + parts.heading + parts.body - len(lines))
    lines += [remark(state)] if parts.remark else []
    lines += [footer(state)] if parts.footer else []
    return tuple(clipped(spans, state.size.width) for spans in lines)
