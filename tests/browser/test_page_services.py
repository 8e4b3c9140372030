"""The Global services page, as somebody sees and uses it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from dashboard_process import Dashboard
from looked_at import Looked
from playwright.sync_api import Locator, Page, expect
from shop_window import one_of_each_state

prepare = one_of_each_state
STATES = {"reviews": "Missing", "ratings": "Drift", "coupons": "Stale", "details": "Partial", "productpage": "Ready"}
"""The worst state of each service, worst first: the order in which the page shows them."""
Look = Callable[..., Looked]


def row(page: Page, name: str) -> Locator:
    """The row of a service."""
    return page.locator("tr[aria-rowindex]").filter(has=page.locator(f'a[href="/services/bookinfo/{name}"]'))


def services(page: Page) -> list[str]:
    """The services that are shown, from top to bottom."""
    links = page.locator("tbody a").evaluate_all("links => links.map((link) => link.pathname.split('/').pop())")
    return [str(one) for one in links]


def expect_services(page: Page, *names: str) -> None:
    """Wait until exactly these are shown, in this order."""
    links = page.locator("tbody a")
    expect(links).to_have_count(len(names))
    for place, name in enumerate(names):
        expect(links.nth(place)).to_have_attribute("href", f"/services/bookinfo/{name}")


def asked(page: Page) -> dict[str, list[str]]:
    """The query in the address bar."""
    return parse_qs(urlsplit(page.url).query)


def test_services_appear_with_their_state_in_each_cluster(look: Look) -> None:
    page = look("/").page
    expect_services(page, *STATES)
    for name, state in STATES.items():
        expect(row(page, name).get_by_role("cell").first).to_have_accessible_name(state)
    of_cluster2 = "cluster1 Ready, cluster2 Missing, cluster3 Ready"
    expect(row(page, "reviews").get_by_role("cell", name=of_cluster2)).to_be_visible()
    expect(row(page, "reviews")).to_contain_text("no ServiceEntry in istio-system")
    expect(row(page, "reviews").locator("[data-label=Endpoints]")).to_have_text("9/9")
    expect(row(page, "productpage").locator("[data-label=Takeover]")).to_have_text("yes")
    expect(row(page, "productpage").locator("[data-label=Distribution]")).to_have_text("Any")


def test_rows_per_cluster_say_what_holds_there(look: Look) -> None:
    page = look("/").page
    page.get_by_role("button", name="Per cluster").click()
    expect(page.get_by_role("table")).to_have_accessible_name("15 rows")
    assert asked(page) == {"view": ["clusters"]}
    missing = page.get_by_role("row", name=re.compile(r"^Missing"))
    expect(missing).to_have_count(1)
    for cell in ("cluster2", re.compile("^global"), "3/3"):
        expect(missing.get_by_role("cell", name=cell, exact=True)).to_be_visible()


def test_nothing_but_ready_is_green(look: Look) -> None:
    page = look("/?view=clusters").page
    expect(page.get_by_role("table")).to_have_accessible_name("15 rows")
    seen: dict[str, set[str]] = {}
    for mark in page.locator("tbody .mark").all():
        colour = str(mark.evaluate("(mark) => getComputedStyle(mark).color"))
        seen.setdefault(colour, set()).add(mark.inner_text().split("\n")[-1])
    green = [words for words in seen.values() if any("Ready" in word for word in words)]
    assert len(green) == 1
    assert {word.lstrip("✓ \n") for word in green[0]} == {"Ready"}


def test_each_state_has_a_glyph_and_a_word_of_its_own(look: Look) -> None:
    """Who does not see colours, or sees them in another way, can tell them apart."""
    page = look("/").page
    expect_services(page, *STATES)
    page.keyboard.press("?")
    marks = page.get_by_role("dialog").locator(".mark")
    expect(marks).to_have_count(6)
    glyphs = [one.locator(".glyph").inner_text() for one in marks.all()]
    words = [one.inner_text() for one in marks.all()]
    assert len(set(glyphs)) == 6
    assert [re.sub(r"[^A-Za-z]", "", word) for word in words] == [
        "Missing",
        "Drift",
        "Stale",
        "Partial",
        "Unknown",
        "Ready",
    ]
    for name, state in STATES.items():
        shown = row(page, name).locator(".mark .glyph").first.inner_text()
        assert shown == next(glyph for glyph, word in zip(glyphs, words, strict=True) if state in word)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("reviews", ["reviews"]),
        ("MESH.internal page", ["productpage"]),
        ("workloadentry", ["details"]),  # a reason
        ("bookinfo cluster2", list(STATES)),
        ("bookinfo reviews nowhere", []),
    ],
)
def test_search_keeps_what_has_all_words(look: Look, words: str, found: list[str]) -> None:
    page = look("/").page
    expect_services(page, *STATES)
    page.get_by_role("searchbox").fill(words)
    expect_services(page, *found)
    assert asked(page) == {"q": [words]}
    page.get_by_role("button", name="Show all").first.click()
    expect_services(page, *STATES)
    assert asked(page) == {}


def test_filters_by_state_add_up_and_can_be_taken_back(look: Look) -> None:
    page = look("/").page
    missing = page.get_by_role("button", name="Missing 1")
    missing.click()
    expect_services(page, "reviews")
    expect(missing).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Stale 1").click()
    expect_services(page, "reviews", "coupons")
    assert asked(page) == {"state": ["missing", "stale"]}
    missing.click()
    expect_services(page, "coupons")


def test_filters_by_cluster_and_namespace(look: Look) -> None:
    page = look("/?view=clusters").page
    page.get_by_role("combobox", name="Cluster", exact=True).select_option("cluster3")
    expect(page.get_by_role("table")).to_have_accessible_name("5 of 15 rows")
    assert page.locator("tbody [data-label=Cluster]").all_inner_texts() == ["cluster3"] * 5
    page.get_by_role("combobox", name="Namespace", exact=True).select_option("bookinfo")
    expect(page.get_by_role("table")).to_have_accessible_name("5 of 15 rows")
    assert asked(page) == {"view": ["clusters"], "cluster": ["cluster3"], "ns": ["bookinfo"]}


def test_a_click_on_a_heading_sorts_and_another_one_reverses(look: Look) -> None:
    page = look("/").page
    head = page.get_by_role("columnheader", name="Host")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    ascending = services(page)
    assert sorted(ascending) == sorted(STATES)
    assert [one for one in ascending if one != "coupons"] == ["details", "productpage", "ratings", "reviews"]
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect_services(page, *reversed(ascending))
    assert asked(page) == {"sort": ["-host"]}


def test_groups_have_headings_with_what_is_in_them(look: Look) -> None:
    page = look("/?view=clusters").page
    page.get_by_role("combobox", name="Group", exact=True).select_option("cluster")
    groups = page.get_by_role("rowheader")
    expect(groups).to_have_count(3)
    expect(groups.nth(1)).to_contain_text("cluster2")
    expect(groups.nth(1)).to_contain_text("Missing")
    expect(groups.nth(0)).not_to_contain_text("Missing")


@pytest.mark.parametrize(
    "path",
    [
        "/services?q=mesh&sort=-host",
        "/services?view=clusters&cluster=cluster2&group=state",
        "/services?state=missing&state=drift&ns=bookinfo",
        "/services?view=clusters&sort=-age&q=details",
    ],
)
def test_an_address_shows_the_same_view_to_somebody_else(look: Look, path: str) -> None:
    first = look(path)
    expect(first.page.locator("tbody a").first).to_be_visible()
    rows = first.page.get_by_role("row").count()
    tab = first.another_tab(first.page.url.removeprefix(first.dashboard.origin))
    expect(tab.get_by_role("row")).to_have_count(rows)
    assert services(tab) == services(first.page)
    assert urlsplit(tab.url).query == urlsplit(path).query


def test_back_leads_to_the_view_before(look: Look) -> None:
    page = look("/").page
    page.get_by_role("button", name="Missing 1").click()
    expect_services(page, "reviews")
    page.get_by_role("button", name="Per cluster").click()
    row(page, "reviews").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("reviews")
    page.go_back()
    expect(page.get_by_role("button", name="Per cluster")).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect_services(page, "reviews")
    page.go_back()
    expect_services(page, *STATES)
    page.go_forward()
    expect_services(page, "reviews")


def downloaded(page: Page, button: str, folder: Path) -> str:
    """The file that a button gives."""
    with page.expect_download() as begun:
        page.get_by_role("button", name=button, exact=True).click()
    assert begun.value.suggested_filename.endswith(f".{button.lower()}")
    begun.value.save_as(folder / button)
    return (folder / button).read_text()


def test_the_csv_has_what_is_shown(look: Look, tmp_path: Path) -> None:
    page = look("/?view=clusters&state=missing&state=drift").page
    expect_services(page, "reviews", "ratings")
    rows = list(csv.DictReader(io.StringIO(downloaded(page, "CSV", tmp_path))))
    assert [(one["state"], one["service"], one["cluster"]) for one in rows] == [
        ("Missing", "reviews", "cluster2"),
        ("Drift", "ratings", "cluster2"),
    ]
    assert rows[0]["reason"].startswith("no ServiceEntry in istio-system")
    assert rows[0]["scope"] == "global"


def test_the_json_is_an_inventory_of_what_is_shown(look: Look, dashboard: Dashboard, tmp_path: Path) -> None:
    page = look("/?state=missing").page
    expect_services(page, "reviews")
    document = json.loads(downloaded(page, "JSON", tmp_path))
    _, inventory = dashboard.ask("services")
    assert document["kind"] == inventory["kind"]
    assert document["services"] == [one for one in inventory["services"] if one["name"] == "reviews"]
    assert document["clusters"] == inventory["clusters"]


def test_the_page_reads_only(look: Look) -> None:
    page = look("/").page
    expect_services(page, *STATES)
    buttons: list[Any] = page.get_by_role("button").all_inner_texts()
    writing = re.compile(r"expose|takeover|change|delete|apply|edit", re.IGNORECASE)
    assert [one for one in buttons if writing.search(one) and one.strip() != "Takeover"] == []
    assert page.locator("form[method=post]").count() == 0
