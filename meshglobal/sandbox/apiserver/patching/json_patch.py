"""JSON patch (RFC 6902) as the API server applies it.

Two deviations, both recorded from a real server: `replace` of a missing key of an object adds it, and a negative
index counts from the end of an array. Whatever fails says the same: 422 and one fixed sentence.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from meshglobal.sandbox.apiserver.problems import ApiError

MOST_OPERATIONS = 10_000
_NEEDS_VALUE = ("add", "replace", "test")
_NEEDS_SOURCE = ("move", "copy")


def json_patch(target: Any, operations: list[Any]) -> Any:
    """Return what the operations, one after the other, make of `target`, which is not changed.

    Raises ApiError: 413 for more than 10 000 operations, 422 for an operation that is unknown or cannot be done.
    """
    if len(operations) > MOST_OPERATIONS:
        text = f"The allowed maximum operations in a JSON patch is {MOST_OPERATIONS}, got {len(operations)}"
        raise ApiError(413, "RequestEntityTooLarge", text)
    document = {"": copy.deepcopy(target)}  # the empty key makes the whole document an ordinary place
    try:
        for operation in operations:
            _perform(document, operation)
        return document[""]
    except (LookupError, TypeError, ValueError, AttributeError) as impossible:
        raise _refused() from impossible


def _refused() -> ApiError:
    return ApiError(422, "Invalid", "the server rejected our request due to an error in our request")


def _perform(document: Any, operation: dict[str, Any]) -> None:
    kind, path = operation["op"], operation["path"]
    if kind in _NEEDS_VALUE:
        value = copy.deepcopy(operation["value"])
    elif kind in _NEEDS_SOURCE:
        parent, key = _locate(document, operation["from"])
        value = copy.deepcopy(_get(parent, key))
        if kind == "move":
            _remove(parent, key)
    elif kind != "remove":
        raise ValueError(kind)
    parent, key = _locate(document, path)
    if kind == "test":
        if _shown(_get(parent, key, absent=None)) != _shown(value):
            raise ValueError(path)
    elif kind == "remove":
        _remove(parent, key)
    elif kind == "replace":
        _replace(parent, key, value)
    else:
        _add(parent, key, value)


def _locate(document: Any, pointer: str) -> tuple[Any, str]:
    """Return the container and the key that a JSON pointer names; the container must exist."""
    if pointer and not pointer.startswith("/"):
        raise ValueError(pointer)
    *parents, last = (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/"))
    place = document
    for part in parents:
        place = _get(place, part)
    return place, last


def _index(key: str, size: int) -> int:
    """Return a position below `size`; raises IndexError, or ValueError for what is no number."""
    index = int(key)
    if not -size <= index < size:
        raise IndexError(key)
    return index + size if index < 0 else index


_MISSING = object()


def _get(place: Any, key: str, absent: Any = _MISSING) -> Any:
    if isinstance(place, list):
        return place[_index(key, len(place))]
    return place[key] if absent is _MISSING else place.get(key, absent)


def _shown(value: Any) -> str:
    """Return what tells two JSON values apart; to Python, true and 1 are equal."""
    return json.dumps(value, sort_keys=True)


def _add(place: Any, key: str, value: Any) -> None:
    if isinstance(place, list):
        place.insert(len(place) if key == "-" else _index(key, len(place) + 1), value)
    else:
        place[key] = value


def _replace(place: Any, key: str, value: Any) -> None:
    place[_index(key, len(place)) if isinstance(place, list) else key] = value


def _remove(place: Any, key: str) -> None:
    del place[_index(key, len(place)) if isinstance(place, list) else key]
