"""`Schema` trees as OpenAPI definitions."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from meshglobal.sandbox.apiserver.definitions import DATA, METADATA, definition, schema_of
from meshglobal.sandbox.apiserver.schema import UNSET

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.resources import Resource
    from meshglobal.sandbox.apiserver.schema import Schema

LIST_METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"
STATUS = "io.k8s.apimachinery.pkg.apis.meta.v1.Status"
DELETE_OPTIONS = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions"
PREFIX = "#/components/schemas/"
_OURS = ("atMostOneOf", "exactlyOneOf", "x-micro")


def components(resources: Iterable[Resource]) -> JSON:
    """The definitions of some resources, of their lists, and all that these refer to; by name, sorted."""
    found: JSON = {}
    for resource in resources:
        name = name_of(resource)
        if name not in found:
            schema = schema_of(resource)
            found[name] = _object(schema, schema.reference) | _gvk(resource, resource.kind)
            found[f"{name}List"] = _list(resource, name)
    waiting = _references(list(found.values())) | {METADATA, LIST_METADATA, STATUS, DELETE_OPTIONS}
    while waiting - found.keys():
        for name in waiting - found.keys():
            found[name] = _object(definition(name), name)
            waiting = waiting | _references(found[name])
    return dict(sorted(found.items()))


def name_of(resource: Resource) -> str:
    """The OpenAPI name of a kind: its definition's, or the group backwards for custom kinds."""
    reference = schema_of(resource).reference
    if reference:
        return reference
    return ".".join([*reversed(resource.group.split(".")), resource.version, resource.kind])


def _list(resource: Resource, name: str) -> JSON:
    fields = {
        "apiVersion": {"type": "string"},
        "items": {"type": "array", "items": _reference(name), "description": f"List of {resource.plural}."},
        "kind": {"type": "string"},
        "metadata": _reference(LIST_METADATA),
    }
    return {"type": "object", "required": ["items"], "properties": fields} | _gvk(resource, resource.list_name)


def _gvk(resource: Resource, kind: str) -> JSON:
    gvk = {"group": resource.group, "version": resource.version, "kind": kind}
    return {"x-kubernetes-group-version-kind": [gvk]}


def _reference(name: str) -> JSON:
    return {"allOf": [{"$ref": f"{PREFIX}{name}"}], "default": {}}


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        if isinstance(reference := value.get("$ref"), str):
            return {reference.removeprefix(PREFIX)}
        return set().union(*map(_references, value.values()))
    return set().union(*map(_references, value)) if isinstance(value, list) else set()


@cache
def _descriptions() -> dict[str, dict[str, str]]:
    content: dict[str, dict[str, dict[str, str]]] = msgspec.json.decode((DATA / "descriptions.json").read_bytes())
    return content["definitions"]


def _object(schema: Schema, name: str) -> JSON:
    """A definition: its fields, each with its description."""
    texts = _descriptions().get(name, {})
    found = _details(schema)
    if schema.type == "object":
        fields = {field: _property(child, texts.get(field, "")) for field, child in schema.fields.items()}
        found |= {"type": "object"} | ({"properties": fields} if fields else {})
    if text := texts.get("") or schema.description:
        found["description"] = text
    return found


def _property(schema: Schema, text: str) -> JSON:
    found = _node(schema)
    if text or schema.description:
        found = found | {"description": text or schema.description}
    return found


def _node(schema: Schema) -> JSON:
    if schema.reference:
        return _reference(schema.reference)
    if schema.type == "object":
        return _object(schema, "")
    if schema.items is not None and schema.type == "list":
        return {"type": "array", "items": _node(schema.items)} | _details(schema)
    if schema.items is not None:
        return {"type": "object", "additionalProperties": _node(schema.items)} | _details(schema)
    return _SPECIAL.get(schema.type, {"type": schema.type}) | _details(schema)


_SPECIAL: dict[str, JSON] = {
    "int-or-string": {"x-kubernetes-int-or-string": True},
    "quantity": {"type": "string"},
    "any": {"x-kubernetes-preserve-unknown-fields": True},
}


def _details(schema: Schema) -> JSON:
    """What a node says beside its type."""
    found: JSON = {key: value for key, value in schema.limits.items() if key not in _OURS}
    stated = {
        "required": list(schema.required),
        "enum": list(schema.enum),
        "format": schema.format,
        "nullable": schema.nullable,
        "x-kubernetes-preserve-unknown-fields": schema.preserves_unknown,
        "x-kubernetes-patch-merge-key": schema.patch_merge_key,
        "x-kubernetes-patch-strategy": ",".join(sorted(schema.patch_strategy)),
        "x-kubernetes-list-type": schema.list_type if schema.type == "list" else "",
        "x-kubernetes-list-map-keys": list(schema.list_keys),
        "x-kubernetes-map-type": schema.map_type if schema.map_type == "atomic" else "",
    }
    found |= {key: value for key, value in stated.items() if value}
    if schema.default is not UNSET:
        found["default"] = schema.default
    return found
