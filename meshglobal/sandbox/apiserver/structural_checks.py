"""Checking an object of a custom kind against its schema: types, limits, required fields, list keys, rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from meshglobal.sandbox.apiserver import causes, junctors, rules
from meshglobal.sandbox.apiserver.problems import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshglobal.sandbox.apiserver.schema import Schema

_TYPES: Final = {
    "object": (dict, "object"),
    "map": (dict, "object"),
    "list": (list, "array"),
    "string": (str, "string"),
    "integer": (int, "integer"),
    "number": (int | float, "number"),
    "boolean": (bool, "boolean"),
    "int-or-string": (int | str, "integer,string"),
}
_JSON_WORDS = {bool: "boolean", str: "string", int: "integer", float: "number", list: "array", dict: "object"}
_BLOCKING = {"FieldValueNotSupported", "FieldValueRequired", "FieldValueTooLong", "FieldValueTooMany"}
_NOT_CHECKED = (
    "some validation rules were not checked because the object was invalid; correct the existing errors to complete"
    " validation"
)


def check(schema: Schema, new: Any, old: Any, earlier: list[Cause]) -> list[Cause]:
    """Everything that is wrong with an object, in the API server's order, after what was found `earlier`.

    `old` is None for a new object. Rules are asked only where nothing keeps them from being understood.
    """
    found = [*earlier, *_check(schema, new, "")]
    if not rules.has_rules(schema):
        return found
    if any(cause.reason in _BLOCKING or cause.reason == "FieldValueTypeInvalid" for cause in found):
        return [*found, Cause("FieldValueInvalid", "<nil>", f"Invalid value: null: {_NOT_CHECKED}")]
    return found + list(rules.broken(schema, new, old, ""))


def _check(schema: Schema, value: Any, path: str) -> Iterator[Cause]:
    if value is None and (schema.nullable or schema.type == "any"):
        return
    if schema.type in _TYPES and not _is_a(schema.type, value):
        word = "null" if value is None else _JSON_WORDS.get(type(value), "object")
        yield causes.mistyped(path, word, _TYPES[schema.type][1])
        return
    if schema.enum and value not in schema.enum:
        yield causes.not_supported(path, value, schema.enum)
    yield from junctors.check(schema.limits, value, path)
    if isinstance(value, str):
        yield from _string(schema, value, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number(schema, value, path)
    elif isinstance(value, list):
        yield from _list(schema, value, path)
    elif isinstance(value, dict):
        yield from _object(schema, value, path)


def _is_a(kind: str, value: Any) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES[kind][0])


def _object(schema: Schema, value: dict[str, Any], path: str) -> Iterator[Cause]:
    yield from _groups(schema, value, path)
    most = schema.limits.get("maxProperties")
    if most is not None and len(value) > most:
        yield causes.too_many(path, len(value), most)
    least = schema.limits.get("minProperties")
    if least is not None and len(value) < least:
        yield causes.invalid(path, len(value), f"{path} in body should have at least {least} properties")
    for name in schema.required:
        if name not in value:
            yield causes.required(_join(path, name))
    for key, item in value.items():
        child = schema.items if schema.type == "map" else schema.fields.get(key)
        if child is not None and not child.reference:
            yield from _check(child, item, f"{path}[{key}]" if schema.type == "map" else _join(path, key))


def _groups(schema: Schema, value: dict[str, Any], path: str) -> Iterator[Cause]:
    """Fields of which at most one, or exactly one, may be set."""
    for group in schema.limits.get("atMostOneOf", ()):
        if (count := sum(name in value for name in group)) > 1:
            yield junctors.not_one(path, count)
    if group := schema.limits.get("exactlyOneOf"):
        count = sum(name in value for name in group)
        if count != 1:
            yield junctors.not_one(path, count)


def _list(schema: Schema, value: list[Any], path: str) -> Iterator[Cause]:
    most, least = schema.limits.get("maxItems"), schema.limits.get("minItems")
    if most is not None and len(value) > most:
        yield causes.too_many(path, len(value), most)
    if least is not None and len(value) < least:
        yield causes.invalid(path, len(value), f"{path} in body should have at least {least} items")
    if schema.items is not None:
        for index, item in enumerate(value):
            yield from _check(schema.items, item, f"{path}[{index}]")
    yield from _twice(schema, value, path)


def _twice(schema: Schema, value: list[Any], path: str) -> Iterator[Cause]:
    if schema.list_type == "atomic" and not schema.limits.get("uniqueItems"):
        return
    seen = set()
    for index, item in enumerate(value):
        is_map = schema.list_type == "map" and isinstance(item, dict)
        key = {name: item[name] for name in schema.list_keys if name in item} if is_map else item
        if causes.shown(key) in seen:
            yield causes.duplicate(f"{path}[{index}]", key)
        seen.add(causes.shown(key))


def _string(schema: Schema, value: str, path: str) -> Iterator[Cause]:
    most, least, pattern = (schema.limits.get(key) for key in ("maxLength", "minLength", "pattern"))
    if most is not None and len(value) > most:
        yield causes.too_long(path, most)
    elif least is not None and len(value) < least:
        yield causes.invalid(path, value, f"{path} in body should be at least {least} chars long")
    elif pattern is not None and not re.search(pattern, value):
        yield causes.invalid(path, value, f"{path} in body should match '{pattern}'")


def _number(schema: Schema, value: float, path: str) -> Iterator[Cause]:
    limits = schema.limits
    most, least, step = (limits.get(key) for key in ("maximum", "minimum", "multipleOf"))
    below, above = limits.get("exclusiveMaximum"), limits.get("exclusiveMinimum")
    if least is not None and (value < least or (above and value == least)):
        yield causes.invalid(
            path, value, f"{path} in body should be greater than {'' if above else 'or equal to '}{least}"
        )
    if most is not None and (value > most or (below and value == most)):
        yield causes.invalid(path, value, f"{path} in body should be less than {'' if below else 'or equal to '}{most}")
    if step and value % step:
        yield causes.invalid(path, value, f"{path} in body should be a multiple of {step}")


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
