"""Checking the single values of Kubernetes' own kinds, as data/validation.yaml names the checks."""

from __future__ import annotations

import ipaddress
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver import causes, kind_checks, metadata_checks, names
from meshglobal.sandbox.apiserver.definitions import METADATA, full_name, read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.problems import Cause
    from meshglobal.sandbox.apiserver.schema import Schema

_PORTS = range(1, 65536)
_PORT_NAME = re.compile(r"(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")


@cache
def data() -> dict[str, Any]:
    """The content of data/validation.yaml, its definitions by full name."""
    content: dict[str, Any] = read_yaml("validation.yaml")
    return content | {"fields": {full_name(name): fields for name, fields in content["fields"].items()}}


def check(schema: Schema, value: Any, path: str) -> Iterator[Cause]:
    """Everything that is wrong with a value and its parts, fields before what compares them."""
    if schema.type == "object" and isinstance(value, dict):
        yield from _check_object(schema, value, path)
    elif schema.items is not None and schema.items.type in ("object", "list", "map"):
        items = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
        for key, item in items:
            yield from check(schema.items, item, f"{path}[{key}]")


def _check_object(schema: Schema, value: JSON, path: str) -> Iterator[Cause]:
    if schema.reference == METADATA and path != "metadata":
        yield from metadata_checks.labels(value.get("labels") or {}, f"{path}.labels")
        return
    if schema.reference == METADATA:
        return
    for field, checks in data()["fields"].get(schema.reference, {}).items():
        yield from _check_field(checks, value.get(field), f"{path}.{field}" if path else field)
    for field, part in value.items():
        if isinstance(part, dict | list) and field in schema.fields:
            yield from check(schema.fields[field], part, f"{path}.{field}" if path else field)
    if across := kind_checks.BY_DEFINITION.get(schema.reference):
        yield from across(value, f"{path}." if path else "")


def _check_field(checks: list[Any], value: Any, path: str) -> Iterator[Cause]:
    for each in checks:
        if each == "required":
            if value in (None, "", [], {}):
                yield causes.required(path)
                return
        elif value is None:
            return
        elif isinstance(each, dict):
            words = [str(word) for word in each["one-of"]]
            if value not in words:
                yield causes.not_supported(path, value, words)
        elif isinstance(value, str | int | float | dict):
            yield from CHECKS[each](value, path)


def port(value: Any, path: str) -> Iterator[Cause]:
    """A port number."""
    if value not in _PORTS:
        yield causes.invalid(path, value, "must be between 1 and 65535, inclusive")


def port_or_name(value: Any, path: str) -> Iterator[Cause]:
    """A port's number, or its name (at most 15 letters, digits and dashes)."""
    if isinstance(value, int):
        yield from port(value, path)
    elif not _PORT_NAME.fullmatch(value):
        yield causes.invalid(path, value, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")


def _non_negative(value: Any, path: str) -> Iterator[Cause]:
    if value < 0:
        yield causes.invalid(path, value, "must be greater than or equal to 0")


def _positive(value: Any, path: str) -> Iterator[Cause]:
    if value <= 0:
        yield causes.invalid(path, value, "must be greater than 0")


def address(value: Any, path: str) -> Iterator[Cause]:
    """An IP address."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        yield causes.invalid(path, value, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")


def _of_names(problems: Callable[[str], list[str]]) -> Callable[[Any, str], Iterator[Cause]]:
    def found(value: Any, path: str) -> Iterator[Cause]:
        if value:
            yield from (causes.invalid(path, value, why) for why in problems(value))

    return found


CHECKS: dict[str, Callable[[Any, str], Iterator[Cause]]] = {
    "port": port,
    "port-or-name": port_or_name,
    "non-negative": _non_negative,
    "positive": _positive,
    "ip": address,
    "label": _of_names(names.label_problems),
    "subdomain": _of_names(names.subdomain_problems),
    "label-key": _of_names(names.key_problems),
    "labels": metadata_checks.labels,
}
