"""Golden files: what the program prints, kept on disk. ``UPDATE_GOLDEN=1 pytest tests/render`` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

_PLACE = Path(__file__).parent / "golden"


def assert_golden(name: str, text: str) -> None:
    """Compare with the golden file, or write it when asked to."""
    path = _PLACE / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{path} differs; look, then UPDATE_GOLDEN=1"
