"""A page that is looked at, and everything that it should not have done meanwhile."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from dashboard_process import PATIENCE, Dashboard
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

_TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy: ${event.effectiveDirective} forbids ${event.blockedURI} ${event.sample}`);
});
"""
_READING = re.compile(r"^Reading .* …$")
_LOST = "net::ERR_"  # what Chromium says of connections that end: a stopped program is no fault of the page


@dataclass
class Looked:
    """A page in a profile of its own, and what it asked for and complained about."""

    context: BrowserContext
    page: Page
    dashboard: Dashboard
    expected: tuple[str, ...] = ()
    complaints: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, browser: Browser, dashboard: Dashboard, path: str, profile: dict[str, Any]) -> Looked:
        """Open the address that was printed, with another path where one is named.

        ``expected`` in the profile: texts of errors that Chromium logs by itself, as for an answer of 404.
        """
        expected = profile.pop("expected", ())
        context = browser.new_context(**profile)
        context.set_default_timeout(PATIENCE * 1000)
        context.add_init_script(_TELL_VIOLATIONS)
        looked = cls(context, context.new_page(), dashboard, expected)
        looked.watch(looked.page)
        looked.page.goto(f"{dashboard.at(path)}#token={dashboard.token}")
        return looked

    def another_tab(self, path: str) -> Page:
        """A further tab of the same browser, which knows the token already."""
        page = self.context.new_page()
        self.watch(page)
        page.goto(self.dashboard.at(path))
        return page

    def watch(self, page: Page) -> None:
        """Note what the page does."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("request", self._see)

    def _hear(self, said: ConsoleMessage) -> None:
        is_expected = any(text in said.text for text in (_LOST, *self.expected))
        if said.type in ("error", "warning") and not is_expected:
            self.complaints.append(f"{said.type}: {said.text}")

    def _see(self, request: Request) -> None:
        self.urls.append(request.url)

    @property
    def foreign_urls(self) -> list[str]:
        """What was asked of others than the dashboard. Data that stands in the address itself goes nowhere."""
        ours = ("data", "blob")
        return [
            url
            for url in self.urls
            if urlsplit(url).scheme not in ours and not url.startswith(f"{self.dashboard.origin}/")
        ]

    def assert_well_behaved(self) -> None:
        """No error, no broken policy, nobody else asked, and the token in no address that was asked for."""
        assert not self.complaints, self.complaints
        assert not self.foreign_urls, self.foreign_urls
        sent = [url for url in self.urls if self.dashboard.token in urlsplit(url)._replace(fragment="").geturl()]
        assert not sent, sent


def expect_complete(page: Page) -> None:
    """Wait until the page has everything that it asked for, and the program all that it follows."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text(_READING)).to_have_count(0)
    expect(page.get_by_text("Not everything has been read yet")).to_have_count(0)
