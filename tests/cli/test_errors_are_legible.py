"""What stands in files and is quoted by an error does not steer the terminal that shows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ran import Meshglobal


@pytest.mark.parametrize("trick", ["\x1b[2J", "\u202e", "\r"])
def test_a_name_that_would_steer_a_terminal_is_shown_without_effect(
    trick: str, meshglobal: Meshglobal, tmp_path: Path
) -> None:
    path = tmp_path / "east.json"
    path.write_text(json.dumps({"kind": "Service", "apiVersion": "v1", "metadata": {"name": f"we{trick}b"}}))
    ran = meshglobal("verify", "-A", "--from", str(path))
    assert ran.code == 3
    assert ran.err.startswith("error: ")
    assert "no name of an object" in ran.err
    assert trick not in ran.err
