"""Deleting a namespace: its contents first, then - when nothing is held back any more - the namespace itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON, metadata, name_of, namespace_of
from meshglobal.sandbox.controllers.conditions import merged
from meshglobal.sandbox.controllers.controller import ALL, Cluster, Key, KeysOf
from meshglobal.sandbox.controllers.ownership import is_leaving

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from meshglobal.sandbox.controllers.picture import Event

NAMESPACES = "namespaces"


def deletion_conditions(contents: Mapping[str, Sequence[JSON]], old: Sequence[JSON], now: dt.datetime) -> list[JSON]:
    """Return the five conditions of a namespace that is being deleted.

    Args:
        contents: resource -> the objects that are still there, all of them marked for deletion.
        old: the conditions so far.
        now: the time for those that change.
    """
    finalizers = Counter(
        finalizer for objects in contents.values() for each in objects for finalizer in _finalizers(each)
    )
    found = [
        _fine("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered"),
        _fine("NamespaceDeletionGroupVersionParsingFailure", "ParsedGroupVersions", _PARSED),
        _fine("NamespaceDeletionContentFailure", "ContentDeleted", _DELETED),
        _left("NamespaceContentRemaining", "SomeResourcesRemain", _remaining(contents))
        if contents
        else _fine("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed"),
        _left("NamespaceFinalizersRemaining", "SomeFinalizersRemain", _held(finalizers))
        if finalizers
        else _fine(
            "NamespaceFinalizersRemaining", "ContentHasNoFinalizers", "All content-preserving finalizers finished"
        ),
    ]
    return [merged(old, each, now) for each in found]


_PARSED = "All legacy kube types successfully parsed"
_DELETED = "All content successfully deleted, may be waiting on finalization"


def _remaining(contents: Mapping[str, Sequence[JSON]]) -> str:
    # The real server writes RESOURCE.GROUP even where the group is empty: `services. has 1 resource instances`.
    named = {resource if "." in resource else f"{resource}.": len(found) for resource, found in contents.items()}
    counts = [f"{resource} has {count} resource instances" for resource, count in sorted(named.items())]
    return "Some resources are remaining: " + ", ".join(counts)


def _held(finalizers: Mapping[str, int]) -> str:
    counts = [f"{finalizer} in {count} resource instances" for finalizer, count in sorted(finalizers.items())]
    return "Some content in the namespace has finalizers remaining: " + ", ".join(counts)


def _finalizers(obj: JSON) -> list[str]:
    return metadata(obj).get("finalizers") or []


def _fine(kind: str, reason: str, message: str) -> JSON:
    return {"type": kind, "status": "False", "reason": reason, "message": message}


def _left(kind: str, reason: str, message: str) -> JSON:
    return {"type": kind, "status": "True", "reason": reason, "message": message}


class NamespaceDeletion:
    """Empties namespaces that are being deleted."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.watches: Mapping[str, KeysOf] = {ALL: self._gone_from, NAMESPACES: _when_leaving}

    def reconcile(self, key: Key) -> None:
        """Delete what is in a leaving namespace, say what remains, and let the namespace go when nothing does."""
        picture, client = self._cluster.picture, self._cluster.client
        namespace = picture.get(NAMESPACES, *key)
        if namespace is None or not is_leaving(namespace):
            return
        for resource, objects in picture.contents(key[1]).items():
            for each in objects:
                if not is_leaving(each):
                    client.delete(resource, key[1], name_of(each))
        left = picture.contents(key[1])
        if not left:
            client.replace(NAMESPACES, namespace | {"spec": {"finalizers": []}}, "finalize")
            return
        status = namespace.get("status") or {}
        conditions = deletion_conditions(left, status.get("conditions") or [], self._cluster.now())
        self._cluster.write_status(NAMESPACES, namespace, status | {"conditions": conditions})

    def _gone_from(self, event: Event) -> list[Key]:
        """Return the leaving namespace from which something goes: it may have been the last."""
        namespace = self._cluster.picture.get(NAMESPACES, "", namespace_of(event.obj))
        return [("", name_of(namespace))] if namespace is not None and is_leaving(namespace) else []


def _when_leaving(event: Event) -> list[Key]:
    return [("", name_of(event.obj))] if event.after is not None and is_leaving(event.after) else []
