"""Strategic merge patch: a merge patch that knows, from the schema, how lists merge.

Lists with patch strategy "merge" merge by their merge key (or as sets of scalars), all others are replaced.
Directives inside the patch: `$patch: replace|delete`, `$retainKeys`, `$setElementOrder/LIST`,
`$deleteFromPrimitiveList/LIST`.
Follows k8s.io/apimachinery/pkg/util/strategicpatch, down to the order of elements.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver.patching.element_order import ordered
from meshglobal.sandbox.apiserver.problems import ApiError, bad_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.schema import Schema

_DIRECTIVE = "$patch"
_RETAIN = "$retainKeys"
_ORDER = "$setElementOrder/"
_DELETE = "$deleteFromPrimitiveList/"


def strategic_merge(target: JSON, patch: JSON, schema: Schema | None) -> JSON:
    """Return what `patch` makes of `target`; neither is changed.

    Raises ApiError: 400 or 422 for directives that make no sense, 500 for a list element without its merge key (as the
    real server does).
    """
    return _object(target, patch, schema)


def _object(target: JSON, patch: JSON, schema: Schema | None) -> JSON:
    if _DIRECTIVE in patch:
        return _directed(patch)
    merged = _retained(target, patch)
    done = {_RETAIN}
    for key, wanted in patch.items():
        if key.startswith(_ORDER):
            name = key.removeprefix(_ORDER)
            done |= {key, name}
            _put(merged, name, _reordered(merged.get(name), patch.get(name), wanted, _child(schema, name)))
    for key, wanted in patch.items():
        if key.startswith(_DELETE):
            name = key.removeprefix(_DELETE)
            done.add(key)
            gone = _listed(wanted, key)
            if name in merged:
                merged[name] = [each for each in _listed(merged[name], key) if each not in gone]
    for key, wanted in patch.items():
        if key not in done:
            _put(merged, key, _value(merged.get(key), wanted, _child(schema, key)))
    return merged


def _listed(value: Any, directive: str) -> list[Any]:
    """Return a list that a directive needs; raises ApiError (400) for anything else."""
    if not isinstance(value, list):
        raise bad_request(f"invalid patch format of {directive.removeprefix('$').partition('/')[0]} list")
    return value


def _put(merged: JSON, key: str, value: Any) -> None:
    if value is None:
        merged.pop(key, None)
    else:
        merged[key] = value


def _directed(patch: JSON) -> JSON:
    """Return what `$patch` makes of an object, which does not depend on the object."""
    if patch[_DIRECTIVE] == "replace":
        return {key: value for key, value in patch.items() if key != _DIRECTIVE}
    if patch[_DIRECTIVE] == "delete":
        return {}
    raise _bad_directive(patch)


def _bad_directive(patch: JSON) -> ApiError:
    text = f"unknown patch type found in map: {patch[_DIRECTIVE]}"
    return ApiError(422, "Invalid", text)


def _retained(target: JSON, patch: JSON) -> JSON:
    """Return the target without what `$retainKeys` does not list."""
    if _RETAIN not in patch:
        return dict(target)
    kept = patch[_RETAIN]
    named = {key for key, value in patch.items() if value is not None and not key.startswith((_DELETE, _ORDER))}
    if not isinstance(kept, list) or any(key not in kept for key in named - {_RETAIN}):
        raise bad_request("invalid patch format of retainKeys")
    return {key: value for key, value in target.items() if key in kept}


def _child(schema: Schema | None, name: str) -> Schema | None:
    return (schema.fields.get(name) or schema.items) if schema else None


def _value(current: Any, wanted: Any, schema: Schema | None) -> Any:
    if isinstance(current, dict) and isinstance(wanted, dict):
        return _object(current, wanted, schema)
    if isinstance(current, list) and isinstance(wanted, list):
        if schema and "merge" in schema.patch_strategy:
            return _list(current, wanted, schema)
        return _without_directives(wanted)
    return _without_directives(wanted)


def _list(current: list[Any], wanted: list[Any], schema: Schema) -> list[Any]:
    key = schema.patch_merge_key
    if key is None:
        merged = list({_hashable(each): each for each in [*current, *wanted]}.values())
        return ordered(merged, wanted, current, _hashable)
    if not all(isinstance(each, dict) for each in [*current, *wanted]):
        raise ApiError(500, "", "list element types are not identical")
    identity = _identity_by(key)
    plain = [each for each in wanted if _DIRECTIVE not in each]
    if any(each.get(_DIRECTIVE) == "replace" for each in wanted):
        return [_without_directives(each) for each in plain]
    gone = {identity(each) for each in wanted if _deletes(each)}
    by_key = {identity(each): each for each in current if identity(each) not in gone}
    for each in plain:
        before = by_key.get(identity(each))
        item = _without_directives(each) if before is None else _object(before, each, schema.items)
        by_key[identity(each)] = item
    return ordered(list(by_key.values()), plain, current, identity)


def _deletes(element: JSON) -> bool:
    """Say whether a list element only names one to delete; raises ApiError (422) for any other directive."""
    directive = element.get(_DIRECTIVE)
    if directive not in (None, "delete"):
        raise _bad_directive(element)
    return directive == "delete"


def _identity_by(key: str) -> Callable[[Any], Any]:
    def identity(element: JSON) -> Any:
        if not isinstance(element, dict):
            raise ApiError(500, "", "list element types are not identical")
        if key not in element:
            shown = " ".join(f"{name}:{_go(value)}" for name, value in sorted(element.items()))
            raise ApiError(500, "", f"map: map[{shown}] does not contain declared merge key: {key}")
        return _hashable(element[key])

    return identity


def _hashable(value: Any) -> Any:
    return value if isinstance(value, str | int | float) else json.dumps(value)


def _go(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _reordered(current: Any, wanted: Any, order: Any, schema: Schema | None) -> Any:
    """Return a list, merged with the patch's where it has one, in the order that `$setElementOrder` asks for."""
    places = _listed(order, _ORDER)
    if current is None and wanted is None:
        return None
    before = _listed([] if current is None else current, _ORDER)
    merged = before if wanted is None else _value(current, _listed(wanted, _ORDER), schema)
    key = schema.patch_merge_key if schema else None
    identity = _identity_by(key) if key else _hashable
    if wanted is not None and not _follows(wanted, places, identity):
        raise bad_request(f"The order in patch list:\n{wanted}\n doesn't match {_ORDER} list:\n{order}\n")
    return ordered(merged, places, before, identity)


def _follows(wanted: list[Any], order: list[Any], identity: Callable[[Any], Any]) -> bool:
    """Say whether the patch's elements, but for those it deletes, stand in `order` in the same sequence."""
    names = [identity(each) for each in wanted if not (isinstance(each, dict) and _DIRECTIVE in each)]
    places = [identity(each) for each in order]
    positions = [places.index(name) if name in places else -1 for name in names]
    return -1 not in positions and positions == sorted(positions)


def _without_directives(value: Any) -> Any:
    """Return a value that has nothing to merge with: no directives, no nulls."""
    if isinstance(value, list):
        return [_without_directives(each) for each in value if not (isinstance(each, dict) and _DIRECTIVE in each)]
    if not isinstance(value, dict):
        return value
    plain = {key: each for key, each in value.items() if not key.startswith("$") and each is not None}
    return {key: _without_directives(each) for key, each in plain.items()}
