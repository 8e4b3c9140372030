"""The pictures of the documentation: each page shows what its picture is for, and is written where that is asked for.

With `MESHGLOBAL_SCREENSHOTS=FOLDER` they are written (`make screenshots`). Ages are days in them, so that they do not
differ from run to run.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from dashboard_process import Dashboard
from looked_at import Looked, expect_complete
from playwright.sync_api import Locator, Page, ViewportSize, expect
from served_mesh import ServedMesh
from shop_window import ENTRIES, ISTIO, whole_window

prepare = whole_window
Look = Callable[..., Looked]
FOLDER = os.environ.get("MESHGLOBAL_SCREENSHOTS", "")
WIDE, NARROW = ViewportSize(width=1300, height=620), ViewportSize(width=360, height=700)
HIGH = ViewportSize(width=1300, height=960)
PICTURES = {
    "services": ("/services", "no ServiceEntry in istio-system", {}),
    "services-dark": ("/services?sort=host", "no ServiceEntry in istio-system", {"color_scheme": "dark"}),
    "services-narrow": ("/services", "reviews.bookinfo.mesh.internal", {"viewport": NARROW}),
    "per-cluster": ("/services?view=clusters&group=cluster", "cluster3", {}),
    "service": ("/services/bookinfo/reviews", "broken at: entry", {"viewport": HIGH}),
    "clusters": ("/clusters", "5 linked", {}),
    "findings": ("/findings?level=error", "MG201", {}),
    "topology": ("/topology", "bookinfo/productpage", {}),
}


def write(page: Page | Locator, name: str) -> None:
    """Take the picture, if pictures are wanted."""
    if FOLDER:
        Path(FOLDER).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(FOLDER) / f"dashboard-{name}.png", animations="disabled", caret="hide")


def three_days_old(page: Page, mesh: ServedMesh) -> None:
    """Let the page think that everything was made three days ago."""
    entry = mesh.get("cluster1", ENTRIES, ISTIO, "autogen.bookinfo.reviews")
    made = datetime.fromisoformat(entry["metadata"]["creationTimestamp"])
    page.clock.set_fixed_time(made + timedelta(days=3, minutes=30))


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_shows(look: Look, mesh: ServedMesh, dashboard: Dashboard, name: str) -> None:
    path, text, profile = PICTURES[name]
    page = look(path, **{"viewport": WIDE, "reduced_motion": "reduce"} | profile).page
    three_days_old(page, mesh)
    page.goto(dashboard.at(path))
    expect_complete(page)
    expect(page.get_by_text("Live", exact=True)).to_be_attached()
    expect(page.get_by_text(text).locator("visible=true").first).to_be_in_viewport()
    if name.startswith("services") and name != "services-narrow":
        expect(page.get_by_role("cell", name="3d").first).to_be_visible()
    write(page, name)


def test_the_picture_shows_a_cluster_that_is_lost(look: Look, mesh: ServedMesh, dashboard: Dashboard) -> None:
    page = look("/services", viewport=WIDE).page
    three_days_old(page, mesh)
    page.goto(dashboard.at("/services"))
    listener = mesh.clusters["cluster3"].listener
    port = listener.port
    mesh.wait(listener.stop())
    try:
        coverage = page.get_by_text("1 of 3 clusters could not be read: cluster3")
        coverage.click()
        expect(page.get_by_role("listitem").filter(has_text="cluster3").first).to_contain_text("refused")
        expect(page.get_by_role("cell", name="cluster1 Ready, cluster2 Ready, cluster3 Unknown")).to_be_visible()
        write(page, "lost-cluster")
    finally:
        mesh.wait(listener.start(port))
    expect(page.get_by_text("could not be read")).to_have_count(0)
