"""Changes with real clicks: what the page says is what kubectl sees afterwards."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from accessible_rules import broken_rules
from dashboard_process import Dashboard, dashboard_process
from looked_at import Looked
from playwright.sync_api import Locator, Page, ViewportSize, expect
from served_mesh import ServedMesh, environment
from shop_window import SCOPE, kubectl, mark, settle
from test_screenshots import write

Look = Callable[..., Looked]
DETAILS = "/services/bookinfo/details"
NARROW = ViewportSize(width=360, height=740)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def dashboard(mesh: ServedMesh, state: Path) -> Iterator[Dashboard]:
    """One that may write, with a journal of its own; cluster3 is protected."""
    around = environment(mesh.kubeconfig) | {"XDG_STATE_HOME": str(state)}
    config = Path(around["XDG_CONFIG_HOME"]) / "meshglobal"
    config.mkdir(parents=True)
    (config / "config.yaml").write_text("protected-contexts: [cluster3]\n")
    with dashboard_process(around, state, "--all-contexts", "--allow-writes") as running:
        running.until_read()
        yield running


@pytest.fixture(autouse=True)
def as_before(mesh: ServedMesh) -> None:
    """Of the four services only productpage is global."""
    for context in mesh.clusters:
        mark(mesh, context, "productpage", {SCOPE: "global"})
        mark(mesh, context, "details", {SCOPE: None})
    settle(mesh)


def scope(mesh: ServedMesh, context: str, service: str = "details") -> str:
    path = f"-ojsonpath={{.metadata.labels.{SCOPE.replace('.', chr(92) + '.')}}}"
    return kubectl(mesh, "--context", context, "-n", "bookinfo", "get", "service", service, path)


def opened(look: Look, path: str = "/services", **profile: object) -> tuple[Page, Locator]:
    """A page, and its dialog, opened by the button that the page has for it."""
    page = look(path, **profile).page
    page.get_by_role("button", name=re.compile("^Expose…" if path == "/services" else "^Change…")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return page, dialog


def planned(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Show the plan").click()
    expect(dialog.get_by_role("heading", level=2)).to_contain_text("this would be changed")


def test_a_service_is_exposed_and_taken_back_by_clicks(look: Look, mesh: ServedMesh, state: Path) -> None:
    page, dialog = opened(look, viewport=ViewportSize(width=1300, height=720))
    dialog.get_by_label("Namespace", exact=True).last.fill("bookinfo")
    dialog.get_by_label("Service", exact=True).last.fill("details")
    dialog.get_by_label("cluster3").uncheck()
    planned(dialog)
    expect(dialog).to_contain_text("bookinfo/details turns global: cluster1, cluster2")
    expect(dialog).to_contain_text(f"labels: {SCOPE}=global")
    expect(dialog).to_contain_text("meshglobal expose svc details -n bookinfo --context cluster1,cluster2")
    write(dialog, "change")
    assert scope(mesh, "cluster1") == ""
    dialog.get_by_role("button", name="Change 2 objects in 2 clusters").click()
    expect(dialog).to_contain_text("Written: 2 objects. All is as it must be.")
    assert [scope(mesh, one) for one in mesh.clusters] == ["global", "global", ""]
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("row").filter(has_text="details").get_by_role("button", name="Change… bookinfo/details").click()
    dialog.get_by_label("Take back").check()
    dialog.get_by_label("cluster3").uncheck()
    planned(dialog)
    expect(dialog).to_contain_text("details.bookinfo.mesh.internal is no longer published by any selected cluster")
    dialog.get_by_role("button", name="Change 2 objects in 2 clusters").click()
    expect(dialog).to_contain_text("Written: 2 objects. All is as it must be.")
    assert [scope(mesh, one) for one in mesh.clusters] == ["", "", ""]
    dialog.get_by_role("link", name="All changes").click()
    expect(dialog).to_be_hidden()
    assert_listed(page)
    page.get_by_role("link", name="Services", exact=True).click()
    expect(page.get_by_role("button", name="Change… bookinfo/productpage")).to_be_visible()
    assert broken_rules(page) == []
    lines = (state / "meshglobal" / "writes.jsonl").read_text().splitlines()
    assert [json.loads(line)["stage"] for line in lines[-4:]] == ["begun", "ended"] * 2


def assert_listed(page: Page) -> None:
    """Both changes stand on the page of changes, the newest first."""
    newest = page.locator("ol > li").first
    expect(newest).to_contain_text("Written")
    newest.locator("summary").click()
    expect(newest).to_contain_text("meshglobal unexpose svc details -n bookinfo --context cluster1,cluster2")
    expect(newest).to_contain_text(f"labels: {SCOPE}=global")
    assert broken_rules(page) == []
    page.set_viewport_size(NARROW)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= NARROW["width"]


def test_of_a_protected_cluster_the_name_is_typed(look: Look, mesh: ServedMesh) -> None:
    _, dialog = opened(look, "/services/bookinfo/productpage")
    dialog.get_by_label("Take back").check()
    for name in ("cluster1", "cluster2"):
        dialog.get_by_label(name).uncheck()
    planned(dialog)
    agree = dialog.get_by_role("button", name="Change 1 object in 1 cluster")
    field = dialog.get_by_label("Type cluster3 to agree")
    field.fill("cluster")
    expect(agree).to_have_attribute("aria-disabled", "true")
    field.press("Enter")
    assert scope(mesh, "cluster3", "productpage") == "global"
    field.fill("cluster3")
    field.press("Enter")
    expect(dialog).to_contain_text("Written: 1 object.")
    assert scope(mesh, "cluster3", "productpage") == ""


def test_what_kubectl_wrote_meanwhile_is_left_alone(look: Look, mesh: ServedMesh) -> None:
    page, dialog = opened(look, "/services/bookinfo/productpage", expected=("status of 409",))
    dialog.get_by_label("Takeover of the cluster-local name").select_option("on")
    dialog.get_by_label("cluster3").uncheck()
    planned(dialog)
    word = "solo.io/service-takeover=perhaps"
    kubectl(mesh, "--context", "cluster1", "-n", "bookinfo", "label", "service", "productpage", word)
    dialog.get_by_role("button", name="Change 2 objects in 2 clusters").click()
    expect(dialog.get_by_role("alert")).to_contain_text('is now "perhaps"')
    assert broken_rules(page) == []
    dialog.get_by_role("button", name="Done").click()
    mark(mesh, "cluster1", "productpage", {"solo.io/service-takeover": None})


def test_each_step_is_for_everybody_on_a_telephone_too(look: Look) -> None:
    page, dialog = opened(look, DETAILS)
    for step in ("choose", "plan"):
        for size, scheme in ((NARROW, "light"), (ViewportSize(width=1280, height=800), "dark")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            assert broken_rules(page) == [], (step, size)
            width = dialog.evaluate("one => [one.scrollWidth - one.clientWidth, one.getBoundingClientRect().width]")
            assert width[0] <= 0, (step, size, "it scrolls sideways")
            assert width[1] <= size["width"]
        if step == "choose":
            planned(dialog)


_IS_FOCUS_INSIDE = """() => {
  const {activeElement, body} = document;
  return activeElement === body || document.querySelector("dialog[open]").contains(activeElement);
}"""


def test_by_keys_alone(look: Look, mesh: ServedMesh) -> None:
    page = look(DETAILS).page
    button = page.get_by_role("button", name="Change… bookinfo/details")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate(_IS_FOCUS_INSIDE), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile("details$"))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    assert scope(mesh, "cluster1") == ""
