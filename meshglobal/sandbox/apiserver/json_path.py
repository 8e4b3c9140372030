"""The part of JSONPath that printer columns use: fields, indexes, `[*]` and filters by one field's value."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_STEP = re.compile(
    r"""\.(?P<field>[\w-]+(?:\\\.[\w-]+)*)|\[(?P<index>\d+)\]|\[(?P<all>\*)\]|\['(?P<quoted>[^']+)'\]"""
    r"""|\[\?\(@\.(?P<key>[\w.-]+)\s*==\s*["'](?P<value>[^"']*)["']\)\]"""
)


def find(path: str, value: Any) -> list[Any]:
    """All values that a path leads to; none where a part is missing."""
    found = [value]
    for step in _steps(path):
        found = [inner for each in found for inner in _follow(step, each)]
    return found


@cache
def _steps(path: str) -> tuple[dict[str, str], ...]:
    return tuple({key: text for key, text in match.groupdict().items() if text} for match in _STEP.finditer(path))


def _follow(step: dict[str, str], value: Any) -> list[Any]:
    if isinstance(value, dict):
        name = step.get("quoted") or step.get("field", "").replace("\\.", ".")
        return [value[name]] if name in value else []
    if not isinstance(value, list):
        return []
    if "all" in step:
        return value
    if "index" in step:
        return value[int(step["index"]) :][:1]
    return [
        each for each in value if "key" in step and isinstance(each, dict) and each.get(step["key"]) == step["value"]
    ]
