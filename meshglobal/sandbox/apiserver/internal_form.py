"""Differences between pods as the API server's refusals show them: lines of its internal types, not of the JSON.

Whoever may not change something sees there what would have changed.
"""

from __future__ import annotations

import difflib
import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshglobal.sandbox.apiserver.objects import JSON

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ACRONYM = re.compile(r"^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+$|^[A-Z]")


@cache
def _forms() -> Mapping[str, Mapping[str, Any]]:
    text = files("meshglobal.sandbox.apiserver").joinpath("data/internal_forms.yaml").read_text("utf-8")
    forms: Mapping[str, Mapping[str, Any]] = yaml.load(text, Loader=_LOADER)  # noqa: S506 - one of the two safe loaders
    return forms


def difference(old: JSON, new: JSON, type_name: str) -> str:
    """Return the changed lines of two values of an internal type with three lines around, each hunk with its place."""
    before, after = _lines(old, type_name), _lines(new, type_name)
    lines = difflib.unified_diff(before, after, lineterm="")
    hunks = "\n".join(line for line in lines if not line.startswith(("---", "+++")))
    return f"{hunks}\n" if hunks else ""


def _lines(value: JSON, type_name: str) -> list[str]:
    return json.dumps(_inside(value, type_name), indent=1).splitlines()


def _inside(value: JSON, type_name: str) -> JSON:
    """Return a value of the JSON as the internal type holds it, all fields there."""
    found: JSON = {}
    for name, unset in _forms()[type_name].items():
        held = value.get(_json_name(name))
        if isinstance(unset, list):
            unset, inner, *shape = unset  # noqa: PLW2901 - what is unset stands first where the parts are known
            found[name] = _parts(unset if held is None else held, inner, is_list=bool(shape))
        else:
            found[name] = unset if held is None else held
    return found


def _parts(value: Any, type_name: str, *, is_list: bool) -> Any:
    if value is None:
        return None
    return [_inside(each, type_name) for each in value] if is_list else _inside(value, type_name)


def _json_name(name: str) -> str:
    """Return a field's name in JSON: `DNSPolicy` is `dnsPolicy`."""
    return _ACRONYM.sub(lambda found: found[0].lower(), name)
