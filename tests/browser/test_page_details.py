"""One service, clusters, findings and topology, as somebody sees and uses them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from looked_at import Looked, expect_complete
from playwright.sync_api import Locator, Page, expect
from served_mesh import ServedMesh
from shop_window import ENTRIES, HOST, ISTIO, remove, whole_window

prepare = whole_window
Look = Callable[..., Looked]
RESTART = "kubectl --context cluster2 -n istio-system rollout restart deployment -l app=istiod"
DELETE = "kubectl --context cluster2 -n istio-system delete serviceentry autogen.bookinfo.coupons"


def opened(look: Look, path: str) -> Page:
    page = look(path, permissions=["clipboard-read", "clipboard-write"]).page
    expect_complete(page)
    return page


def copied(page: Page, button: Locator) -> str:
    """What is in the clipboard after a click."""
    button.click()
    expect(page.get_by_text("Copied").first).to_be_visible()
    return str(page.evaluate("() => navigator.clipboard.readText()"))


def test_a_service_says_first_what_is_wrong_and_what_mends_it(look: Look) -> None:
    page = opened(look, "/services/bookinfo/reviews")
    cause = page.get_by_role("region", name="Cause")
    expect(cause).to_contain_text("cluster2: entry: no ServiceEntry in istio-system")
    assert copied(page, cause.get_by_role("button", name="Copy the command")) == RESTART
    copy_host = page.get_by_role("button", name=re.compile("^Copy the host"))
    assert copied(page, copy_host) == "reviews.bookinfo.mesh.internal"


def test_each_cluster_of_a_service_has_a_chain_up_to_the_broken_link(look: Look) -> None:
    page = opened(look, "/services/bookinfo/reviews")
    chains = page.locator("details").filter(has=page.get_by_text("reachable"))
    expect(chains).to_have_count(3)
    broken = chains.filter(has_text="broken at: entry")
    expect(broken).to_have_count(1)
    expect(broken).to_contain_text("cluster2")
    expect(broken).to_contain_text("Not looked at after that: ports")
    expect(chains.filter(has_text=re.compile("cluster3.*all ok", re.DOTALL))).to_have_count(1)


def test_a_service_shows_what_stands_in_each_cluster(look: Look) -> None:
    page = opened(look, "/services/bookinfo/reviews")
    table = page.get_by_role("table", name="Each cluster")
    for context, state in {"cluster1": "Ready", "cluster2": "Missing", "cluster3": "Ready"}.items():
        line = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=context))
        expect(line.get_by_role("cell").first).to_contain_text(state)
        expect(line.get_by_role("cell", name="3/3")).to_be_visible()
        expect(line.get_by_role("cell", name="9080/HTTP")).to_be_visible()


def test_objects_of_a_service_can_be_read_as_yaml_by_keys_and_copied(look: Look) -> None:
    page = opened(look, "/services/bookinfo/productpage")
    first = page.get_by_role("tab", name=re.compile("^ServiceEntry"))
    expect(page.get_by_role("tabpanel")).to_contain_text(HOST)
    first.focus()
    page.keyboard.press("ArrowRight")
    service = page.get_by_role("tab", name=re.compile("^Service 3"))
    expect(service).to_be_focused()
    page.keyboard.press("Enter")
    expect(service).to_have_attribute("aria-selected", "true")
    panel = page.get_by_role("tabpanel")
    panel.get_by_role("combobox").select_option(index=1)
    text = copied(page, panel.get_by_role("button", name=re.compile("^Copy Service of cluster2")))
    for line in ("kind: Service", "solo.io/service-takeover: 'true'", "networking.istio.io/traffic-distribution: Any"):
        assert line in text


def test_a_service_tells_which_routes_name_its_host(look: Look) -> None:
    page = opened(look, "/services/bookinfo/productpage")
    expect(page.get_by_text("bookinfo/front")).to_be_visible()
    expect(page.get_by_text(HOST).first).to_be_visible()


def test_a_service_tells_what_changed_since_the_start(look: Look, mesh: ServedMesh) -> None:
    page = opened(look, "/services/bookinfo/productpage")
    expect(page.get_by_text("Nothing has changed since the program was started")).to_be_visible()
    place = (ISTIO, "autogen.bookinfo.productpage")
    client = mesh.clusters["cluster3"].client("somebody")
    entry = mesh.get("cluster3", ENTRIES, *place)
    remove(mesh, "cluster3", ENTRIES, place)
    line = page.get_by_role("table", name="Each cluster").get_by_role("row").filter(has_text="cluster3").last
    expect(line).to_contain_text("Missing")
    kept = {"metadata": {key: entry["metadata"][key] for key in ("name", "namespace", "labels")}, "spec": entry["spec"]}
    mesh.call(lambda: client.create(ENTRIES, kept))
    expect(line).to_contain_text("Ready")
    expect(page.get_by_text("Nothing has changed since")).to_have_count(0)
    changes = page.get_by_role("listitem").filter(has_text="cluster3").filter(has_text="Missing")
    expect(changes).to_have_count(2)


def test_who_asks_for_a_service_that_is_not_there_is_told_so(look: Look) -> None:
    page = look("/services/bookinfo/nobody", expected=("status of 404",)).page
    expect_complete(page)
    expect(page.get_by_text("No service bookinfo/nobody was found in the clusters that were read")).to_be_visible()


def test_clusters_are_listed_with_what_was_read_of_them(look: Look) -> None:
    page = opened(look, "/clusters")
    for number in (1, 2, 3):
        line = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=f"cluster{number}")).first
        expect(line.get_by_role("cell", name="read", exact=True)).to_be_visible()
        expect(line.get_by_role("cell", name=re.compile(r"^1\.\d+"))).to_be_visible()
    page.get_by_role("link", name=re.compile("about cluster2")).first.click()
    expect(page).to_have_url(re.compile(r"/findings\?cluster=cluster2$"))


def test_the_peering_matrix_says_who_is_linked_with_whom_in_which_direction(look: Look) -> None:
    page = opened(look, "/clusters")
    matrix = page.get_by_role("table", name="What each cluster (row) says about each peer (column)")
    rows = matrix.get_by_role("row")
    expect(rows).to_have_count(4)
    expect(page.get_by_text("5 linked")).to_be_visible()
    for place, name in enumerate(("cluster1", "cluster2", "cluster3"), 1):
        expect(rows.nth(place).get_by_role("rowheader")).to_have_accessible_name(name)
        expect(rows.nth(0).get_by_role("columnheader").nth(place - 1)).to_have_accessible_name(name)
        expect(rows.nth(place).get_by_role("cell").nth(place - 1)).to_have_accessible_name("itself")
    said = {
        (row, column): rows.nth(row).get_by_role("cell").nth(column - 1).inner_text()
        for row in (1, 2, 3)
        for column in (1, 2, 3)
        if row != column
    }
    linked = {pair for pair, word in said.items() if re.search(r"(?<!not )linked", word)}
    assert linked == set(said) - {(1, 3)}, said


def test_the_matrix_can_show_only_who_is_not_linked_with_all(look: Look) -> None:
    page = opened(look, "/clusters")
    page.get_by_role("combobox", name="Clusters").select_option("not linked with all")
    rows = page.get_by_role("table", name=re.compile("^What each cluster")).get_by_role("rowheader")
    expect(rows.first).to_have_accessible_name("cluster1")
    tab = page.context.new_page()
    tab.goto(page.url)
    expect(tab.get_by_role("combobox", name="Clusters")).to_have_value(
        page.get_by_role("combobox", name="Clusters").input_value()
    )


def test_findings_are_by_severity_with_evidence_explanation_and_remedy(look: Look) -> None:
    page = opened(look, "/findings")
    headings = page.get_by_role("heading", level=2).all_inner_texts()
    assert [re.sub(r"[^a-z]", "", one).rstrip("s") for one in headings] == ["error", "warning"]
    stale = page.get_by_role("region", name=re.compile("^MG206"))
    expect(stale).to_contain_text("no selected cluster publishes it")
    expect(stale.get_by_role("table")).to_contain_text("coupons.bookinfo.mesh.internal")
    assert copied(page, stale.get_by_role("button", name=re.compile("^Copy"))) == DELETE
    expect(stale.get_by_text("MG206", exact=False).first).to_be_visible()
    stale.get_by_text("What MG206 means").click()
    expect(stale.get_by_text("What mends it:")).to_be_visible()
    expect(stale.get_by_text("rests on R31")).to_be_visible()


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("level=warning", {"MG207"}),
        ("code=MG202", {"MG202"}),
        ("q=coupons", {"MG206"}),
    ],
)
def test_findings_can_be_filtered_by_address(look: Look, query: str, codes: set[str]) -> None:
    page = opened(look, f"/findings?{query}")
    shown = page.get_by_role("region", name=re.compile(r"^MG\d"))
    expect(shown.filter(has_text=min(codes)).first).to_be_visible()
    assert {one[:5] for one in shown.get_by_role("heading", level=3).all_inner_texts()} >= codes
    every = opened(look, "/findings").get_by_role("region", name=re.compile(r"^MG\d"))
    expect(every.first).to_be_visible()
    assert shown.count() < every.count()


def test_the_topology_is_a_picture_and_the_same_as_a_table(look: Look) -> None:
    page = opened(look, "/topology")
    expect(page.get_by_role("link", name=re.compile("^bookinfo.reviews: 1 Missing, 2 Ready"))).to_be_visible()
    page.get_by_text("The same as a table").click()
    table = page.get_by_role("table")
    expect(table).to_be_visible()
    missing = table.get_by_role("row").filter(has_text="reviews").filter(has_text="cluster2")
    expect(missing.first).to_contain_text("Missing")


def test_the_topology_leads_to_services_and_looks_from_clusters(look: Look) -> None:
    page = opened(look, "/topology")
    page.get_by_role("link", name=re.compile("^cluster2, network cluster2")).click()
    expect(page).to_have_url(re.compile("from=cluster2"))
    expect(page.get_by_role("combobox", name="Requests from")).to_have_value("cluster2")
    page.get_by_role("combobox", name="Requests from").select_option("each cluster")
    page.get_by_role("link", name=re.compile("^bookinfo.ratings")).click()
    expect(page).to_have_url(re.compile("/services/bookinfo/ratings$"))


def test_an_address_without_a_page_says_so_and_leads_on(look: Look) -> None:
    page = look("/servces", expected=("status of 404",)).page
    expect(page.get_by_text("There is no page at this address")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Global services").click()
    expect(page.get_by_role("heading", name="Global services")).to_be_visible()
