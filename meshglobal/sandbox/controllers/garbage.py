"""Garbage collection: what an owner leaves behind when it goes, as its finalizers and its dependents' references say.

- Background (no finalizer): dependents go once none of their owners exists any more.
- Foreground (`foregroundDeletion`): dependents go first, the owner when none that blocks it is left.
- Orphan (`orphan`): dependents lose the reference and stay.

A key of this controller is the uid of an owner (in the place of a name), with a space in the place of a namespace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from meshglobal.sandbox.apiserver.objects import JSON, metadata, name_of, namespace_of
from meshglobal.sandbox.controllers.controller import ALL, Cluster, Key, KeysOf
from meshglobal.sandbox.controllers.ownership import is_leaving, owners_of, uid_of, with_owners

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from meshglobal.sandbox.controllers.picture import Event

ORPHAN, FOREGROUND = "orphan", "foregroundDeletion"
_UIDS = " "


def verdict(dependent: JSON, gone: str, is_there: Callable[[str], bool]) -> Literal["keep", "release", "delete"]:
    """Say what becomes of an object whose owner with the uid `gone` is no more.

    It stays, without the reference, as long as another of its owners exists.
    """
    owners = [each["uid"] for each in owners_of(dependent)]
    if gone not in owners or is_leaving(dependent):
        return "keep"
    return "release" if any(is_there(each) for each in owners if each != gone) else "delete"


def without_owner(obj: JSON, uid: str) -> JSON:
    """Return the object without its reference to the owner of this uid."""
    return with_owners(obj, [each for each in owners_of(obj) if each["uid"] != uid])


def without_finalizer(obj: JSON, finalizer: str) -> JSON:
    """Return the object without one of its finalizers."""
    left = [each for each in metadata(obj).get("finalizers") or () if each != finalizer]
    meta = {key: value for key, value in obj["metadata"].items() if key != "finalizers"}
    return obj | {"metadata": meta | ({"finalizers": left} if left else {})}


def blocks(dependent: JSON, owner_uid: str) -> bool:
    """Whether a dependent holds back the foreground deletion of its owner."""
    return any(each["uid"] == owner_uid and each.get("blockOwnerDeletion") for each in owners_of(dependent))


class Garbage:
    """Collects the dependents of what is gone or goes."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._leaving: dict[str, tuple[str, str, str]] = {}
        self.watches: Mapping[str, KeysOf] = {ALL: self._owners}

    def reconcile(self, key: Key) -> None:
        """Look after the dependents of one owner."""
        uid, picture = key[1], self._cluster.picture
        where = self._leaving.get(uid)
        owner = picture.get(*where) if where else None
        if owner is not None and where is not None and uid_of(owner) == uid:
            self._attend(where[0], owner)
        elif not picture.has_uid(uid):
            self._leaving.pop(uid, None)
            for resource, each in picture.dependents(uid):
                self._collect(resource, each, uid)

    def _attend(self, resource: str, owner: JSON) -> None:
        """Do what the finalizers of a leaving owner ask for, then take them off."""
        uid = uid_of(owner)
        finalizers = metadata(owner).get("finalizers") or ()
        dependents = self._cluster.picture.dependents(uid)
        if ORPHAN in finalizers:
            for kind, each in dependents:
                self._cluster.client.replace(kind, without_owner(each, uid))
            self._cluster.client.replace(resource, without_finalizer(owner, ORPHAN))
        elif FOREGROUND in finalizers:
            for kind, each in dependents:
                self._collect_in_foreground(kind, each, uid)
            if not any(blocks(each, uid) for _, each in self._cluster.picture.dependents(uid)):
                self._cluster.client.replace(resource, without_finalizer(owner, FOREGROUND))

    def _collect(self, resource: str, dependent: JSON, gone: str) -> None:
        match verdict(dependent, gone, self._cluster.picture.has_uid):
            case "release":
                self._cluster.client.replace(resource, without_owner(dependent, gone))
            case "delete":
                self._cluster.client.delete(resource, namespace_of(dependent), name_of(dependent))

    def _collect_in_foreground(self, resource: str, dependent: JSON, owner: str) -> None:
        """Delete a dependent unless another owner keeps it."""
        if verdict(dependent, owner, self._cluster.picture.has_uid) == "delete":
            self._cluster.client.delete(resource, namespace_of(dependent), name_of(dependent))

    def _owners(self, event: Event) -> list[Key]:
        """Return the owners to look after: the object itself if it goes, and those it names."""
        named = [each["uid"] for each in owners_of(event.obj)]
        if event.after is None:
            # Whoever waits in the foreground may go now.
            return [(_UIDS, uid) for uid in (uid_of(event.obj), *(each for each in named if each in self._leaving))]
        if is_leaving(event.after):
            self._leaving[uid_of(event.after)] = (event.resource, namespace_of(event.after), name_of(event.after))
            return [(_UIDS, uid_of(event.after))]
        return [(_UIDS, each) for each in named if each in self._leaving or not self._cluster.picture.has_uid(each)]
