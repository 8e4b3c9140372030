"""The shape that every object must have before anybody looks into it: types of its identity and its metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshglobal.sandbox.apiserver.objects import JSON

_TEXTS = ("name", "generateName", "namespace", "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp")
_TEXT_MAPS = ("labels", "annotations")
_GO_NAMES = {dict: "object", list: "array", str: "string", bool: "bool", int: "number", float: "number"}


def misshapen(obj: JSON) -> str | None:
    """Say what is of the wrong type in an object's identity or metadata, None where nothing is."""
    return next(_complaints(obj), None)


def _complaints(obj: JSON) -> Iterator[str]:
    for field in ("apiVersion", "kind"):
        yield from _unless(str, obj.get(field), field)
    meta = obj.get("metadata")
    yield from _unless(dict, meta, "metadata")
    if not isinstance(meta, dict):
        return
    for field in _TEXTS:
        yield from _unless(str, meta.get(field), f"metadata.{field}")
    for field in _TEXT_MAPS:
        yield from _unless(dict, meta.get(field), f"metadata.{field}")
        for key, value in (meta.get(field) or {}).items():
            yield from _unless(str, value, f"metadata.{field}.{key}")
    yield from _lists(meta)
    for part in ("spec", "status"):
        yield from _unless(dict, obj.get(part), part)


def _lists(meta: JSON) -> Iterator[str]:
    for field, kind in (("finalizers", str), ("ownerReferences", dict), ("managedFields", dict)):
        yield from _unless(list, meta.get(field), f"metadata.{field}")
        for item in meta.get(field) or []:
            yield from _unless(kind, item, f"metadata.{field}")


def _unless(wanted: type, value: Any, field: str) -> Iterator[str]:
    if value is not None and not isinstance(value, wanted):
        found = _GO_NAMES.get(type(value), "value")
        yield f"json: cannot unmarshal {found} into Go struct field .{field} of type {_GO_NAMES[wanted]}"
