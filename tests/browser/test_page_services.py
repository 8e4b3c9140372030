"""The Global services page, as somebody sees and uses it."""

from __future__ import annotations

from collections.abc import Callable

from looked_at import Looked
from playwright.sync_api import expect


def test_try(look: Callable[..., Looked]) -> None:
    page = look("/").page
    expect(page.get_by_role("heading", level=1)).to_have_text("Global services")
