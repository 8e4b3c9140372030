"""The reasons for which a field can be refused, worded as the API server words them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver.problems import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable


def shown(value: Any) -> str:
    """A value as a message shows it: JSON without blanks."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def invalid(path: str, value: Any, why: str) -> Cause:
    """A value that breaks a rule."""
    return Cause("FieldValueInvalid", path, f"Invalid value: {shown(value)}: {why}")


def required(path: str, why: str = "") -> Cause:
    """A value that is missing."""
    return Cause("FieldValueRequired", path, f"Required value: {why}" if why else "Required value")


def duplicate(path: str, value: Any) -> Cause:
    """A value that may stand there once only."""
    return Cause("FieldValueDuplicate", path, f"Duplicate value: {shown(value)}")


def forbidden(path: str, why: str) -> Cause:
    """A value that may not be there, or not be changed."""
    return Cause("FieldValueForbidden", path, f"Forbidden: {why}")


def not_supported(path: str, value: Any, supported: Iterable[Any]) -> Cause:
    """A value that is not one of a few."""
    words = ", ".join(shown(each) for each in supported)
    return Cause("FieldValueNotSupported", path, f"Unsupported value: {shown(value)}: supported values: {words}")


def too_long(path: str, most: int) -> Cause:
    """A text with too many bytes."""
    return Cause("FieldValueTooLong", path, f"Too long: may not be more than {most} bytes")


def too_many(path: str, count: int, most: int) -> Cause:
    """A list with too many items."""
    return Cause("FieldValueTooMany", path, f"Too many: {count}: must have at most {most} items")


def mistyped(path: str, what: str, wanted: str) -> Cause:
    """A value of another JSON type than the schema has."""
    why = f'Invalid value: "{what}": {path} in body must be of type {wanted}: "{what}"'
    return Cause("FieldValueTypeInvalid", path, why)


def immutable(path: str, value: Any) -> Cause:
    """A value that must stay what it was."""
    return invalid(path, value, "field is immutable")


def not_found(path: str, value: Any) -> Cause:
    """A reference to what is not there."""
    return Cause("FieldValueNotFound", path, f"Not found: {shown(value)}")
