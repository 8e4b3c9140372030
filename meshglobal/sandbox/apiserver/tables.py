"""Objects as Tables: what `kubectl get` shows, with columns from data/columns.yaml or from a definition."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver import json_path, pod_cells
from meshglobal.sandbox.apiserver.cells import CELLS, NONE
from meshglobal.sandbox.apiserver.definitions import read_yaml
from meshglobal.sandbox.apiserver.durations import since

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.resources import Resource

_CREATED: JSON = {"name": "Created At", "path": ".metadata.creationTimestamp", "type": "date", "format": "date-time"}
_NAME_TEXT = "Name must be unique within a namespace."
_AGE_TEXT = "CreationTimestamp is a timestamp representing the server time when this object was created."
_CUSTOM_TEXT = "Custom resource definition column (in JSONPath format): {}"


def to_table(resource: Resource, objects: Iterable[JSON], include: str, now: dt.datetime) -> JSON:
    """A meta.k8s.io/v1 Table, without its metadata.

    Args:
        resource: whose columns.
        objects: one row each.
        include: what each row carries of its object: ``Metadata``, ``Object`` or ``None``.
        now: what ages count from.
    """
    columns = columns_of(resource)
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "columnDefinitions": [_described({"name": "Name", "format": "name", "description": _NAME_TEXT})]
        + [_described(column) for column in columns],
        "rows": [_row(resource, columns, obj, include, now) for obj in objects],
    }


def columns_of(resource: Resource) -> list[JSON]:
    """The columns after Name, as data/columns.yaml writes them."""
    if resource.definition is not None:
        return _defined_columns(resource.definition, resource.version)
    found: list[JSON] = _data().get(resource.key, [_CREATED])
    return found


@cache
def _data() -> dict[str, list[JSON]]:
    data: dict[str, list[JSON]] = read_yaml("columns.yaml")
    return data


def _defined_columns(definition: JSON, version: str) -> list[JSON]:
    stated = next(each for each in definition["spec"]["versions"] if each["name"] == version)
    columns = stated.get("additionalPrinterColumns")
    if columns is None:
        return [{"name": "Age", "path": ".metadata.creationTimestamp", "type": "date"}]
    return [
        {"description": _CUSTOM_TEXT.format(each["jsonPath"])} | each | {"path": each["jsonPath"]} for each in columns
    ]


def _described(column: JSON) -> JSON:
    return {
        "name": column["name"],
        "type": column.get("type", "string"),
        "format": column.get("format", ""),
        "description": column.get("description") or (_AGE_TEXT if column["name"] == "Age" else ""),
        "priority": column.get("priority", 0),
    }


def _row(resource: Resource, columns: list[JSON], obj: JSON, include: str, now: dt.datetime) -> JSON:
    cells = [_cell(resource, column, obj, now) for column in columns]
    row: JSON = {"cells": [obj["metadata"].get("name", ""), *cells]}
    if resource.key == "pods" and (conditions := pod_cells.conditions(obj)):
        row["conditions"] = conditions
    if include == "Object":
        row["object"] = obj | {"apiVersion": resource.group_version, "kind": resource.kind}
    elif include != "None":
        partial = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
        row["object"] = partial | {"metadata": obj["metadata"]}
    return row


def _cell(resource: Resource, column: JSON, obj: JSON, now: dt.datetime) -> Any:
    if "cell" in column:
        return CELLS[column["cell"]](obj, now)
    found = json_path.find(column["path"], obj)
    if resource.is_custom:
        return _custom_cell(column.get("type", "string"), found, now)
    if column.get("format") == "date-time":
        return found[0] if found else NONE
    return found[0] if found and found[0] not in ("", None) else column.get("absent", NONE)


def _custom_cell(kind: str, found: list[Any], now: dt.datetime) -> Any:
    if not found or found[0] is None:
        return None
    if kind == "date":
        return since(str(found[0]), now)
    if kind == "string":
        return ",".join(each if isinstance(each, str) else json.dumps(each, separators=(",", ":")) for each in found)
    return found[0]
