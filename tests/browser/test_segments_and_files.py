"""Clusters in segments, and the same from a bundle, which is not live."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from dashboard_process import PROGRAM, dashboard_process
from looked_at import Looked
from playwright.sync_api import Browser, Page, expect
from served_mesh import ServedMesh, environment
from shop_window import SCOPE, kubectl, mark, settle

MESH = {"clusters": 4, "scenario": "httpbin-segments"}
SEGMENTS = {"cluster1": "dev", "cluster2": "dev", "cluster3": "prod", "cluster4": "prod"}
Look = Callable[..., Looked]


def prepare(mesh: ServedMesh) -> None:
    for context, segment in SEGMENTS.items():
        kubectl(mesh, "label", "namespace", "istio-system", "--context", context, f"admin.solo.io/segment={segment}")
        mark(mesh, context, "in-ambient", {SCOPE: "segment"}, namespace="httpbin")
    settle(mesh)


def hosts(page: Page) -> set[str]:
    return set(page.locator("tbody a").all_inner_texts())


def test_each_segment_has_a_host_of_its_own(look: Look) -> None:
    page = look("/services?view=clusters&q=in-ambient").page
    expect(page.locator("tbody a")).to_have_count(4)
    assert hosts(page) == {"in-ambient.httpbin.dev.mesh", "in-ambient.httpbin.prod.mesh"}


@pytest.mark.parametrize("segment", ["dev", "prod"])
def test_rows_can_be_filtered_and_grouped_by_segment(look: Look, segment: str) -> None:
    page = look("/services?view=clusters&group=segment").page
    groups = page.get_by_role("rowheader")
    expect(groups).to_have_count(2)
    expect(groups.filter(has_text=segment)).to_have_count(1)
    page.get_by_role("combobox", name="Segment", exact=True).select_option(segment)
    expect(groups).to_have_count(1)
    contexts = {text.split()[0] for text in page.locator("tbody [data-label=Cluster]").all_inner_texts()}
    assert contexts == {context for context, name in SEGMENTS.items() if name == segment}


def test_the_topology_puts_clusters_of_a_segment_together(look: Look) -> None:
    page = look("/topology").page
    links = page.locator("a[aria-label^=cluster]")
    expect(links).to_have_count(4)
    tops = [float(link.bounding_box()["y"]) for link in links.all()]  # type: ignore[index]  # it is drawn
    assert sorted(range(4), key=tops.__getitem__) in ([0, 1, 2, 3], [2, 3, 0, 1])


def test_a_bundle_shows_the_same_and_says_that_it_is_not_live(
    look: Look, browser: Browser, mesh: ServedMesh, tmp_path: Path
) -> None:
    live = look("/services?view=clusters").page
    expect(live.get_by_text("Live", exact=True)).to_be_attached()
    expect(live.locator("tbody a").first).to_be_visible()
    bundle = tmp_path / "bundle.tar.gz"
    words = [PROGRAM, "collect", "-A", "--all-contexts", "--out", bundle]
    subprocess.run(words, env=environment(mesh.kubeconfig), check=True, capture_output=True, timeout=60)
    with dashboard_process({"PATH": "/usr/bin"}, tmp_path, "--from", str(bundle)) as running:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{running.at('/services?view=clusters')}#token={running.token}")
        expect(page.get_by_text("From files, not live.")).to_be_visible()
        expect(page.get_by_text("Live", exact=True)).to_have_count(0)
        expect(page.locator("tbody a")).to_have_count(live.locator("tbody a").count())
        assert hosts(page) == hosts(live)
        context.close()
