"""The fewest writes that lead from what a service has to what it must have: pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from meshglobal.sandbox.controlplane.observed import JSON
from meshglobal.sandbox.controlplane.ownership import Ownership, labels_of
from meshglobal.sandbox.controlplane.translate import EntryKey


class Write(NamedTuple):
    """One write; the object of a delete is the existing one."""

    verb: Literal["create", "replace", "delete"]
    resource: str
    obj: JSON


def writes(wanted: Mapping[EntryKey, JSON], present: Mapping[EntryKey, JSON], ownership: Ownership) -> Iterator[Write]:
    """Creates and replacements in the order of ``wanted``, then deletions; nothing where all is well."""
    for known in present.values():
        ownership.note(known)
    for key, bare in wanted.items():
        obj, there = ownership.stamped(bare), present.get(key)
        if there is None:
            yield Write("create", key[0], obj)
        elif not _is_same(obj, there) and ownership.may_replace(there):
            yield Write("replace", key[0], _in_place_of(there, obj))
    for key, known in present.items():
        if key not in wanted and ownership.may_delete(known):
            yield Write("delete", key[0], known)


def _is_same(wanted: JSON, present: JSON) -> bool:
    """Whether spec, labels and annotations are exactly as wanted; the rest belongs to the API server."""
    return (
        wanted["spec"] == present.get("spec")
        and labels_of(wanted) == labels_of(present)
        and not present["metadata"].get("annotations")
    )


def _in_place_of(present: JSON, wanted: JSON) -> JSON:
    """The wanted object with the identity and version of the present one, so that a change in between is a conflict."""
    kept = {key: present["metadata"][key] for key in ("uid", "resourceVersion") if key in present["metadata"]}
    return wanted | {"metadata": wanted["metadata"] | kept}
