"""The compact notation of the schema data files, and how it becomes `Schema` nodes.

A node is one of

- a word: ``string``, ``int32``, ``int64``, ``number``, ``boolean``, ``bytes``, ``time``, ``microtime``,
  ``int-or-string``, ``quantity``, ``any``;
- ``#name``: the definition of that name;
- an object with one of ``type`` (a word or reference), ``list``, ``map`` (the node of the values) or ``fields``, and
  beside it ``required``, ``listType``, ``keys``, ``mapType``, ``merge``, ``strategy``, ``default``, ``enum``,
  ``nullable``, ``preservesUnknown``, ``keepsZero``, ``rules``, ``atMostOneOf``, ``exactlyOneOf``, or a JSON-schema
  limit by its own name.

Definitions may refer to themselves, so the fields of an object are made when they are first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from meshglobal.sandbox.apiserver.schema import ANY, UNSET, Rule, Schema, Type

Node = str | dict[str, Any]
Resolve = Callable[[str], Schema]

WORDS: dict[str, Schema] = {
    "string": Schema("string"),
    "bytes": Schema("string", format="byte"),
    "time": Schema("string", format="date-time"),
    "microtime": Schema("string", format="date-time", limits={"x-micro": True}),
    "int32": Schema("integer", format="int32"),
    "int64": Schema("integer", format="int64"),
    "integer": Schema("integer"),
    "number": Schema("number", format="double"),
    "boolean": Schema("boolean"),
    "int-or-string": Schema("int-or-string"),
    "quantity": Schema("quantity"),
    "any": ANY,
    "object": Schema("object"),
}
LIMITS = frozenset(
    ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern")
) | frozenset(("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "atMostOneOf", "exactlyOneOf"))


class LazyFields(Mapping[str, Schema]):
    """An object's fields, each made from its node when it is first asked for."""

    __slots__ = ("_made", "_nodes", "_parse")

    def __init__(self, nodes: Mapping[str, Any], parse: Callable[[Any], Schema]) -> None:
        self._nodes = nodes
        self._parse = parse
        self._made: dict[str, Schema] = {}

    def __getitem__(self, name: str) -> Schema:
        if name not in self._made:
            self._made[name] = self._parse(self._nodes[name])
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._nodes

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes)

    def __len__(self) -> int:
        return len(self._nodes)


def parse(node: Node, resolve: Resolve) -> Schema:
    """The `Schema` of a node of the notation; `resolve` finds a definition by name."""
    if isinstance(node, str):
        return resolve(node[1:]) if node.startswith("#") else WORDS[node]
    return replace(_shape(node, resolve), **_details(node))


def _shape(node: dict[str, Any], resolve: Resolve) -> Schema:
    def child(inner: Node) -> Schema:
        return parse(inner, resolve)

    if "fields" in node:
        return Schema("object", fields=LazyFields(node["fields"], child))
    for word in ("list", "map"):
        if word in node:
            kind: Type = "list" if word == "list" else "map"
            return Schema(kind, items=child(node[word]))
    return child(node["type"])


def _details(node: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: tuple(node[key])
        for key, name in (("required", "required"), ("keys", "list_keys"), ("enum", "enum"))
        if key in node
    }
    found |= {
        name: node[key]
        for key, name in (
            ("listType", "list_type"),
            ("mapType", "map_type"),
            ("merge", "patch_merge_key"),
            ("nullable", "nullable"),
            ("format", "format"),
            ("preservesUnknown", "preserves_unknown"),
            ("keepsZero", "keeps_zero"),
        )
        if key in node
    }
    if (default := node.get("default", UNSET)) is not UNSET:
        found["default"] = default
    if "strategy" in node:
        found["patch_strategy"] = frozenset(node["strategy"].split(","))
    if "rules" in node:
        found["rules"] = tuple(Rule(**rule) for rule in node["rules"])
    if limits := {key: node[key] for key in node if key in LIMITS}:
        found["limits"] = limits
    return found
