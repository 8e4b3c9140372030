"""Names, annotations, hosts and reasons full of markup, script and templates are shown as the text that they are."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from dashboard_process import Dashboard, dashboard_process
from hostile_mesh import CONTEXT, FORMULA, LINK, MARKUP, hostile, lying_cluster
from looked_at import Looked, expect_complete
from playwright.sync_api import Page, expect
from served_mesh import ServedMesh, environment

prepare = hostile
Look = Callable[..., Looked]
PAGES = (
    "/services",
    "/services?view=clusters",
    "/services?group=cluster&view=clusters",
    "/services/bookinfo/reviews",
    "/services/bookinfo/ratings",
    "/clusters",
    "/findings",
    "/topology",
)


@pytest.fixture(scope="module")
def dashboard(mesh: ServedMesh, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """One over a mesh with a further cluster, which answers with markup."""
    folder = tmp_path_factory.mktemp("dashboard")
    with (
        lying_cluster(mesh),
        dashboard_process(environment(mesh.kubeconfig), folder, "--all-contexts") as running,
    ):
        running.until_read()
        yield running


def opened(look: Look, path: str) -> Page:
    """The page, as soon as it shows such a text, with everything unfolded."""
    page = look(path, expected=("status of 404",)).page
    expect_complete(page)
    expect(page.get_by_text("<img src=x").locator("visible=true").first).to_be_visible()
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    return page


def expect_text_alone(page: Page) -> None:
    """Nothing of it has become an element, an attribute that acts, or a result."""
    assert page.evaluate("() => globalThis.hacked") is None
    assert page.locator("img:not([src='/static/icon.svg'])").count() == 0
    assert page.locator("script:not([src='/static/app.js'])").count() == 0
    assert page.locator("iframe, object, embed, style, base, form").count() == 0
    assert page.locator("a:not([href^='/']):not([href^='#'])").count() == 0, "links lead to pages of ours alone"
    acting = "() => [...document.querySelectorAll('*')].flatMap((one) => one.getAttributeNames())"
    assert [name for name in page.evaluate(acting) if name.startswith("on")] == []
    text = page.locator("body").inner_text()
    assert "{{7*7}}" in text
    assert "${7*7}" in text


@pytest.mark.parametrize("path", PAGES)
def test_it_is_shown_as_text(look: Look, path: str) -> None:
    page = opened(look, path)
    expect_text_alone(page)


def test_the_reason_of_a_cluster_that_lies_is_shown_as_it_says_it(look: Look) -> None:
    page = opened(look, "/services")
    expect(page.get_by_role("listitem").filter(has_text="liar")).to_contain_text(MARKUP)


def test_annotations_are_shown_in_the_yaml_of_the_service(look: Look) -> None:
    page = opened(look, "/services/bookinfo/reviews")
    for tab in page.get_by_role("tab").all():
        tab.click()
        expect_text_alone(page)
    assert page.locator(f"[href='{LINK}']").count() == 0


@pytest.mark.parametrize(
    "path",
    [f"/services?q={quote(MARKUP)}", f"/services/{quote(MARKUP, safe='')}/x", f"/findings?q={quote(MARKUP)}"],
)
def test_addresses_are_taken_for_text_too(look: Look, path: str) -> None:
    page = look(path, expected=("status of 404",)).page
    expect_complete(page)
    assert page.evaluate("() => globalThis.hacked") is None
    assert page.locator("img:not([src='/static/icon.svg'])").count() == 0


def test_files_hold_it_as_it_is_and_no_formula(look: Look, tmp_path: Path) -> None:
    page = opened(look, "/services?view=clusters&ns=bookinfo")
    saved: dict[str, str] = {}
    for kind in ("CSV", "JSON"):
        with page.expect_download() as begun:
            page.get_by_role("button", name=kind, exact=True).click()
        begun.value.save_as(tmp_path / kind)
        saved[kind] = (tmp_path / kind).read_text()
    rows = list(csv.DictReader(io.StringIO(saved["CSV"])))
    assert CONTEXT in {row["cluster"] for row in rows}
    distributions = {row["distribution"] for row in rows}
    assert {MARKUP, f"'{FORMULA}"} <= distributions, "with the apostrophe a spreadsheet shows it, and does not obey it"
    document = json.loads(saved["JSON"])
    assert FORMULA in {cell["distribution"] for one in document["services"] for cell in one["cells"]}
