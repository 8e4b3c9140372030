"""Merging and cutting typed values: what server-side apply does to an object.

Lists that are keyed like maps, and sets, merge element by element; atomic lists and maps are replaced as a whole.
Follows sigs.k8s.io/structured-merge-diff, down to the order of list elements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver.patching.field_sets import ABSENT, MEMBER, child_schema, element_of, encode, parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.patching.field_sets import Paths
    from meshglobal.sandbox.apiserver.schema import Schema


def merge(live: Any, config: Any, schema: Schema | None) -> Any:
    """Return the live value with everything that the configuration says; neither is changed."""
    if config is ABSENT:
        return live
    if live is ABSENT or parts(config, schema) is None or parts(live, schema) is None:
        return config
    if isinstance(config, dict) and isinstance(live, dict):
        return _merged_map(live, config, schema)
    if isinstance(config, list) and isinstance(live, list) and schema:
        return _merged_list(live, config, schema)
    return config


def _merged_map(live: JSON, config: JSON, schema: Schema | None) -> JSON:
    merged = dict(live)
    for name, wanted in config.items():
        if wanted is None:
            if not isinstance(live.get(name), dict | list):
                merged.pop(name, None)
        else:
            merged[name] = merge(live.get(name, ABSENT), wanted, child_schema(schema, name))
    return merged


def _merged_list(live: list[Any], config: list[Any], schema: Schema) -> list[Any]:
    """Return both lists' elements: in the configuration's order, what only lives between them where it was."""
    mine = {element_of(each, schema): each for each in config}
    theirs = {element_of(each, schema): each for each in live}
    return [
        merge(theirs.get(element, ABSENT), mine.get(element, ABSENT), schema.items)
        for element in _merged_order(list(theirs), list(mine))
    ]


def _merged_order(live: list[str], config: list[str]) -> list[str]:
    """Return the elements of both lists, each once."""
    shared = [each for each in config if each in live]
    merged: list[str] = []
    done: set[str] = set()
    left = right = 0
    while left < len(live) or right < len(config):
        here = live[left] if left < len(live) else None
        there = config[right] if right < len(config) else None
        upcoming = next((each for each in shared if each not in done), None)
        if here is not None and here == there:
            left, right = left + 1, right + 1
        elif here is not None and there is not None and here in shared and upcoming not in (None, here):
            left += 1  # the configuration has it somewhere else
            continue
        elif here is not None and here not in shared:
            left += 1
            merged.append(here)
            continue
        elif there is None:
            left += 1
            continue
        else:
            left += here in done
            right += 1
        merged.append(str(there))
        done.add(str(there))
    return merged


def without(value: JSON, paths: Paths, schema: Schema | None) -> JSON:
    """Return an object without what stands at the paths; what is empty because of that goes as well."""
    left = _cut(value, encode(paths), schema)
    return left if isinstance(left, dict) else {}


def _cut(value: Any, tree: Mapping[str, Any], schema: Schema | None) -> Any:
    """Return what is left of a value, None for nothing."""
    inside = parts(value, schema)
    if inside is None:
        return value
    left = {}
    for element, (each, known) in inside.items():
        below = tree.get(element)
        if below is not None and (not below or MEMBER in below):
            continue
        kept = each if below is None else _cut(each, below, known)
        if kept is not None:
            left[element] = kept
    if not left:
        return value if not inside else None
    return {element[2:]: kept for element, kept in left.items()} if isinstance(value, dict) else list(left.values())
