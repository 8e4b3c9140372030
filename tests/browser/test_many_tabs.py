"""Fifty open tabs: a browser gives one host few connections, and clusters are followed once for all."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from dashboard_process import Dashboard
from looked_at import Looked
from playwright.sync_api import Page, expect
from served_mesh import ServedMesh
from shop_window import DISTRIBUTION, expose_bookinfo, mark

from meshglobal.sandbox.apiserver.faults import Fault

TABS = 50
PATHS = ("/services", "/services?view=clusters", "/clusters", "/findings", "/topology", "/services/bookinfo/reviews")
MOST_CONNECTIONS = 12
"""Six for what a page loads, and six for what its script asks without the browser's credentials."""
_ESTABLISHED = "01"

prepare = expose_bookinfo


def connections(dashboard: Dashboard) -> int:
    """How many connections to the dashboard are open."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    ends = [line.split() for line in lines]
    return sum(end[1].endswith(f":{dashboard.port:04X}") and end[3] == _ESTABLISHED for end in ends)


def expect_live(tabs: list[Page]) -> None:
    for tab in tabs:
        expect(tab.get_by_text("Live", exact=True)).to_be_attached()


def test_all_of_them_are_told_and_the_clusters_notice_nothing(
    look: Callable[..., Looked], mesh: ServedMesh, dashboard: Dashboard
) -> None:
    first = look("/services")
    expect(first.page.get_by_role("link", name="reviews.bookinfo.mesh.internal")).to_be_visible()
    expect_live([first.page])
    for cluster in mesh.clusters.values():
        # A fault that does nothing, and counts.
        mesh.call(lambda faults=cluster.faults: faults.set("counting", Fault()))
    began = time.monotonic()
    tabs = [first.page]
    for number in range(1, TABS):
        tabs.append(first.context.new_page())
        tabs[-1].goto(dashboard.at(PATHS[number % len(PATHS)]), wait_until="commit")
    expect_live(tabs)
    opened = time.monotonic() - began
    asked = {name: cluster.faults.struck("counting") for name, cluster in mesh.clusters.items()}
    assert connections(dashboard) <= MOST_CONNECTIONS
    # The page of a service asks for the pods of its namespace, now and then, for all tabs together. Watches of their
    # own would be ten for each tab.
    assert all(count < TABS for count in asked.values()), asked

    began = time.monotonic()
    mark(mesh, "cluster2", "reviews", annotations={DISTRIBUTION: "PreferRegion"})
    for number, tab in enumerate(tabs):
        if PATHS[number % len(PATHS)] in ("/services", "/services?view=clusters"):
            expect(tab.get_by_text("PreferRegion").first).to_be_attached()
    told = time.monotonic() - began
    tabs[0].bring_to_front()
    expect(tabs[0].get_by_role("cell").filter(has_text="PreferRegion")).to_have_count(1)
    print(f"{TABS} tabs opened in {opened:.1f} s, told in {told:.2f} s, the clusters asked {asked}")  # noqa: T201 - figures


def test_when_some_are_closed_the_others_stay_live(look: Callable[..., Looked], mesh: ServedMesh) -> None:
    first = look("/services")
    others = [first.another_tab("/services") for _ in range(8)]
    expect_live(others)
    first.page.close()
    for tab in others[1:]:
        tab.close()
    mark(mesh, "cluster1", "details", annotations={DISTRIBUTION: "PreferClose"})
    expect(others[0].get_by_role("cell").filter(has_text="PreferClose")).to_have_count(1)
