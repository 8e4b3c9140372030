"""CustomResourceDefinitions at work: what they define is served as soon as they are there, and goes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import deletion, problems, writes
from meshglobal.sandbox.apiserver.objects import JSON, metadata, name_of, timestamp
from meshglobal.sandbox.apiserver.resources import Resource, Subresource

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshglobal.sandbox.apiserver.state import State
    from meshglobal.sandbox.apiserver.store import Change

DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io"
_VERBS = ("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch")
_MANAGER = "kube-apiserver"


def resources_of(definition: JSON) -> list[Resource]:
    """Return a resource for each version that a definition serves."""
    spec = definition["spec"]
    stored = next((each["name"] for each in spec["versions"] if each.get("storage")), spec["versions"][0]["name"])
    return [_resource(definition, version, stored) for version in spec["versions"] if version.get("served", True)]


def _resource(definition: JSON, version: JSON, stored: str) -> Resource:
    spec, names = definition["spec"], definition["spec"]["names"]
    fields = {each["jsonPath"].lstrip("."): "" for each in version.get("selectableFields") or ()}
    return Resource(
        group=spec["group"],
        version=version["name"],
        plural=names["plural"],
        kind=names["kind"],
        singular=names.get("singular") or names["kind"].lower(),
        namespaced=spec.get("scope") != "Cluster",
        short_names=tuple(names.get("shortNames") or ()),
        categories=tuple(names.get("categories") or ()),
        verbs=_VERBS,
        subresources=tuple(_subresources(version, names["kind"])),
        fields=fields,
        is_custom=True,
        has_generation=True,
        storage_version=stored,
        definition=definition,
        list_kind=names.get("listKind") or f"{names['kind']}List",
    )


def _subresources(version: JSON, kind: str) -> list[Subresource]:
    given = version.get("subresources") or {}
    found = [Subresource("status", kind)] if "status" in given else []
    if "scale" in given:
        found.append(Subresource("scale", "Scale", group="autoscaling", version="v1"))
    return found


class CustomKinds:
    """Keeps the catalogue of one cluster in step with its definitions."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._stop = state.store.listen(DEFINITIONS, self._tell)
        self._waiting: dict[str, Callable[[], None]] = {}
        """Storage key of a kind that is to go, but whose objects are held -> what ends listening to them."""

    def stop(self) -> None:
        """Follow the definitions no more."""
        for stop in (self._stop, *self._waiting.values()):
            stop()

    def _tell(self, change: Change) -> None:
        definition = change.entry.obj
        if change.type == "DELETED":
            return
        if metadata(definition).get("deletionTimestamp"):
            self._withdraw(definition)
            return
        for resource in resources_of(definition):
            self._state.catalogue.add(resource)
        if not (definition.get("status") or {}).get("conditions"):
            self._write(definition | {"status": self._accepted(definition)}, "status")

    def _accepted(self, definition: JSON) -> JSON:
        now = timestamp(self._state.now())
        names = {
            "type": "NamesAccepted",
            "status": "True",
            "lastTransitionTime": now,
            "reason": "NoConflicts",
            "message": "no conflicts found",
        }
        established = {
            "type": "Established",
            "status": "True",
            "lastTransitionTime": now,
            "reason": "InitialNamesAccepted",
            "message": "the initial names have been accepted",
        }
        accepted = {"acceptedNames": definition["spec"]["names"], "conditions": [names, established]}
        return (definition.get("status") or {}) | accepted

    def _withdraw(self, definition: JSON) -> None:
        """Delete all objects of the definition's kind, then let it go."""
        for resource in resources_of(definition)[:1]:
            for entry in self._state.store.all(resource.key):
                deletion.delete(self._state, resource, entry.key)
            if self._state.store.all(resource.key):
                self._wait(resource.key, name_of(definition))
                return
            self._waiting.pop(resource.key, _nothing)()
            self._state.catalogue.remove(resource.key)
        kept = [each for each in metadata(definition).get("finalizers") or () if each != deletion.CLEANUP]
        self._write(definition | {"metadata": metadata(definition) | {"finalizers": kept}}, "")

    def _wait(self, key: str, name: str) -> None:
        """Look again whenever one of the objects goes."""

        def gone(change: Change) -> None:
            entry = self._state.store.get(DEFINITIONS, ("", name))
            if change.type == "DELETED" and entry is not None:
                self._withdraw(entry.obj)

        if key not in self._waiting:
            self._waiting[key] = self._state.store.listen(key, gone)

    def _write(self, definition: JSON, subresource: str) -> None:
        resource = self._state.catalogue.by_key(DEFINITIONS)
        how = writes.Write(manager=_MANAGER, subresource=subresource)
        try:
            writes.update(self._state, resource, ("", name_of(definition)), lambda _: definition, how)
        except problems.ApiError as refusal:
            # Somebody has changed it since: that change comes here too.
            if refusal.reason != "Conflict":
                raise


def _nothing() -> None:
    """Stand for the end of listening where nobody listens."""
