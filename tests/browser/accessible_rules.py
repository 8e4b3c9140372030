"""axe-core: the rules that can be checked of WCAG 2.2, A and AA, and what is taken for good practice."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

_RUN = """async () => {
  const {violations} = await axe.run(document, {resultTypes: ["violations"]});
  return violations.map(({id, help, nodes}) => ({id, help, nodes: nodes.map(({target, failureSummary}) =>
    `${target}: ${failureSummary}`)}));
}"""


@cache
def _script() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text()


def broken_rules(page: Page) -> list[str]:
    """Which rules the page breaks as it stands, and where.

    The script is evaluated by the debugger: the page's own policy is not loosened for it.
    """
    page.evaluate(_script())
    found: list[dict[str, Any]] = page.evaluate(_RUN)
    return [f"{one['id']} ({one['help']}): {node}" for one in found for node in one["nodes"]]
