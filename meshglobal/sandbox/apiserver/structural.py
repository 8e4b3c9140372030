"""Schemas of custom kinds, as a CustomResourceDefinition states them, and what the server keeps of an object."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver import junctors
from meshglobal.sandbox.apiserver.notation import LIMITS, LazyFields
from meshglobal.sandbox.apiserver.schema import ANY, UNSET, Rule, Schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshglobal.sandbox.apiserver.objects import JSON

_EMBEDDED = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {}}
_SCALARS = ("string", "integer", "boolean", "number")


def from_open_api(node: Mapping[str, Any]) -> Schema:
    """The schema of one node of an openAPIV3Schema."""
    details: dict[str, Any] = {
        "limits": {key: node[key] for key in node if key in LIMITS or key in _junctors(node)},
        "rules": tuple(_rule(each) for each in node.get("x-kubernetes-validations") or ()),
        "required": tuple(node.get("required") or ()),
        "enum": tuple(node.get("enum") or ()),
        "format": node.get("format", ""),
        "nullable": node.get("nullable", False),
        "default": node.get("default", UNSET),
        "preserves_unknown": node.get("x-kubernetes-preserve-unknown-fields", False),
        "is_embedded": node.get("x-kubernetes-embedded-resource", False),
        "list_type": node.get("x-kubernetes-list-type", "atomic"),
        "list_keys": tuple(node.get("x-kubernetes-list-map-keys") or ()),
        "map_type": node.get("x-kubernetes-map-type", "granular"),
        "description": node.get("description", ""),
    }
    return replace(_shape(node), **details)


def _shape(node: Mapping[str, Any]) -> Schema:
    kind = node.get("type")
    if node.get("x-kubernetes-int-or-string"):
        return Schema("int-or-string")
    if kind == "array":
        return Schema("list", items=from_open_api(node.get("items") or {}))
    if kind == "object" and isinstance(values := node.get("additionalProperties"), dict):
        return Schema("map", items=from_open_api(values))
    if kind == "object":
        properties = node.get("properties") or {}
        if node.get("x-kubernetes-embedded-resource"):
            properties = _EMBEDDED | properties
        return Schema("object", fields=LazyFields(properties, from_open_api))
    if kind in _SCALARS:
        return Schema(kind)
    return ANY


def _junctors(node: Mapping[str, Any]) -> tuple[str, ...]:
    # Of a number or text it says again that it is one.
    return () if node.get("x-kubernetes-int-or-string") else junctors.WORDS


def _rule(node: Mapping[str, Any]) -> Rule:
    return Rule(
        expression=node["rule"],
        message=node.get("message", ""),
        field_path=node.get("fieldPath", ""),
        reason=node.get("reason", "FieldValueInvalid"),
        message_expression=node.get("messageExpression", ""),
    )


def pruned(schema: Schema, value: Any) -> Any:
    """The value without the fields that the schema does not know, and without null where that means nothing.

    Values of the wrong type stay as they are: validation names them.
    """
    if schema.type == "object" and isinstance(value, dict):
        return _pruned_object(schema, value)
    if schema.items is not None and isinstance(value, list):
        return [pruned(schema.items, item) for item in value]
    if schema.items is not None and isinstance(value, dict):
        return {key: pruned(schema.items, item) for key, item in value.items()}
    return value


def _pruned_object(schema: Schema, value: JSON) -> JSON:
    found = {}
    for key, item in value.items():
        field = schema.fields.get(key)
        if field is None:
            if schema.preserves_unknown:
                found[key] = item
        elif item is not None or field.nullable or field.type == "any":
            found[key] = pruned(field, item)
    return found
