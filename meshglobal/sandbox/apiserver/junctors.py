"""`allOf`, `anyOf`, `oneOf` and `not` in the schema of a CustomResourceDefinition.

In a structural schema they only add limits to a value whose type is stated elsewhere: which fields must be there
together or apart, which values are allowed. What they say is asked of the decoded JSON as it stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver.problems import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WORDS = ("allOf", "anyOf", "oneOf", "not")
_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}


def check(stated: Mapping[str, Any], value: Any, path: str) -> Iterator[Cause]:
    """What is wrong with a value by the junctors of its schema, worded as the API server does."""
    for each in stated.get("allOf", ()):
        if not _fits(each, value):
            yield _broken(path, "must validate all the schemas (allOf)")
            break
    if "anyOf" in stated and not any(_fits(each, value) for each in stated["anyOf"]):
        yield _broken(path, "must validate at least one schema (anyOf)")
    if "oneOf" in stated and (count := sum(_fits(each, value) for each in stated["oneOf"])) != 1:
        yield not_one(path, count)
    if "not" in stated and _fits(stated["not"], value):
        yield _broken(path, "must not validate the schema (not)")


def not_one(path: str, count: int) -> Cause:
    """One of several forms is asked for, and the value has none of them or more than one."""
    found = f"Found {count} valid alternatives" if count else "Found none valid"
    return _broken(path, f"must validate one and only one schema (oneOf). {found}")


def _broken(path: str, why: str) -> Cause:
    return Cause("FieldValueInvalid", path, f'Invalid value: "{path}" {why}')


def _fits(node: Mapping[str, Any], value: Any) -> bool:
    """Whether a value has what a schema asks for; what the schema does not name is free."""
    wanted = _TYPES.get(node.get("type", ""))
    if wanted is not None and (not isinstance(value, wanted) or (wanted is int and isinstance(value, bool))):
        return False
    if "enum" in node and value not in node["enum"]:
        return False
    return _fits_limits(node, value) and _fits_parts(node, value) and next(check(node, value, ""), None) is None


def _fits_limits(node: Mapping[str, Any], value: Any) -> bool:
    if isinstance(value, str):
        is_found = "pattern" not in node or re.search(node["pattern"], value) is not None
        return is_found and node.get("minLength", 0) <= len(value) <= node.get("maxLength", len(value))
    if isinstance(value, list):
        return bool(node.get("minItems", 0) <= len(value) <= node.get("maxItems", len(value)))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(node.get("minimum", value) <= value <= node.get("maximum", value))
    return True


def _fits_parts(node: Mapping[str, Any], value: Any) -> bool:
    if isinstance(value, dict):
        fields = node.get("properties", {})
        has_all = all(name in value for name in node.get("required", ()))
        return has_all and all(_fits(fields[name], part) for name, part in value.items() if name in fields)
    if isinstance(value, list) and "items" in node:
        return all(_fits(node["items"], item) for item in value)
    return True
