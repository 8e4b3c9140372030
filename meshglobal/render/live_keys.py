"""What a key does: from one state of the live table to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from meshglobal.render.live_frame import parts_of, settled
from meshglobal.render.live_news import pause, with_rows
from meshglobal.render.live_rows import SORTS, Choice, Kind, Row
from meshglobal.render.live_state import Live, Page, Prompt, Sheet, Size

_MOST_TYPED = 200
_SORTS = ("", *SORTS)
Step = Callable[[Live], Live]


def press(state: Live, key: str) -> Live:
    """The state after a key: a character, or a name such as ``up``, ``enter`` or ``esc``. Others do nothing."""
    if state.prompt is not None:
        return settled(_type(state, state.prompt, key))
    steps = _IN_TABLE if state.page is None else _IN_PAGE
    step = steps.get(key) or _EVERYWHERE.get(key)
    return settled(step(state)) if step is not None else state


def resize(state: Live, size: Size) -> Live:
    """The terminal has another size now."""
    return settled(replace(state, size=size))


def _type(state: Live, prompt: Prompt, key: str) -> Live:
    """The rows follow while it is typed."""
    text = str(getattr(state.choice, prompt.field))
    if key == "enter":
        return replace(state, prompt=None)
    if key == "esc":
        return replace(with_rows(state, prompt.before), prompt=None)
    if key == "backspace":
        text = text[:-1]
    elif key == "ctrl-u":
        text = ""
    elif len(key) == 1 and key.isprintable() and len(text) < _MOST_TYPED:
        text += key
    else:
        return state
    choice = state.choice
    return with_rows(state, replace(choice, text=text) if prompt.field == "text" else replace(choice, namespace=text))


def _ask(field: str) -> Step:
    return lambda state: replace(state, prompt=Prompt(field, state.choice))


def _move(rows: int) -> Step:
    return lambda state: replace(state, selected=max(0, min(state.selected + rows, len(state.rows.rows) - 1)))


def _leaf(screens: int) -> Step:
    """A screen further: the first row that is drawn moves with the cursor."""

    def step(state: Live) -> Live:
        rows = screens * max(1, parts_of(state).body - 1)
        moved = _move(rows)(state)
        return replace(moved, top=state.top + moved.selected - state.selected)

    return step


def _scroll(lines: int) -> Step:
    def step(state: Live) -> Live:
        return replace(state, page=state.page and state.page._replace(scroll=max(0, state.page.scroll + lines)))

    return step


def _scroll_screens(screens: int) -> Step:
    return lambda state: _scroll(screens * max(1, parts_of(state).body - 1))(state)


def _choose(change: Callable[[Choice], Choice]) -> Step:
    return lambda state: with_rows(state, change(state.choice))


def _next_kind(choice: Choice) -> Choice:
    kinds = list(Kind)
    return replace(choice, kind=kinds[(kinds.index(choice.kind) + 1) % len(kinds)])


def _next_sort(choice: Choice) -> Choice:
    return replace(choice, sort=_SORTS[(_SORTS.index(choice.sort) + 1) % len(_SORTS)], is_reversed=False)


def _open(state: Live) -> Live:
    rows: tuple[Row, ...] = state.rows.rows
    if state.selected >= len(rows):
        return state
    return replace(state, page=Page(Sheet.SERVICE, rows[state.selected].key))


def _show(sheet: Sheet) -> Step:
    return lambda state: replace(state, page=Page(sheet))


def _back(state: Live) -> Live:
    return replace(state, page=None)


def _quit(state: Live) -> Live:
    return replace(state, is_over=True)


_EVERYWHERE: Mapping[str, Step] = {
    "p": pause,
    "?": _show(Sheet.HELP),
    "c": _show(Sheet.CLUSTERS),
}
_IN_TABLE: Mapping[str, Step] = {
    "up": _move(-1),
    "k": _move(-1),
    "down": _move(1),
    "j": _move(1),
    "pgup": _leaf(-1),
    "pgdn": _leaf(1),
    " ": _leaf(1),
    "home": _move(-(1 << 30)),
    "g": _move(-(1 << 30)),
    "end": _move(1 << 30),
    "G": _move(1 << 30),
    "enter": _open,
    "right": _open,
    "/": _ask("text"),
    "n": _ask("namespace"),
    "f": _choose(_next_kind),
    "s": _choose(_next_sort),
    "S": _choose(lambda choice: replace(choice, is_reversed=not choice.is_reversed)),
    "w": _choose(lambda choice: replace(choice, is_wide=not choice.is_wide)),
    "esc": _choose(Choice.unfiltered),
    "q": _quit,
}
_IN_PAGE: Mapping[str, Step] = {
    "up": _scroll(-1),
    "k": _scroll(-1),
    "down": _scroll(1),
    "j": _scroll(1),
    "pgup": _scroll_screens(-1),
    "pgdn": _scroll_screens(1),
    " ": _scroll_screens(1),
    "home": _scroll(-(1 << 30)),
    "g": _scroll(-(1 << 30)),
    "end": _scroll(1 << 30),
    "G": _scroll(1 << 30),
    "esc": _back,
    "left": _back,
    "q": _back,
}
