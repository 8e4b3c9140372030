"""A page of another site, open in the same browser, can neither read nor write: also where it knows the token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from dashboard_process import Dashboard
from foreign_site import Site, foreign_site
from playwright.sync_api import Browser, Error, Page, expect
from served_mesh import ServedMesh
from shop_window import expose_bookinfo

prepare = expose_bookinfo


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with foreign_site() as running:
        yield running


@pytest.fixture(scope="module")
def foreign(browser: Browser, dashboard: Dashboard, site: Site) -> Iterator[Page]:
    """A page of the site beside one of the dashboard, in the same browser, which knows the token."""
    context = browser.new_context()
    ours = context.new_page()
    ours.goto(dashboard.url)
    expect(ours.get_by_text("productpage").first).to_be_visible()
    page = context.new_page()
    page.goto(site.origin)
    yield page
    context.close()


FETCH = """async ([url, how]) => {
  try {
    const answer = await fetch(url, how);
    return {type: answer.type, status: answer.status, text: await answer.text()};
  } catch (error) {
    return {type: "refused", status: 0, text: ""};
  }
}"""
LOAD = """([tag, attribute, url]) => new Promise((resolve) => {
  const element = document.createElement(tag);
  element.onload = () => resolve("loaded");
  element.onerror = () => resolve("refused");
  element[attribute] = url;
  document.body.append(element);
})"""


@pytest.mark.parametrize("path", ["/", "/api/v1/services", "/api/v1/events", "/static/app.js"])
@pytest.mark.parametrize(
    "how", [{}, {"mode": "no-cors"}, {"credentials": "include"}, {"mode": "no-cors", "method": "HEAD"}]
)
def test_it_cannot_fetch(foreign: Page, dashboard: Dashboard, path: str, how: dict[str, Any]) -> None:
    got = foreign.evaluate(FETCH, [dashboard.at(path), how])
    assert (got["type"], got["text"]) == ("refused", "")


@pytest.mark.parametrize("path", ["/api/v1/services", "/api/v1/about", "/api/v1/events"])
def test_it_cannot_fetch_even_with_the_token(foreign: Page, dashboard: Dashboard, path: str) -> None:
    how = {"headers": {"Authorization": f"Bearer {dashboard.token}"}}
    assert foreign.evaluate(FETCH, [dashboard.at(path), how])["type"] == "refused"
    assert dashboard.ask("about")[0] == 200, "the token itself is good"


@pytest.mark.parametrize(
    ("tag", "attribute", "path"),
    [
        ("script", "src", "/api/v1/services"),
        ("script", "src", "/static/app.js"),
        ("img", "src", "/static/icon.svg"),
        ("video", "src", "/api/v1/events"),
    ],
)
def test_it_cannot_embed(foreign: Page, dashboard: Dashboard, tag: str, attribute: str, path: str) -> None:
    assert foreign.evaluate(LOAD, [tag, attribute, dashboard.at(path)]) == "refused"


def test_it_cannot_use_the_style_sheet(foreign: Page, dashboard: Dashboard) -> None:
    added = """(url) => new Promise((resolve) => {
      const link = Object.assign(document.createElement("link"), {rel: "stylesheet", href: url});
      link.onload = () => resolve("loaded");
      link.onerror = () => resolve("refused");
      document.head.append(link);
    })"""
    assert foreign.evaluate(added, dashboard.at("/static/app.css")) == "refused"


@pytest.mark.parametrize("tag", ["iframe", "embed", "object"])
def test_it_cannot_frame_the_page(foreign: Page, dashboard: Dashboard, tag: str) -> None:
    attribute, url = "data" if tag == "object" else "src", dashboard.at("/services")
    page = foreign.context.new_page()
    page.goto(foreign.url)
    with page.expect_event("requestfailed", lambda request: request.url == url) as refused:
        page.evaluate(
            """([tag, attribute, url]) => document.body.append(
              Object.assign(document.createElement(tag), {[attribute]: url}))""",
            [tag, attribute, url],
        )
    assert refused.value.failure == "net::ERR_BLOCKED_BY_RESPONSE"
    page.close()


def test_it_cannot_follow_the_events(foreign: Page, dashboard: Dashboard) -> None:
    followed = """(url) => new Promise((resolve) => {
      const source = new EventSource(url, {withCredentials: true});
      source.onopen = () => resolve("open");
      source.onerror = () => { source.close(); resolve("refused"); };
    })"""
    assert foreign.evaluate(followed, dashboard.at("/api/v1/events")) == "refused"


def test_it_cannot_reach_into_a_window_that_it_opens(foreign: Page, dashboard: Dashboard) -> None:
    with foreign.expect_popup() as opened:
        foreign.evaluate("(url) => { globalThis.other = window.open(url); }", dashboard.at("/services"))
    expect(opened.value.get_by_text("productpage").first).to_be_visible()
    assert foreign.evaluate("() => other.closed"), "it is cut off from the window"
    assert opened.value.evaluate("() => window.opener") is None
    reached = "() => { try { return String(other.document.body.innerText); } catch (error) { return error.name; } }"
    assert "productpage" not in foreign.evaluate(reached)


@pytest.mark.parametrize(
    "how",
    [
        {"method": "POST", "mode": "no-cors", "headers": {"Content-Type": "text/plain"}},
        {"method": "POST", "headers": {"Content-Type": "application/json"}},
        {"method": "PUT"},
        {"method": "DELETE"},
    ],
)
def test_it_cannot_write(foreign: Page, dashboard: Dashboard, mesh: ServedMesh, how: dict[str, Any]) -> None:
    before = stored(mesh)
    body = '{"action": "unexpose", "kind": "svc", "namespace": "bookinfo", "names": ["productpage"]}'
    got = foreign.evaluate(FETCH, [dashboard.at("/api/v1/plans"), {"body": body} | how])
    assert got["type"] == "refused"
    assert stored(mesh) == before


def test_its_forms_change_nothing(foreign: Page, dashboard: Dashboard, mesh: ServedMesh) -> None:
    before = stored(mesh)
    sent = """(url) => {
      const form = Object.assign(document.createElement("form"), {method: "post", action: url, enctype: "text/plain"});
      form.append(Object.assign(document.createElement("input"), {name: '{"action":"unexpose"', value: '}'}));
      document.body.append(form);
      form.submit();
    }"""
    with foreign.expect_navigation() as led:
        foreign.evaluate(sent, dashboard.at("/api/v1/plans"))
    assert led.value.status == 403
    assert stored(mesh) == before
    foreign.go_back()


@pytest.mark.parametrize("path", ["/", "/services", "/static/app.js", "/api/v1/services"])
def test_a_name_of_somebody_else_that_leads_here_is_refused(browser: Browser, dashboard: Dashboard, path: str) -> None:
    """DNS rebinding: to the browser it is one origin, which is the attacker's."""
    context = browser.new_context()
    page = context.new_page()
    answer = page.goto(f"http://evil.localtest:{dashboard.port}{path}")
    assert answer is not None
    assert answer.status == 421
    how = {"headers": {"Authorization": f"Bearer {dashboard.token}"}}
    got = page.evaluate(FETCH, ["/api/v1/services", how])
    assert got["status"] == 421
    assert "productpage" not in got["text"]
    context.close()


def test_a_link_from_elsewhere_opens_the_page_but_tells_the_other_site_nothing(
    foreign: Page, dashboard: Dashboard, site: Site
) -> None:
    foreign.evaluate(
        """(url) => document.body.append(Object.assign(document.createElement("a"), {href: url, text: "mesh"}))""",
        dashboard.at("/services"),
    )
    foreign.get_by_role("link", name="mesh").click()
    expect(foreign.get_by_text("productpage").first).to_be_visible()
    foreign.go_back()
    assert dashboard.token not in "".join(site.asked)


def test_the_site_itself_works(foreign: Page, site: Site) -> None:
    """The tests above would hold for a page that can do nothing at all."""
    assert foreign.evaluate(FETCH, [f"{site.origin}/x", {}])["status"] == 200
    with pytest.raises(Error):
        foreign.evaluate("() => { throw new Error('heard'); }")


def stored(mesh: ServedMesh) -> list[object]:
    """All Services, as they stand in the clusters."""
    return [mesh.call(lambda each=each: each.client().list("services")) for each in mesh.clusters.values()]
