"""Deleting objects: at once, or - held back by finalizers - when the last of them is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import problems
from meshglobal.sandbox.apiserver.objects import timestamp

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.resources import Resource
    from meshglobal.sandbox.apiserver.state import State
    from meshglobal.sandbox.apiserver.store import Entry, Key


def delete(state: State, resource: Resource, key: Key) -> Entry:
    """Delete an object, or mark it while finalizers hold it; return what it is now or was last."""
    entry = state.store.get(resource.key, key)
    if entry is None:
        raise problems.not_found(resource.plural, resource.group, key[1])
    meta = entry.obj["metadata"]
    if not meta.get("finalizers"):
        last = meta | {"resourceVersion": str(state.store.next_version())}
        return state.store.remove(resource.key, entry.obj | {"metadata": last})
    if meta.get("deletionTimestamp"):
        return entry
    marks = {"deletionTimestamp": timestamp(state.now()), "deletionGracePeriodSeconds": 0}
    marked = meta | marks | {"resourceVersion": str(state.store.next_version())}
    return state.store.put(resource.key, entry.obj | {"metadata": marked})
