"""The live table, letter by letter, and what each key and each piece of news does to it."""

from __future__ import annotations

import msgspec
import pytest
from golden_files import assert_golden
from sample_live import NOW, cell, inventory, live, news, service

from meshglobal.domain.report import Summary
from meshglobal.domain.verdict import State
from meshglobal.render.live_frame import frame
from meshglobal.render.live_keys import press, resize
from meshglobal.render.live_news import selected_key, take, tick
from meshglobal.render.live_rows import Kind, RowKey
from meshglobal.render.live_state import Live, News, Sheet, Size
from meshglobal.render.live_text import plain


def pressed(state: Live, *keys: str) -> Live:
    for key in keys:
        state = press(state, key)
    return state


def screen(state: Live) -> list[str]:
    return [plain(line).rstrip() for line in frame(state)]


def styled(state: Live) -> str:
    """The screen with the styles, as text."""
    lines = ("".join(f"[{style}]{text}[/]" if style else text for text, style in line) for line in frame(state))
    return "\n".join(line.rstrip() for line in lines) + "\n"


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (40, 12)])
@pytest.mark.parametrize(
    ("name", "keys"), [("table", ("end", "up")), ("service", ("end", "up", "enter")), ("help", "?")]
)
def test_screens(name: str, keys: tuple[str, ...], width: int, height: int) -> None:
    state = pressed(live(width, height), *keys)
    assert_golden(f"live-{name}-{width}x{height}.txt", "\n".join(screen(state)) + "\n")


def test_the_clusters_with_what_to_do_next() -> None:
    assert_golden("live-clusters-80x24.txt", "\n".join(screen(press(live(80, 24), "c"))) + "\n")


def test_colours_only_repeat_what_words_say() -> None:
    assert_golden("live-styles-80x24.txt", styled(pressed(live(80, 24), "down")))


def test_before_anything_was_read_nothing_is_claimed() -> None:
    state = Live(Size(60, 10), "in namespace bookinfo")
    assert "  reading the clusters..." in screen(state)
    assert all("No global" not in line for line in screen(state))
    unread = take(Live(Size(80, 10), state.place), News(inventory(), unread=("prod-eu", "prod-asia")), NOW)
    assert "No global services found in namespace bookinfo in what could be read." in "\n".join(screen(unread))
    assert "not read yet: prod-eu, prod-asia" in "\n".join(screen(resize(unread, Size(80, 24))))


def test_nothing_read_at_all_is_no_absence() -> None:
    nothing = msgspec.structs.replace(inventory(), summary=Summary(clusters=3))
    assert "Nothing could be read." in "\n".join(screen(take(Live(Size(80, 24)), News(nothing), NOW)))


def test_rows_of_the_same_service_name_it_once_and_the_first_on_the_screen_always() -> None:
    state = pressed(live(80, 10), "end")
    rows = [line for line in screen(state) if "prod-" in line and "could not" not in line]
    assert rows[0].split()[0] == "ratings"
    assert rows[-2].split()[:3] == [">", "reviews", "prod-us"]
    assert rows[-1].startswith("prod-us: connection refused"), "why, for the row that the cursor is on"


def test_words_choose_rows_by_name_host_and_context() -> None:
    state = pressed(live(80, 24), "/", *"REV prod-a")
    assert [row.key for row in state.rows.rows] == [RowKey("bookinfo", "reviews", "prod-asia")]
    assert screen(state)[-1].startswith("filter: REV prod-a")
    kept = press(state, "enter")
    assert (kept.prompt, kept.choice.text) == (None, "REV prod-a")
    assert pressed(kept, "/", "x", "esc").choice.text == "REV prod-a", "Esc drops what was typed since"
    assert pressed(kept, "esc").choice.text == ""
    assert pressed(kept, "/", "ctrl-u", "q", "backspace", "enter").choice.text == ""


def test_namespaces_are_chosen_by_a_part_of_their_names() -> None:
    other = service("details", (cell("details", "prod-eu", State.READY),), namespace="shop")
    state = take(Live(Size(80, 24)), News(inventory(*news().inventory.services, other)), NOW)
    state = pressed(state, "n", *"Sho", "enter")
    assert [row.key.namespace for row in state.rows.rows] == ["shop"]


def test_f_goes_from_all_to_wrong_to_unknown() -> None:
    state = press(live(80, 24), "f")
    assert [(row.key.name, row.cell.state) for row in state.rows.rows] == [
        ("productpage", State.PARTIAL),
        ("ratings", State.DRIFT),
        ("reviews", State.MISSING),
    ]
    state = press(state, "f")
    assert {row.cell.state for row in state.rows.rows} == {State.UNKNOWN}
    assert press(state, "f").choice.kind is Kind.ALL


def test_s_sorts_by_each_column_in_turn_and_shift_s_turns_around() -> None:
    state = live(120, 24)
    found = {}
    for _ in range(9):
        found[state.choice.sort] = [row.key for row in state.rows.rows]
        state = press(state, "s")
    assert state.choice.sort == "", "it comes back to the order of list"
    assert screen(pressed(live(80, 24), *"sssS"))[1].endswith("findings: 1 error  by STATE▼")
    assert [row.name for row in found["STATE"][:3]] == ["ratings", "reviews", "productpage"]
    assert {row.context for row in found["CONTEXT"][:4]} == {"prod-asia"}
    assert {row.context for row in found["ENDPOINTS"][:4]} == {"prod-us"}, "what is not known comes first"
    assert found["ENDPOINTS"][-1] == RowKey("bookinfo", "productpage", "prod-eu")
    assert len({tuple(keys) for keys in found.values()}) > 3
    assert all(sorted(keys) == sorted(found[""]) for keys in found.values())
    turned = pressed(state, "S")
    assert [row.key for row in turned.rows.rows] == found[""][::-1]


