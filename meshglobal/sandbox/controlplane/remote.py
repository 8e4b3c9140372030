"""Access to a cluster behind a real API server, for attach mode."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import urlencode

from meshglobal.sandbox.controlplane.access import Callback, Cancel
from meshglobal.sandbox.controlplane.connection import Connection, connect
from meshglobal.sandbox.controlplane.informer import Informer
from meshglobal.sandbox.controlplane.observed import JSON, name_of, namespace_of
from meshglobal.sandbox.controlplane.resources import KINDS

_MANAGER = urlencode({"fieldManager": "meshglobal-sandbox"})


class RemoteAccess:
    """A cluster by its connection. Belongs to one event loop; blocking work happens in threads of its own."""

    writers = 8

    def __init__(self, connection: Connection) -> None:
        self.name = connection.name
        self._connection = connection
        self._threads = ThreadPoolExecutor(self.writers, thread_name_prefix=f"write-{self.name}")
        self._informers: list[Informer] = []
        self._without_contact: set[str] = set()

    @property
    def is_reachable(self) -> bool:
        """Whether every followed resource has contact."""
        return not self._without_contact

    async def list(self, resource: str, namespace: str | None = None) -> list[JSON]:
        """The objects of a resource, in one piece."""
        answer = await self._request("GET", _path(resource, namespace))
        return answer.get("items") or []

    async def subscribe(self, resource: str, callback: Callback) -> Cancel:
        """Follow a resource; returns when the first list has been told."""
        path = _path(resource)
        informer = Informer(self._connection, path, callback, partial(self._note_contact, path))
        await informer.start()
        self._informers.append(informer)
        return informer.stop

    async def create(self, resource: str, obj: JSON) -> JSON:
        """Create an object."""
        return await self._request("POST", f"{_path(resource, namespace_of(obj))}?{_MANAGER}", obj)

    async def replace(self, resource: str, obj: JSON) -> JSON:
        """Replace an object."""
        return await self._request("PUT", f"{_path(resource, namespace_of(obj))}/{name_of(obj)}?{_MANAGER}", obj)

    async def delete(self, resource: str, namespace: str, name: str) -> None:
        """Delete an object."""
        await self._request("DELETE", f"{_path(resource, namespace)}/{name}")

    async def close(self) -> None:
        """End all informers and threads."""
        for informer in self._informers:
            informer.stop()
        for informer in self._informers:
            await informer.ended()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._connection.close()

    async def _request(self, method: str, path: str, body: JSON | None = None) -> JSON:
        send: Callable[[], JSON] = partial(self._connection.request, method, path, body)
        return await asyncio.get_running_loop().run_in_executor(self._threads, send)

    def _note_contact(self, path: str, has_contact: bool) -> None:  # noqa: FBT001 - called by the informer with a fact
        (self._without_contact.discard if has_contact else self._without_contact.add)(path)


def remote_access(kubeconfig: str | None, context: str, name: str | None = None) -> RemoteAccess:
    """Access by a kubeconfig context; the cluster is called ``name``, or as its context. Raises AccessError."""
    return RemoteAccess(connect(kubeconfig, context, name or context))


def _path(resource: str, namespace: str | None = None) -> str:
    kind = KINDS[resource]
    if not namespace:
        return kind.path
    return kind.path.removesuffix(kind.plural) + f"namespaces/{namespace}/{kind.plural}"
