"""What a few kinds do differently when they are made or changed, and what a write may not touch.

A write to an object leaves its status alone, one to a subresource touches that part alone; the system's own metadata
belongs to the server. The rest are habits of single kinds: a Namespace's name label, its finalizer, its phase.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON, metadata, name_of
from meshglobal.sandbox.apiserver.pod_quality import quality_of_service

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.resources import Resource

_SYSTEM_FIELDS = ("creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink")
_NAME_LABEL = "kubernetes.io/metadata.name"


def without_status(resource: Resource, obj: JSON) -> JSON:
    """Return a new object without a status, where that is not its maker's to say."""
    if not resource.subresource("status"):
        return obj
    return {key: value for key, value in obj.items() if key != "status"}


def born(resource: Resource, obj: JSON) -> JSON:
    """Return a new object with what the server begins it with, which no manager owns."""
    if resource.key == "namespaces":
        return obj | {"spec": _with_finalizer(obj.get("spec") or {}), "status": {"phase": "Active"}}
    if resource.key == "pods":
        return obj | {"status": {"phase": "Pending", "qosClass": quality_of_service(obj.get("spec") or {})}}
    return obj


def with_defaults(resource: Resource, obj: JSON) -> JSON:
    """Return a new object with what is filled in as if its maker had written it."""
    return _named(obj) if resource.key == "namespaces" else obj


def carried_over(resource: Resource, old: JSON, new: JSON, subresource: str) -> JSON:
    """Return the new object with what this write may not touch as it was."""
    match subresource:
        case "status":
            new = _with_status_alone(resource, old, new)
        case "finalize":
            new = old | {"metadata": metadata(new), "spec": new.get("spec") or {}}
        case "binding":
            new = old | {"spec": old["spec"] | {"nodeName": new["spec"]["nodeName"]}}
        case "ephemeralcontainers":
            added = (new.get("spec") or {}).get("ephemeralContainers")
            new = old | {"metadata": metadata(new), "spec": old["spec"] | {"ephemeralContainers": added}}
        case _:
            new = _with_status_of(resource, old, new)
    if resource.key == "namespaces":
        new = _named(new if subresource == "finalize" else new | {"spec": old.get("spec", {})})
    return new | {"metadata": _metadata(old, new)}


def _with_status_alone(resource: Resource, old: JSON, new: JSON) -> JSON:
    kept = {key: value for key, value in old.items() if key != "status"}
    status = {"status": new["status"]} if new.get("status") is not None else {}
    if resource.is_custom:
        # The status of a custom resource is all that this may change; of managedFields the write itself has a say.
        return kept | status | {"metadata": metadata(old) | _managed(new)}
    return kept | status | {"metadata": metadata(new)}


def _managed(obj: JSON) -> JSON:
    return {key: value for key, value in metadata(obj).items() if key == "managedFields"}


def _with_status_of(resource: Resource, old: JSON, new: JSON) -> JSON:
    if not resource.subresource("status"):
        return new
    kept = {key: value for key, value in new.items() if key != "status"}
    return kept | ({"status": old["status"]} if "status" in old else {})


def _metadata(old: JSON, new: JSON) -> JSON:
    before = metadata(old)
    meta = {key: value for key, value in metadata(new).items() if key not in _SYSTEM_FIELDS}
    meta |= {key: before[key] for key in (*_SYSTEM_FIELDS, "resourceVersion") if key in before}
    meta.setdefault("uid", before["uid"])
    meta.setdefault("managedFields", before.get("managedFields"))
    return {key: value for key, value in meta.items() if value is not None}


def _named(obj: JSON) -> JSON:
    meta = metadata(obj)
    labels = (meta.get("labels") or {}) | {_NAME_LABEL: name_of(obj)}
    return obj | {"metadata": meta | {"labels": labels}}


def _with_finalizer(spec: JSON) -> JSON:
    return spec | {"finalizers": list(dict.fromkeys([*(spec.get("finalizers") or []), "kubernetes"]))}
