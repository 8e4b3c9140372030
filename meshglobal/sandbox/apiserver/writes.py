"""Creating and changing objects: what every write goes through, whoever asks for it.

create: names and system metadata -> defaults -> admission -> validation -> managed fields -> store.
update: what the writer may not change is taken from the stored object, then the same. A write that changes nothing
keeps its resourceVersion, and an object that is being deleted goes with its last finalizer.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import problems
from meshglobal.sandbox.apiserver.objects import JSON, metadata, name_of, namespace_of, timestamp
from meshglobal.sandbox.apiserver.store import Entry, Key

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshglobal.sandbox.apiserver.resources import Resource
    from meshglobal.sandbox.apiserver.state import State

_SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
_SYSTEM_FIELDS = ("uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds")
_LONGEST_BASE = 58


@dataclass(frozen=True, slots=True)
class Write:
    """How something is written: by which field manager, to which subresource, and whether only for show."""

    manager: str = "sandbox"
    subresource: str = ""
    is_dry_run: bool = False


def generated_name(base: str) -> str:
    """Return `base` and five random letters, as generateName asks for."""
    return base[:_LONGEST_BASE] + "".join(secrets.choice(_SUFFIX_LETTERS) for _ in range(5))


def create(state: State, resource: Resource, obj: JSON, how: Write) -> Entry:
    """Store a new object and return it; raises ApiError (409, 422, ...)."""
    new = _born(state, obj)
    if state.store.get(resource.key, (namespace_of(new), name_of(new))):
        raise problems.already_exists(resource.plural, resource.group, name_of(new))
    return _stored(state, resource, new, how)


def update(state: State, resource: Resource, key: Key, change: Callable[[JSON], JSON], how: Write) -> Entry:
    """Replace an object with what `change` makes of it; raises ApiError (404, 409, 422, ...)."""
    before = state.store.get(resource.key, key)
    if before is None:
        raise problems.not_found(resource.plural, resource.group, key[1])
    new = change(before.obj)
    wanted = metadata(new).get("resourceVersion")
    if wanted and wanted != before.obj["metadata"]["resourceVersion"]:
        raise problems.conflict(resource.plural, resource.group, key[1])
    new = _carried_over(before.obj, new, how.subresource)
    if _same(before.obj, new):
        return before
    return _stored(state, resource, new, how)


def _born(state: State, obj: JSON) -> JSON:
    """Return the object with the metadata that the server gives a new one."""
    meta = dict(metadata(obj))
    if not meta.get("name") and meta.get("generateName"):
        meta["name"] = generated_name(meta["generateName"])
    for system in ("resourceVersion", *_SYSTEM_FIELDS):
        meta.pop(system, None)
    meta |= {"uid": str(uuid.uuid4()), "creationTimestamp": timestamp(state.now()), "generation": 1}
    return obj | {"metadata": meta}


def _carried_over(old: JSON, new: JSON, subresource: str) -> JSON:
    """Return the new object with what this write may not touch as it was."""
    if subresource == "status":
        new = old | {"status": new.get("status")}
    elif "status" in old:
        new = new | {"status": old["status"]}
    before = metadata(old)
    meta = {key: value for key, value in metadata(new).items() if key not in _SYSTEM_FIELDS}
    meta |= {key: before[key] for key in (*_SYSTEM_FIELDS, "resourceVersion") if key in before}
    return new | {"metadata": meta}


def _same(old: JSON, new: JSON) -> bool:
    return old == new


def _stored(state: State, resource: Resource, new: JSON, how: Write) -> Entry:
    if how.is_dry_run:
        return Entry(new)
    numbered = new["metadata"] | {"resourceVersion": str(state.store.next_version())}
    return state.store.put(resource.key, new | {"metadata": numbered})
