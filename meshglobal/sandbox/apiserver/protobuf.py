r"""Reading request bodies in Kubernetes' protobuf encoding, which kubectl sends for some commands.

A body is the four bytes ``k8s\0`` and an envelope with the object's type and its bytes. What a field number means
stands in data/protobuf.yaml, what its value is in the schema; numbers that are not known are passed over.
"""

from __future__ import annotations

import base64
import datetime as dt
import struct
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from meshglobal.sandbox.apiserver import problems
from meshglobal.sandbox.apiserver.definitions import full_name, read_yaml
from meshglobal.sandbox.apiserver.schema import schema_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.schema import Schema

_MAGIC = b"k8s\x00"
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_SIGN, _WRAP = 1 << 63, 1 << 64
_LONGEST_VARINT = 10
_STRING_PORT = 1

Wire = int | bytes


def decode(body: bytes) -> JSON:
    """The object of a request body; raises ApiError (400) where there is none to be read."""
    if not body.startswith(_MAGIC):
        raise problems.bad_request(
            "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]"
        )
    try:
        envelope = dict(_fields(body[len(_MAGIC) :]))
        kind = {number: _text(value) for number, value in _fields(_bytes(envelope.get(1, b"")))}
        schema = schema_for(kind.get(1, ""), kind.get(2, ""))
        found = _message(schema, _bytes(envelope.get(2, b"")))
    except (ValueError, IndexError, struct.error) as error:
        raise problems.bad_request(f"the protobuf body cannot be read: {error}") from error
    except KeyError as error:
        raise problems.bad_request(f"no kind {error} is registered") from error
    return {"apiVersion": kind[1], "kind": kind[2], **found}


@cache
def _numbers() -> dict[str, dict[int, str]]:
    """Definition -> number -> field."""
    return {
        full_name(name): {number: word for number, word in enumerate(words.split(), start=1) if word != "_"}
        for name, words in read_yaml("protobuf.yaml").items()
    }


def _message(schema: Schema, data: bytes, table: str = "") -> JSON:
    numbers = _numbers().get(table or schema.reference, {})
    found: JSON = {}
    for number, value in _fields(data):
        name = numbers.get(number, "")
        if name.startswith("+"):
            found |= _message(schema, _bytes(value), full_name(name[1:]))
        elif name in schema.fields:
            _put(found, name, schema.fields[name], value)
    return found


def _put(found: JSON, name: str, schema: Schema, value: Wire) -> None:
    """Add one occurrence of a field: the next item of a list, one entry of a map, or the value."""
    items = schema.items
    if schema.type == "list" and items is not None:
        found.setdefault(name, []).append(_value(items, value))
    elif schema.type == "map" and items is not None:
        entry = dict(_fields(_bytes(value)))
        found.setdefault(name, {})[_text(entry.get(1, b""))] = _entry(items, entry.get(2))
    else:
        found[name] = _value(schema, value)


def _entry(items: Schema, value: Wire | None) -> Any:
    if items.type == "list":
        return [_text(inner) for _, inner in _fields(_bytes(value or b""))]
    return _value(items, b"" if value is None else value)


def _value(schema: Schema, value: Wire) -> Any:
    match schema.type:
        case "string":
            return _string(schema, _bytes(value))
        case "integer" | "boolean":
            return bool(value) if schema.type == "boolean" else _integer(value)
        case "number":
            return struct.unpack("<d", _bytes(value))[0]
        case "quantity" | "int-or-string" | "any":
            return _WRAPPED[schema.type](dict(_fields(_bytes(value))))
    return _message(schema, _bytes(value))


def _integer(value: Wire) -> int:
    number = value if isinstance(value, int) else 0
    return number - _WRAP if number >= _SIGN else number


def _string(schema: Schema, value: bytes) -> str | None:
    if schema.format == "byte":
        return base64.b64encode(value).decode()
    if schema.format == "date-time":
        return _time(value, is_micro="x-micro" in schema.limits)
    return value.decode()


def _time(value: bytes, *, is_micro: bool) -> str | None:
    parts = dict(_fields(value))
    if not parts:
        return None
    moment = dt.datetime.fromtimestamp(int(parts.get(1, 0)), dt.UTC)
    micro = f".{int(parts.get(2, 0)) // 1000:06d}" if is_micro else ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}{micro}Z"


def _int_or_string(parts: dict[int, Wire]) -> int | str:
    return _text(parts.get(3, b"")) if parts.get(1) == _STRING_PORT else _integer(parts.get(2, 0))


def _raw(parts: dict[int, Wire]) -> Any:
    raw = _bytes(parts.get(1, b""))
    return msgspec.json.decode(raw) if raw else None


_WRAPPED: dict[str, Callable[[dict[int, Wire]], Any]] = {
    "quantity": lambda parts: _text(parts.get(1, b"")) or "0",
    "int-or-string": _int_or_string,
    "any": _raw,
}


def _fields(data: bytes) -> Iterator[tuple[int, Wire]]:
    """The fields of a message as they stand: number and number or bytes."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, at = _varint(data, at)
            yield number, value
        elif wire in (_BYTES, _FIXED64, _FIXED32):
            length, at = (8 if wire == _FIXED64 else 4, at) if wire != _BYTES else _varint(data, at)
            if at + length > len(data):
                raise ValueError("unexpected EOF")
            yield number, data[at : at + length]
            at += length
        else:
            raise ValueError(f"illegal wireType {wire}")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(_LONGEST_VARINT):
        byte = data[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:  # noqa: PLR2004 - the highest bit says that more follows
            return value, at + place + 1
    raise ValueError("integer overflow")


def _bytes(value: Wire) -> bytes:
    if isinstance(value, int):
        raise ValueError("wrong wireType")  # noqa: TRY004 - it is the caller's data that is wrong
    return value


def _text(value: Wire) -> str:
    return _bytes(value).decode()
