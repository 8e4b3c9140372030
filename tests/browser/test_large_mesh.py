"""Hundreds of services: only the rows in sight are drawn, and changes leave nothing behind in the browser."""

from __future__ import annotations

from collections.abc import Callable

from looked_at import Looked
from playwright.sync_api import CDPSession, Page, expect
from served_mesh import ServedMesh
from shop_window import DISTRIBUTION, mark

SERVICES = 400
MESH = {"clusters": 2, "scenario": f"bulk:{SERVICES}"}
MODES = ("Any", "PreferClose", "PreferRegion")
ROUNDS, EACH = 30, 25
Look = Callable[..., Looked]


def opened(look: Look, path: str = "/services?sort=host") -> Page:
    page = look(path).page
    expect(page.get_by_role("table")).to_have_attribute("aria-rowcount", f"{SERVICES + 1}")
    return page


def test_only_rows_in_sight_are_drawn_and_all_can_be_reached(look: Look) -> None:
    page = opened(look)
    rows = page.locator("tr[data-index]")
    expect(rows.first).to_contain_text("service-0000")
    assert rows.count() < 100
    page.mouse.wheel(0, 1_000_000)
    last = page.get_by_role("link", name=f"service-{SERVICES - 1:04}.bulk.mesh.internal")
    expect(last).to_be_in_viewport()
    assert rows.count() < 100
    assert page.locator(f"tr[aria-rowindex='{SERVICES + 1}']").count() == 1
    expect(page.get_by_role("columnheader", name="Host")).to_be_in_viewport()


def test_keys_lead_beyond_what_is_in_sight(look: Look) -> None:
    page = opened(look)
    for _ in range(40):
        page.keyboard.press("j")
    row = page.get_by_role("link", name="service-0039.bulk.mesh.internal")
    expect(row).to_be_focused()
    expect(row).to_be_in_viewport()


def test_search_and_back_to_where_one_was(look: Look) -> None:
    page = opened(look)
    page.mouse.wheel(0, 5_000)
    expect(page.get_by_role("link", name="service-0150.bulk.mesh.internal")).to_be_attached()
    row = page.locator("tbody a").nth(20)
    name = row.inner_text()
    row.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name.split(".")[0])
    page.go_back()
    expect(page.get_by_role("link", name=name)).to_be_in_viewport()
    page.get_by_role("searchbox").fill("service-0399")
    expect(page.locator("tbody a")).to_have_count(1)


def heap(session: CDPSession) -> int:
    """Bytes in use after everything that can go has gone."""
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    return int(session.send("Runtime.getHeapUsage")["usedSize"])


def change(page: Page, mesh: ServedMesh, number: int) -> None:
    """Change many rows, and wait until the page shows the last one of them."""
    mode = MODES[number % len(MODES)]
    for place in reversed(range(EACH)):
        for context in mesh.clusters:
            name = f"service-{(place * 7) % SERVICES:04}"
            mark(mesh, context, name, annotations={DISTRIBUTION: mode}, namespace="bulk")
    first = page.locator("tr[data-index='0'] [data-label=Distribution]")
    expect(first).to_have_text(mode)


def test_changes_leave_nothing_behind(look: Look, mesh: ServedMesh) -> None:
    looked = look("/services?sort=host", viewport={"width": 1400, "height": 800})
    page = looked.page
    expect(page.get_by_role("table")).to_have_attribute("aria-rowcount", f"{SERVICES + 1}")
    session = looked.context.new_cdp_session(page)
    for number in range(5):
        change(page, mesh, number)
    before = heap(session)
    for number in range(5, ROUNDS):
        change(page, mesh, number)
    after = heap(session)
    print(f"{(ROUNDS - 5) * EACH * 2} changes: heap from {before / 1e6:.2f} to {after / 1e6:.2f} MB")  # noqa: T201 - figures
    assert after < before * 1.1 + 200_000