def test_the_cursor_stays_on_its_row_when_rows_come_and_go() -> None:
    state = pressed(live(80, 24), *["down"] * 9)
    assert selected_key(state) == RowKey("bookinfo", "reviews", "prod-eu")
    services = news().inventory.services
    state = take(state, News(inventory(*services[1:])), NOW)
    assert selected_key(state) == RowKey("bookinfo", "reviews", "prod-eu")
    state = take(state, News(inventory(*services[:2])), NOW)
    assert selected_key(state) == RowKey("bookinfo", "productpage", "prod-us"), "it was the last: the end stays"


def test_what_changed_is_marked_for_some_seconds() -> None:
    state = live(80, 24)
    (key,) = state.marks
    assert key == RowKey("bookinfo", "reviews", "prod-asia")
    assert state.marks[key].columns == {"STATE", "AGE", "ENTRY"}
    assert any(line.startswith(" *") for line in screen(state))
    assert not tick(state, NOW + 10).marks
    assert not any(line.startswith(" *") for line in screen(tick(state, NOW + 10)))


def test_what_is_read_for_the_first_time_is_no_change() -> None:
    first = News(inventory(), unread=("prod-eu", "prod-asia", "prod-us"))
    state = take(take(Live(Size(80, 24)), first, NOW), news(), NOW)
    assert not state.marks
    before = news().inventory.services[0]
    back = service("details", (*before.cells[:2], cell("details", "prod-us", State.READY)))
    state = take(state, News(inventory(back)), NOW)
    assert set(state.marks) == {RowKey("bookinfo", "details", "prod-us")}, "that a cluster is back is one"


def test_the_last_change_is_one_of_something_that_is_there() -> None:
    (change,) = news().changes
    gone = msgspec.structs.replace(change, host="bookinfo/reviews", after=None, reason="")
    state = take(live(80, 24), news()._replace(changes=(change, gone)), NOW)
    assert screen(state)[3].startswith("11:59:58Z  reviews.bookinfo.mesh.internal  prod-asia  Ready -> Missing")
    assert [one.after for one in state.history] == [State.MISSING, None, State.MISSING]


def test_while_paused_nothing_moves_and_afterwards_nothing_is_lost() -> None:
    state = press(live(80, 24), "p")
    held = take(take(state, News(inventory(), changes=news().changes), NOW), news(), NOW)
    assert held.rows is state.rows
    assert screen(held)[0].startswith(" PAUSED, 2 changes since (p: go on)")
    assert len(press(held, "down").rows.rows) == 12, "keys work all the same"
    going_on = press(held, "p")
    assert (going_on.news, len(going_on.history)) == (news()._replace(changes=held.held.changes), 3)  # type: ignore[union-attr] # it is held


def test_a_service_opens_with_the_cluster_of_its_row_and_says_what_mends_it() -> None:
    state = pressed(live(80, 60), "end", "up", "enter")
    lines = screen(state)
    assert state.page is not None
    assert state.page.sheet is Sheet.SERVICE
    clusters = [line.split()[1] for line in lines if line.startswith("Cluster ")]
    assert clusters == ["prod-asia", "prod-us", "prod-eu"]
    assert any(line.startswith("  next: kubectl --context prod-asia") for line in lines)
    assert any("prod-asia  Ready -> Missing" in line for line in lines)
    gone = screen(take(state, News(inventory(*news().inventory.services[:1])), NOW))
    assert "It is not a global service any more in what can be read." in gone
    assert press(state, "esc").page is None
    assert press(state, "q").is_over is False
    assert press(press(state, "q"), "q").is_over is True


def test_many_clusters_that_are_ready_share_a_line_until_w() -> None:
    cells = tuple(cell("details", f"c{number:02}", State.READY) for number in range(11))
    state = take(
        Live(Size(100, 24)), News(inventory(service("details", (*cells, cell("details", "c11", State.DRIFT))))), NOW
    )
    assert [row.group.is_sum for row in state.rows.rows] == [True, False]
    assert "11 of 12 clusters" in "\n".join(screen(state))
    assert screen(press(state, "enter"))[-1] == "Esc back  ↑↓ scroll  ? help"
    assert len(press(state, "w").rows.rows) == 12
    assert "autogen.bookinfo.details" in "\n".join(screen(press(resize(state, Size(160, 24)), "w")))


def test_what_clusters_send_steers_nothing() -> None:
    evil = "\x1b[2Jred\n\u202eevil\x07"
    row = msgspec.structs.replace(cell(evil, evil, State.MISSING), reason=evil)
    found = take(live(80, 24), News(inventory(service(evil, (row,), namespace=evil))), NOW)
    for keys in ((), ("enter",)):
        text = "".join(plain(line) for line in frame(pressed(found, *keys)))
        assert "red" in text
        assert text.isprintable()
