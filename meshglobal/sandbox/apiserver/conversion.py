"""Reading decoded JSON the way the API server's typed kinds would.

Fields that a kind does not have are left out, null is as good as left out, so is what is zero or empty (Go's
``omitempty``), quantities and times get their one spelling, and a value of the wrong type is a `Mismatch`.
"""

from __future__ import annotations

import base64
import binascii
import copy
import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

from meshglobal.sandbox.apiserver.quantities import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshglobal.sandbox.apiserver.schema import Schema

_ABSENT: Final = object()
_RANGES = {"int32": 2**31, "int64": 2**63}
_GO_TYPES = {"boolean": "bool", "number": "float64", "int-or-string": "intstr.IntOrString"}
_TIME = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$")
_MICROSECONDS = 7


class Mismatch(ValueError):  # noqa: N818 - it is no error of ours, but what the caller sent
    """A value that a typed field cannot hold; the text is the API server's."""


def typed(schema: Schema, obj: dict[str, Any]) -> dict[str, Any]:
    """The object as the kind's typed form holds it; raises `Mismatch`."""
    return _struct(schema, obj, "")


def unknown_fields(schema: Schema, value: Any, path: str = "") -> Iterator[str]:
    """The paths of what stands in the value and not in the schema, in the order of the document."""
    if schema.type == "list" and isinstance(value, list) and schema.items:
        for index, item in enumerate(value):
            yield from unknown_fields(schema.items, item, f"{path}[{index}]")
    elif schema.type == "map" and isinstance(value, dict) and schema.items:
        for key, item in value.items():
            yield from unknown_fields(schema.items, item, f"{path}.{key}")
    elif schema.type == "object" and isinstance(value, dict):
        for key, item in value.items():
            inner = f"{path}.{key}" if path else key
            if key in schema.fields:
                yield from unknown_fields(schema.fields[key], item, inner)
            elif not schema.preserves_unknown:
                yield inner


def _struct(schema: Schema, obj: dict[str, Any], path: str) -> dict[str, Any]:
    found = {}
    struct = schema.reference.rpartition(".")[2]
    for key, value in obj.items():
        if value is None or key not in schema.fields:
            continue
        field = schema.fields[key]
        inner = f"{path}.{key}" if path else key
        new = _value(field, value, inner, struct)
        if not _is_dropped(field, new, is_required=key in schema.required):
            found[key] = new
    return found


def _is_dropped(field: Schema, value: Any, *, is_required: bool) -> bool:
    if field.type in ("list", "map"):
        return not value and not is_required
    if field.type in ("string", "integer", "number", "boolean"):
        return not value and not is_required and not field.keeps_zero
    return False


def _value(schema: Schema, value: Any, path: str, struct: str) -> Any:
    match schema.type:
        case "object":
            _expect(value, dict, schema, path, struct)
            return _struct(schema, value, path)
        case "map":
            _expect(value, dict, schema, path, struct)
            return {key: _item(schema, item, path, struct) for key, item in value.items()}
        case "list":
            _expect(value, list, schema, path, struct)
            return [_item(schema, item, path, struct) for item in value]
        case "any":
            return value
        case _:
            return _scalar(schema, value, path, struct)


_ZERO = {"string": "", "integer": 0, "number": 0, "boolean": False, "object": {}, "map": {}, "list": []}


def _item(schema: Schema, item: Any, path: str, struct: str) -> Any:
    items = schema.items
    if items is None:
        return item
    # A copy, because defaults are filled in afterwards.
    return copy.copy(_ZERO.get(items.type)) if item is None else _value(items, item, path, struct)


def _scalar(schema: Schema, value: Any, path: str, struct: str) -> Any:
    match schema.type:
        case "string":
            _expect(value, str, schema, path, struct)
            return _string(schema, value)
        case "boolean":
            _expect(value, bool, schema, path, struct)
        case "integer":
            return _integer(schema, value, path, struct)
        case "number" if isinstance(value, bool) or not isinstance(value, int | float):
            raise _mismatch(schema, value, path, struct)
        case "quantity":
            return _quantity(value)
        case "int-or-string" if isinstance(value, bool) or not isinstance(value, int | str):
            raise _mismatch(schema, value, path, struct)
    return value


def _expect(value: Any, kind: type, schema: Schema, path: str, struct: str) -> None:
    if not isinstance(value, kind):
        raise _mismatch(schema, value, path, struct)


def _mismatch(schema: Schema, value: Any, path: str, struct: str) -> Mismatch:
    words = {bool: "bool", str: "string", list: "array", dict: "object"}
    shown = words.get(type(value), "number")
    text = f"json: cannot unmarshal {shown} into Go struct field {struct}.{path} of type {_go_type(schema)}"
    return Mismatch(text)


def _go_type(schema: Schema) -> str:
    if schema.items is not None:
        return ("[]" if schema.type == "list" else "map[string]") + _go_type(schema.items)
    if schema.reference:
        return ".".join(schema.reference.rsplit(".", 2)[1:])
    return schema.format if schema.type == "integer" else _GO_TYPES.get(schema.type, schema.type)


def _integer(schema: Schema, value: Any, path: str, struct: str) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _mismatch(schema, value, path, struct)
    most = _RANGES.get(schema.format, 2**63)
    if not -most <= value < most:
        kind = schema.format or "int64"
        raise Mismatch(f"json: cannot unmarshal number {value} into Go struct field {struct}.{path} of type {kind}")
    return value


def _quantity(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Mismatch("json: cannot unmarshal into Go value of type resource.Quantity")
    try:
        return canonical(str(value))
    except ValueError:
        pattern = "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$"
        raise Mismatch(f"quantities must match the regular expression '{pattern}'") from None


def _string(schema: Schema, value: str) -> str:
    if schema.format == "byte":
        return _base64(value)
    if schema.format == "date-time" and value:
        return _time(value, is_micro="x-micro" in schema.limits)
    return value


def _base64(value: str) -> str:
    text = value.replace("\n", "").replace("\r", "")
    wrong = re.search(r"[^A-Za-z0-9+/]", text.rstrip("="))
    if wrong:
        raise Mismatch(f"illegal base64 data at input byte {wrong.start()}")
    try:
        return base64.b64encode(base64.b64decode(text, validate=True)).decode()
    except binascii.Error:
        raise Mismatch(f"illegal base64 data at input byte {len(text) // 4 * 4}") from None


def _time(value: str, *, is_micro: bool) -> str:
    layout = "2006-01-02T15:04:05.000000Z07:00" if is_micro else "2006-01-02T15:04:05Z07:00"
    match = _TIME.match(value)
    if not match:
        raise Mismatch(f'parsing time "{value}" as "{layout}": cannot parse "{value}" as "2006"')
    fraction = match[2] or ""
    if is_micro and len(fraction) != _MICROSECONDS:
        raise Mismatch(f'parsing time "{value}" as "{layout}": cannot parse "{fraction}{match[3]}" as ".000000"')
    try:
        moment = dt.datetime.fromisoformat(match[1] + match[3].replace("Z", "+00:00")).astimezone(dt.UTC)
    except ValueError:
        raise Mismatch(f'parsing time "{value}": day out of range') from None
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + (fraction if is_micro else "") + "Z"
