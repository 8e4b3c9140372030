"""Access to an embedded cluster, in process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.apiserver.problems import ApiError
from meshglobal.sandbox.controlplane.access import (
    AccessError,
    Callback,
    Cancel,
    ConflictError,
    NotFoundError,
    RefusedError,
    UnreachableError,
)
from meshglobal.sandbox.controlplane.known import Known
from meshglobal.sandbox.controlplane.observed import JSON
from meshglobal.sandbox.controlplane.reconciler import Reconciler
from meshglobal.sandbox.controlplane.switches import Switches

MANAGER = "pilot-discovery"
"""The field manager that istiod's writes belong to."""
_BY_STATUS: dict[int, type[AccessError]] = {404: NotFoundError, 409: ConflictError}


class EmbeddedAccess:
    """An embedded cluster as the control plane sees it. `sever` and `restore` take the contact away and back."""

    writers = 1

    def __init__(self, client: LocalClient) -> None:
        self._client = client.as_manager(MANAGER)
        self.name = client.cluster
        self.is_reachable = True
        self._subscriptions: list[_Subscription] = []

    async def list(self, resource: str, namespace: str | None = None) -> list[JSON]:
        """The objects of a resource."""
        with self._answers():
            return self._client.list(resource, namespace)

    async def subscribe(self, resource: str, callback: Callback) -> Cancel:
        """Tell of every present object, then of every change."""
        subscription = _Subscription(self._client, resource, callback)
        self._subscriptions.append(subscription)
        with self._answers():
            subscription.begin()

        def cancel() -> None:
            subscription.end()
            self._subscriptions.remove(subscription)

        return cancel

    async def create(self, resource: str, obj: JSON) -> JSON:
        """Create an object."""
        with self._answers():
            return self._client.create(resource, obj)

    async def replace(self, resource: str, obj: JSON) -> JSON:
        """Replace an object."""
        with self._answers():
            return self._client.replace(resource, obj)

    async def delete(self, resource: str, namespace: str, name: str) -> None:
        """Delete an object."""
        with self._answers():
            self._client.delete(resource, namespace, name)

    async def close(self) -> None:
        """End all subscriptions."""
        for subscription in self._subscriptions:
            subscription.end()
        self._subscriptions.clear()

    def sever(self) -> None:
        """Lose contact: nothing is told, nothing can be written."""
        self.is_reachable = False
        for subscription in self._subscriptions:
            subscription.end()

    def restore(self) -> None:
        """Have contact again; what happened in between is told now."""
        self.is_reachable = True
        for subscription in self._subscriptions:
            subscription.begin()

    @contextmanager
    def _answers(self) -> Iterator[None]:
        if not self.is_reachable:
            raise UnreachableError(f"cluster {self.name} does not answer")
        try:
            yield
        except ApiError as refusal:
            raise _BY_STATUS.get(refusal.status, RefusedError)(f"cluster {self.name}: {refusal}") from refusal


class _Subscription:
    """One subscription, which can end and begin again without losing what happened in between."""

    def __init__(self, client: LocalClient, resource: str, callback: Callback) -> None:
        self._client = client
        self._resource = resource
        self._callback = callback
        self._known = Known()
        self._cancel: Cancel | None = None

    def begin(self) -> None:
        for event, obj in tuple(self._known.catch_up(self._client.list(self._resource))):
            self._callback(event, obj)
        self._cancel = self._client.subscribe(self._resource, self._tell)

    def end(self) -> None:
        if self._cancel:
            self._cancel()
            self._cancel = None

    def _tell(self, event: str, obj: JSON) -> None:
        if event == "ADDED" and not self._known.is_news(obj):
            return
        self._known.note(event, obj)
        self._callback(event, obj)


async def start_control_plane(clients: Iterable[LocalClient], switches: Switches | None = None) -> Reconciler:
    """Start the emulated control plane of a mesh of embedded clusters; it runs until its `stop`."""
    reconciler = Reconciler([EmbeddedAccess(client) for client in clients], switches)
    await reconciler.start()
    return reconciler
