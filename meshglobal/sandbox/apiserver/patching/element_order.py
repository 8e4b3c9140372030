"""Where the elements of a strategically merged list come to stand.

The elements that the patch names keep the patch's order, those that only the server has keep the server's; the two
are interleaved by where they stood before, and what the server does not know goes as far to the front as it can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def ordered(
    merged: Sequence[Any], wanted: Sequence[Any], before: Sequence[Any], identity: Callable[[Any], Any]
) -> list[Any]:
    """Return `merged` in the order that `wanted` (the patch's) and `before` (the server's) ask for.

    `identity` gives what tells two elements apart: the merge key's value, or the scalar itself.
    """
    named = _positions(wanted, identity)
    known = _positions(before, identity)
    last = len(merged)
    patched = [each for each in merged if identity(each) in named]
    server_only = [each for each in merged if identity(each) not in named]
    patched.sort(key=lambda each: named[identity(each)])
    server_only.sort(key=lambda each: known.get(identity(each), last))
    return _interleaved(server_only, patched, lambda each: known.get(identity(each)))


def _positions(elements: Sequence[Any], identity: Callable[[Any], Any]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for position, element in enumerate(elements):
        found.setdefault(identity(element), position)
    return found


def _interleaved(left: list[Any], right: list[Any], position: Callable[[Any], int | None]) -> list[Any]:
    """Merge two lists, each in its own order; a left one goes first only where it is known to have stood before."""
    result: list[Any] = []
    waiting, others = iter(left), iter(right)
    mine, theirs = next(waiting, None), next(others, None)
    while mine is not None and theirs is not None:
        here, there = position(mine), position(theirs)
        if here is not None and there is not None and here < there:
            result.append(mine)
            mine = next(waiting, None)
        else:
            result.append(theirs)
            theirs = next(others, None)
    tail = [each for each in (mine, theirs) if each is not None]
    return [*result, *tail, *waiting, *others]
