"""In-process access to an embedded cluster, for its controllers and the emulated control plane.

The same checks as over HTTP, without the network: refusals are `ApiError`s. Objects that come out of here are the
stored ones and must not be changed; `objects.fresh` gives a copy to build on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import deletion, writes
from meshglobal.sandbox.apiserver.objects import JSON, name_of, namespace_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshglobal.sandbox.apiserver.resources import Resource
    from meshglobal.sandbox.apiserver.state import State
    from meshglobal.sandbox.apiserver.store import Change


class LocalClient:
    """Reads, writes and follows the objects of one cluster; belongs to the event loop that serves it.

    `resource` is a plural and its group: `services`, `deployments.apps`, `serviceentries.networking.istio.io`.
    """

    def __init__(self, state: State, manager: str = "sandbox") -> None:
        self._state = state
        self._manager = manager

    @property
    def cluster(self) -> str:
        """The name of the cluster."""
        return self._state.name

    def as_manager(self, manager: str) -> LocalClient:
        """Return a client of the same cluster whose writes belong to another field manager."""
        return LocalClient(self._state, manager)

    def get(self, resource: str, namespace: str | None, name: str) -> JSON | None:
        """Return an object, or None where there is none."""
        entry = self._state.store.get(self._kind(resource).key, (namespace or "", name))
        return entry.obj if entry else None

    def list(self, resource: str, namespace: str | None = None) -> list[JSON]:
        """Return the objects of a resource, in one namespace or in all, ordered by namespace and name."""
        return [entry.obj for entry in self._state.store.all(self._kind(resource).key, namespace)]

    def create(self, resource: str, obj: JSON) -> JSON:
        """Create an object and return it as stored; raises ApiError (409 where the name is taken, 422, ...)."""
        kind = self._kind(resource)
        typed = {"apiVersion": kind.group_version, "kind": kind.kind} | obj
        return writes.create(self._state, kind, typed, self._how(None)).obj

    def replace(self, resource: str, obj: JSON, subresource: str | None = None) -> JSON:
        """Replace an object, or its status; raises ApiError (404, 409 where it has changed since, 422)."""
        key = (namespace_of(obj), name_of(obj))
        return writes.update(self._state, self._kind(resource), key, lambda _: obj, self._how(subresource)).obj

    def delete(self, resource: str, namespace: str | None, name: str, *, grace: int | None = None) -> None:
        """Delete an object; raises ApiError (404). A pod on a node is given `grace` seconds, or those of its spec."""
        deletion.delete(self._state, self._kind(resource), (namespace or "", name), deletion.Options(grace=grace))

    def subscribe(self, resource: str, callback: Callable[[str, JSON], None]) -> Callable[[], None]:
        """Call back with ADDED for each present object, then with ADDED, MODIFIED, DELETED as they happen.

        Returns what ends the subscription. A callback may write: what follows from that is told after it returns.
        """
        key = self._kind(resource).key

        def tell(change: Change) -> None:
            callback(change.type, change.entry.obj)

        present = self._state.store.all(key)
        stop = self._state.store.listen(key, tell)
        for entry in present:
            callback("ADDED", entry.obj)
        return stop

    def resources(self) -> tuple[str, ...]:
        """Return the kinds that the cluster serves now and keeps objects of, each once."""
        listable = (each for each in self._state.catalogue if {"list", "delete"} <= set(each.verbs))
        return tuple(dict.fromkeys(each.key for each in listable))

    def resource_for(self, group_version: str, kind: str) -> Resource | None:
        """Return the resource of an object's apiVersion and kind; its `key` is what the other methods take."""
        return self._state.catalogue.by_kind(group_version, kind)

    def _kind(self, resource: str) -> Resource:
        return self._state.catalogue.by_key(resource)

    def _how(self, subresource: str | None) -> writes.Write:
        return writes.Write(manager=self._manager, subresource=subresource or "")
