"""What GitLab makes of a component: inputs are checked, then pasted into the text, which is read as YAML after that."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

_BLOCK = re.compile(r"\$\[\[\s*inputs\.([\w-]+)\s*\]\]")
_TYPES = {"string": str, "array": list}


class RefusedError(Exception):
    """An input that GitLab does not take."""


def header_and_body(file: Path) -> tuple[dict[str, Any], str]:
    """The specification, and the text that follows it."""
    header, _, body = file.read_text(encoding="utf-8").partition("\n---\n")
    return yaml.safe_load(header), body


def filled_in(file: Path, given: dict[str, Any]) -> dict[str, Any]:
    """The configuration with these inputs.

    Raises:
        RefusedError: an input that is unknown, of another type, none of its options, or does not fit its pattern.
    """
    header, body = header_and_body(file)
    known = header["spec"]["inputs"]
    if unknown := given.keys() - known.keys():
        raise RefusedError(f"unknown inputs: {unknown}")
    values = {name: _checked(name, one, given.get(name, one["default"])) for name, one in known.items()}
    text = _BLOCK.sub(lambda found: _pasted(values[found[1]]), body)
    assert "$[[" not in text
    configuration: dict[str, Any] = yaml.safe_load(text)
    return configuration


def _checked(name: str, known: dict[str, Any], value: Any) -> Any:
    if not isinstance(value, _TYPES[known.get("type", "string")]):
        raise RefusedError(f"{name}: wrong type")
    if "options" in known and value not in known["options"]:
        raise RefusedError(f"{name}: none of the options")
    # As RE2 reads it: $ is the very end of the text.
    if "regex" in known and not re.search(re.sub(r"\$$", r"\\Z", known["regex"]), value):
        raise RefusedError(f"{name}: does not fit")
    return value


def _pasted(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
