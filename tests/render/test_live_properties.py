"""Whatever the keys, the sizes and the news: the live table never breaks, and never leaves the screen."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from sample_live import MISSING, NOW, cell, inventory, news, service

from meshglobal.domain.inventory import GlobalService, Inventory
from meshglobal.domain.verdict import State
from meshglobal.render.live_frame import frame, parts_of, settled
from meshglobal.render.live_keys import press, resize
from meshglobal.render.live_news import take, tick
from meshglobal.render.live_state import Live, News, Size
from meshglobal.render.live_text import clipped, cut, line, plain, shortened, width_of, wrapped

KEYS = (
    *("up", "down", "left", "right", "pgup", "pgdn", "home", "end", "enter", "esc", "backspace", "ctrl-u", "ctrl-l"),
    *"jkgG /nfsSwpc?qxé日",
)
NAMES = ("a", "details", "productpage-with-a-rather-long-name", "日本語", "cafe\u0301", "evil\x1b[2J")
CONTEXTS = ("c1", "gke_project-1234_europe-west1-b_prod-cluster-number-1", "日本", "\u202ex")

names = st.sampled_from(NAMES)
sizes = st.builds(Size, st.integers(1, 130), st.integers(1, 40))
texts = st.text(st.sampled_from("ab c日\u0301\u200d\x1b\n\t\u202e…"), max_size=30)


@st.composite
def services(draw: st.DrawFn, name: str) -> GlobalService:
    states = draw(st.lists(st.sampled_from(State), min_size=1, max_size=10))
    cells = [
        msgspec.structs.replace(cell(name, f"{CONTEXTS[number % 4]}{number}", state), reason=draw(texts))
        for number, state in enumerate(states)
    ]
    if draw(st.booleans()):
        cells[0] = msgspec.structs.replace(cells[0], state=None, hosts=(), present=draw(st.sampled_from([None, False])))
    return service(name, tuple(cells), namespace=draw(st.sampled_from(["bookinfo", "日"])))


@st.composite
def inventories(draw: st.DrawFn) -> Inventory:
    chosen = draw(st.lists(names, unique=True, max_size=4))
    return inventory(*(draw(services(name)) for name in chosen))


@st.composite
def pieces_of_news(draw: st.DrawFn) -> News:
    found = draw(inventories())
    findings = draw(st.sampled_from([(), (MISSING,), (msgspec.structs.replace(MISSING, service="details"),)]))
    return News(found, findings, draw(st.sampled_from([(), news().changes])), draw(st.sampled_from([(), ("prod-eu",)])))


steps = st.lists(
    st.one_of(st.sampled_from(KEYS), sizes, pieces_of_news(), st.floats(0, 20)),
    max_size=25,
)


def after(state: Live, step: str | Size | News | float) -> Live:
    match step:
        case str():
            return press(state, step)
        case Size():
            return resize(state, step)
        case News():
            return take(state, step, state.now)
    return tick(state, state.now + step)


def check(state: Live) -> None:
    lines = frame(state)
    assert len(lines) == state.size.height
    for spans in lines:
        assert cell_len(plain(spans)) <= state.size.width
        assert all(character.isprintable() or character == "\u200d" for character in plain(spans))
    calm = settled(state)
    assert settled(calm) is calm
    if calm.page is None and calm.rows.rows and calm.size.width > 1:
        assert 0 <= calm.selected - calm.top < parts_of(calm).body
        marked = [plain(spans) for spans in lines if plain(spans).startswith(">")]
        assert len(marked) == 1, "the row that the cursor is on can be seen"
        shown = [plain(spans) for spans in lines]
        body = parts_of(calm)
        rows = shown[body.header + body.heading :][: body.body]
        assert sum(bool(row.strip()) for row in rows) == min(body.body, len(calm.rows.rows) - calm.top)


@settings(max_examples=60)
@given(sizes, steps)
def test_nothing_breaks_it(size: Size, course: Sequence[str | Size | News | float]) -> None:
    state = Live(size, "in namespace bookinfo", NOW)
    check(state)
    for step in course:
        state = after(state, step)
        check(state)


@given(texts, st.integers(0, 20))
def test_texts_are_cut_to_their_width(text: str, width: int) -> None:
    for found in (cut(text, width), shortened(text, width), plain(clipped(line(text), width))):
        assert width_of(found) <= width


@given(texts, st.integers(1, 20), st.integers(0, 4))
def test_wrapped_texts_lose_nothing_but_spaces(text: str, width: int, indent: int) -> None:
    found = list(wrapped(text, width, indent))
    assert all(width_of(one) <= width for one in found)
    if width > indent + 1:
        whole = "".join("".join(found).split())
        assert whole == "".join("".join(wrapped(text, 10_000)).split())
