"""Each page for everybody: for readers of screens, in light and dark, on a telephone, without motion, by keys alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from accessible_rules import broken_rules
from looked_at import Looked, expect_complete
from playwright.sync_api import Page, ViewportSize, expect
from shop_window import one_of_each_state

prepare = one_of_each_state
Look = Callable[..., Looked]
PAGES = {
    "/services": "reviews.bookinfo.mesh.internal",
    "/services?view=clusters&group=cluster": "reviews.bookinfo.mesh.internal",
    "/services?q=nobody+has+this+name": "No service is like that",
    "/services/bookinfo/reviews": "rollout restart",
    "/services/bookinfo/productpage": "productpage.bookinfo.mesh.internal",
    "/services/bookinfo/nobody": "nobody",
    "/clusters": "cluster3",
    "/findings": "MG201",
    "/topology": "productpage",
}
"""Each page, and a text that it shows when it has everything."""
NARROW = ViewportSize(width=360, height=740)
every_page = pytest.mark.parametrize("path", PAGES)


def opened(look: Look, path: str, **profile: object) -> Page:
    expected = ("status of 404",) if path.endswith("/nobody") else ()
    page = look(path, expected=expected, **profile).page
    expect(page.get_by_text(PAGES[path]).locator("visible=true").first).to_be_visible()
    expect_complete(page)
    return page


@every_page
def test_no_rule_is_broken_in_light_and_dark_and_on_a_telephone(look: Look, path: str) -> None:
    page = opened(look, path, color_scheme="light")
    assert broken_rules(page) == []
    page.emulate_media(color_scheme="dark")
    assert broken_rules(page) == []
    page.set_viewport_size(NARROW)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= NARROW["width"], "it scrolls sideways"
    assert broken_rules(page) == []


def test_the_help_keeps_the_rules_too(look: Look) -> None:
    page = opened(look, "/services")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys and marks")
    expect(dialog).to_be_visible()
    assert broken_rules(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def brightness(page: Page) -> float:
    """Of the background, from 0 to 255."""
    colour = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    return sum(float(part) for part in re.findall(r"[\d.]+", colour)[:3]) / 3


def test_it_is_as_dark_as_the_system(look: Look) -> None:
    page = opened(look, "/services", color_scheme="dark")
    assert brightness(page) < 60
    page.emulate_media(color_scheme="light")
    assert brightness(page) > 200


def test_who_chooses_dark_keeps_it(look: Look) -> None:
    looked = look("/services", color_scheme="light")
    page = looked.page
    switch = page.get_by_role("button", name=re.compile("^Colours"))
    for _ in range(3):
        if brightness(page) < 60:
            break
        switch.click()
    assert brightness(page) < 60
    expect(switch).to_have_accessible_name("Colours: Dark")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert brightness(page) < 60
    assert brightness(looked.another_tab("/clusters")) < 60


@every_page
def test_nothing_moves_for_who_wants_no_motion(look: Look, path: str) -> None:
    page = opened(look, path, reduced_motion="reduce")
    moving = """() => [...document.querySelectorAll("*")].filter((element) => {
      const {animationName, animationDuration, transitionDuration} = getComputedStyle(element);
      const lasts = (text) => text.split(",").some((one) => Number.parseFloat(one) > 0.01);
      return (animationName !== "none" && lasts(animationDuration)) || lasts(transitionDuration);
    }).map((element) => element.outerHTML.slice(0, 100))"""
    assert page.evaluate(moving) == []


def test_the_table_tells_readers_how_large_it_is_and_where_they_are(look: Look) -> None:
    page = opened(look, "/services")
    table = page.get_by_role("table", name="5 services")
    expect(table).to_have_attribute("aria-rowcount", "6")
    expect(table.get_by_role("columnheader")).not_to_have_count(0)
    indexes = table.get_by_role("row").evaluate_all("rows => rows.map((row) => row.ariaRowIndex)")
    assert indexes == [str(one) for one in range(1, 7)]
    expect(page).to_have_title("Global services · meshglobal")


def test_by_keys_alone_from_the_search_to_a_service_and_back(look: Look) -> None:
    page = opened(look, "/services")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("re")
    expect(page.locator("tbody a")).not_to_have_count(5)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    first = page.locator("tbody a").first
    expect(first).to_be_focused()
    page.keyboard.press("k")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page).to_have_url(re.compile(r"/services/bookinfo/\w+$"))
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/services\?q=re$"))
    expect(first).to_be_focused()


@pytest.mark.parametrize(("key", "path"), [("s", "services"), ("c", "clusters"), ("f", "findings"), ("t", "topology")])
def test_two_keys_lead_to_each_page(look: Look, key: str, path: str) -> None:
    page = opened(look, "/services/bookinfo/productpage")
    page.keyboard.press("g")
    page.keyboard.press(key)
    expect(page).to_have_url(re.compile(f"/{path}$"))
    expect(page.get_by_role("link", name=re.compile(f"^{path}", re.IGNORECASE)).first).to_have_attribute(
        "aria-current", "page"
    )


@every_page
def test_the_first_step_of_tab_skips_to_the_content_and_focus_can_be_seen(look: Look, path: str) -> None:
    page = opened(look, path)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="To the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(_LOOKS_OTHER_WITH_FOCUS), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


_LOOKS_OTHER_WITH_FOCUS = """async () => {
  const focused = document.activeElement;
  if (focused === document.body) return true;
  const looks = () => [focused, ...focused.querySelectorAll("*")].map((element) => {
    const {outline, boxShadow, stroke, strokeWidth, backgroundColor} = getComputedStyle(element);
    return [outline, boxShadow, stroke, strokeWidth, backgroundColor].join();
  }).join();
  const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  await drawn();
  const before = looks();
  focused.blur();
  await drawn();
  const after = looks();
  focused.focus({focusVisible: true});
  return before !== after;
}"""
