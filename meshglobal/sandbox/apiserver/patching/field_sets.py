"""Sets of field paths, as managedFields record them (fieldsV1).

A path is a tuple of path elements in fieldsV1's own spelling: `f:NAME` for a field or a map's key, `k:{...}` for an
element of a list that is keyed like a map, `v:VALUE` for one of a set. A set of paths is a frozenset; union,
intersection and difference are Python's. Which lists and maps have paths inside, and which change as a whole, is the
schema's to say. Follows sigs.k8s.io/structured-merge-diff.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.schema import Schema

Path = tuple[str, ...]
Paths = frozenset[Path]
Parts = dict[str, tuple[Any, "Schema | None"]]
"""Path element -> value and its schema, in order."""

ABSENT: Any = object()
MEMBER = "."


@dataclass(frozen=True, slots=True)
class Difference:
    """What one object has that another has not: paths of all depths; `changed` are leaves with another value."""

    added: Paths
    changed: Paths
    removed: Paths


def compact(value: Any) -> str:
    """Return JSON without blanks, as path elements carry it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def child_schema(schema: Schema | None, name: str) -> Schema | None:
    """Return the schema of an object's field or a map's value; None where nothing is known about it."""
    return (schema.fields.get(name) or schema.items) if schema else None


def parts(value: Any, schema: Schema | None) -> Parts | None:
    """Return what a value consists of, or None for one that is owned as a whole."""
    if isinstance(value, dict):
        if schema and schema.map_type == "atomic":
            return None
        return {f"f:{name}": (each, child_schema(schema, name)) for name, each in value.items()}
    if isinstance(value, list) and schema and schema.list_type != "atomic":
        return {element_of(each, schema): (each, schema.items) for each in value}
    return None


def element_of(item: Any, schema: Schema) -> str:
    """Return the path element of an item of a set or of a list that is keyed like a map.

    Raises ValueError where the item lacks a key that has no default.
    """
    if schema.list_type == "set":
        return f"v:{compact(item)}"
    keys = {name: _key(item, name, schema) for name in sorted(schema.list_keys)}
    return f"k:{compact(keys)}"


def _key(item: Any, name: str, schema: Schema) -> Any:
    if isinstance(item, dict) and name in item:
        return item[name]
    known = schema.items.fields.get(name) if schema.items else None
    if known and isinstance(known.default, str | int):
        return known.default
    text = f'associative list with keys has an element that omits key field "{name}" (and doesn\'t have default value)'
    raise ValueError(text)


def field_set(obj: JSON, schema: Schema | None) -> Paths:
    """Return the paths that an applied configuration speaks about."""
    return frozenset(_spoken_of((), obj, schema))


def _spoken_of(path: Path, value: Any, schema: Schema | None) -> Iterator[Path]:
    inside = parts(value, schema)
    if inside is None:
        yield path
        return
    declared = schema.fields if schema else {}
    for element, (each, known) in inside.items():
        is_item = not element.startswith("f:") or element[2:] not in declared
        if is_item or each is None or each == {}:
            yield (*path, element)
        if each != {}:
            yield from _spoken_of((*path, element), each, known)


def compare(old: Any, new: Any, schema: Schema | None) -> Difference:
    """Return how two objects of one kind differ."""
    added: set[Path] = set()
    changed: set[Path] = set()
    removed: set[Path] = set()

    def visit(path: Path, before: Any, after: Any, known: Schema | None) -> None:
        if before is ABSENT:
            added.add(path)
        elif after is ABSENT:
            removed.add(path)
        elif before == after:
            return
        was = None if before is ABSENT else parts(before, known)
        now = None if after is ABSENT else parts(after, known)
        if not was and not now:  # leaves on both sides, or nothing inside
            if before is not ABSENT and after is not ABSENT:
                changed.add(path)
            return
        for element, (_each, inner) in ((was or {}) | (now or {})).items():
            old_each = was.get(element, (ABSENT,))[0] if was else ABSENT
            new_each = now.get(element, (ABSENT,))[0] if now else ABSENT
            visit((*path, element), old_each, new_each, inner)

    visit((), old, new, schema)
    return Difference(frozenset(added - {()}), frozenset(changed - {()}), frozenset(removed - {()}))


def with_named_fields(paths: Paths, schema: Schema | None) -> Paths:
    """Return the paths and each declared field on the way to them."""
    found = set(paths)
    for path in paths:
        known = schema
        for depth, element in enumerate(path, start=1):
            name = element[2:]
            is_field = element.startswith("f:")
            if is_field and known and name in known.fields:
                found.add(path[:depth])
            known = child_schema(known, name) if is_field else (known.items if known else None)
    return frozenset(found)


@lru_cache(maxsize=4096)
def encode(paths: Paths) -> JSON:
    """Return paths as fieldsV1; the document is shared with whoever asks for the same paths, and not to be changed.

    Most objects of a mesh are made alike, so few documents serve them all.
    """
    tree: JSON = {}
    for path in sorted(paths, key=len):
        node = tree
        for element in path:
            if not node.get(element, True):  # a member so far without anything inside
                node[element] = {MEMBER: {}}
            node = node.setdefault(element, {})
    return _sorted(tree)


def _sorted(tree: JSON) -> JSON:
    return {element: _sorted(tree[element]) for element in sorted(tree)}


def decode(tree: Mapping[str, Any]) -> Paths:
    """Return the paths of a fieldsV1 document."""
    return frozenset(_members((), tree))


def _members(path: Path, tree: Mapping[str, Any]) -> Iterator[Path]:
    for element, inside in tree.items():
        if element == MEMBER:
            yield path
        elif inside:
            yield from _members((*path, element), inside)
        else:
            yield (*path, element)


def shown(path: Path) -> str:
    """Return a path as messages show it: `.spec.ports[port=80,protocol="TCP"].name`."""
    return "".join(_shown_element(element) for element in path)


def _shown_element(element: str) -> str:
    kind, text = element[:2], element[2:]
    if kind == "f:":
        return f".{text}"
    if kind == "v:":
        return f"[={text}]"
    return "[" + ",".join(f"{name}={compact(value)}" for name, value in json.loads(text).items()) + "]"
