"""A mesh, the dashboard over it, and a headless Chromium that looks at it.

A test asks for `look`, opens pages with it, and gets them closed and held to good behaviour at its end. A file that
needs another mesh or other options says so by names of its own, which the fixtures read: `MESH`, `prepare`,
`OPTIONS`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from dashboard_process import PATIENCE, Dashboard, dashboard_process
from served_mesh import ServedMesh, environment, served_mesh

if TYPE_CHECKING:
    from looked_at import Looked
    from playwright.sync_api import Browser

CHROMIUM = Path(os.environ.get("MESHGLOBAL_CHROMIUM", "/usr/bin/chromium"))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Each file is one group: it has a browser of its own, and its tests run one after the other."""
    item.add_marker("browser")
    item.add_marker(pytest.mark.xdist_group(f"browser-{item.path.stem}"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium. It lasts for a file: as long as it lives, this thread has a running event loop."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE * 1000)
    assert CHROMIUM.exists(), (
        f"{CHROMIUM} is missing: run tools/install_chromium.sh, or name one in MESHGLOBAL_CHROMIUM"
    )
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield running
        running.close()


FLAGS = (
    "--no-sandbox",  # containers rarely allow the namespaces that it wants
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=AutofillServerCommunication",  # it would ask its maker about each form
    # A name of somebody else's that leads here: the tests of DNS rebinding use it.
    "--host-resolver-rules=MAP evil.localtest 127.0.0.1",
)


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[ServedMesh]:
    """Bookinfo in three clusters; a file that wants another says so: `MESH = {"clusters": 4, "scenario": "..."}`."""
    wanted: dict[str, Any] = {"clusters": 3} | getattr(request.module, "MESH", {})
    with served_mesh(tmp_path_factory.mktemp("mesh"), **wanted) as running:
        prepare: Callable[[ServedMesh], None] | None = getattr(request.module, "prepare", None)
        if prepare is not None:
            prepare(running)
        yield running


@pytest.fixture(scope="module")
def dashboard(
    mesh: ServedMesh, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Dashboard]:
    """The dashboard over it, as a user starts it, when it has read all clusters.

    A file may name options: `OPTIONS = ("--allow-writes",)`.
    """
    options: tuple[str, ...] = getattr(request.module, "OPTIONS", ())
    folder = tmp_path_factory.mktemp("dashboard")
    with dashboard_process(environment(mesh.kubeconfig), folder, "--all-contexts", *options) as running:
        running.until_read()
        yield running


@pytest.fixture
def look(browser: Browser, dashboard: Dashboard) -> Iterator[Callable[..., Looked]]:
    """Opens a page of the dashboard in a fresh profile: `look("/clusters", color_scheme="dark")`.

    At the end no page may have logged an error, broken the policy, or asked another host.
    """
    from looked_at import Looked

    opened: list[Looked] = []

    def open_page(path: str = "/", **profile: Any) -> Looked:
        opened.append(Looked.open(browser, dashboard, path, profile))
        return opened[-1]

    yield open_page
    for each in opened:
        each.context.close()
    for each in opened:
        each.assert_well_behaved()
