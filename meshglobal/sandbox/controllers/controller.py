"""The shape of a controller, and the loop that runs several of them on one cluster."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from meshglobal.sandbox.apiserver.objects import JSON, name_of, namespace_of
from meshglobal.sandbox.apiserver.selectors import selects
from meshglobal.sandbox.controllers.ownership import controller_of, labels_of
from meshglobal.sandbox.controllers.picture import Event, Picture
from meshglobal.sandbox.controllers.work_queue import WorkQueue

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from meshglobal.sandbox.apiserver.local import LocalClient

_DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io"

Key = tuple[str, str]
"""(namespace, name) of the object that a controller looks after."""

ALL = "*"
"""In `watches`: every resource that the cluster serves, now or later."""

KeysOf = Callable[[Event], Iterable[Key]]
"""Which of a controller's objects an event concerns."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a controller sees of its cluster: the picture to read, the client to write, the time."""

    picture: Picture
    client: LocalClient
    now: Callable[[], dt.datetime]

    def write_status(self, resource: str, obj: JSON, status: JSON) -> None:
        """Write an object's status if it is another one."""
        if (obj.get("status") or {}) != status:
            self.client.replace(resource, obj | {"status": status}, "status")


class Controller(Protocol):
    """Looks after one kind of object. It keeps no state of its own about them: `reconcile` may be called any time."""

    @property
    def watches(self) -> Mapping[str, KeysOf]:
        """Resource -> which keys an event of it concerns."""

    def reconcile(self, key: Key) -> float | None:
        """Bring one object's world in order; return after how many seconds to look again, or None."""


class Loop:
    """Runs controllers: events put keys into one queue, the queue asks each key's controller to reconcile it.

    Earlier controllers come first: what others build on is done before they look, and they write once, not thrice.
    """

    def __init__(
        self, client: LocalClient, make: Sequence[Callable[[Cluster], Controller]], now: Callable[[], dt.datetime]
    ) -> None:
        self._client = client
        self._queue: WorkQueue[tuple[int, Key]] = WorkQueue(self._reconcile, rank=lambda item: item[0])
        self._picture = Picture(client, self._note)
        cluster = Cluster(self._picture, client, now)
        self._controllers = [each(cluster) for each in make]
        self._is_stopped = False

    def start(self) -> None:
        """Follow what the controllers watch and the cluster serves by now; what is there already counts as new."""
        if self._is_stopped:
            return
        watched = {resource for controller in self._controllers for resource in controller.watches}
        served = self._client.resources()
        self._picture.follow(served if ALL in watched else [each for each in served if each in watched])

    def stop(self) -> None:
        """Follow nothing and forget all work, for good."""
        self._is_stopped = True
        self._picture.stop()
        self._queue.stop()

    async def settled(self) -> None:
        """Wait until the controllers have nothing left to do at this time."""
        await self._queue.idle()

    def _note(self, event: Event) -> None:
        if event.resource == _DEFINITIONS:
            # The definition may be served only after this event is told, so ask again when it is.
            asyncio.get_running_loop().call_soon(self.start)
        for number, controller in enumerate(self._controllers):
            keys_of = controller.watches.get(event.resource) or controller.watches.get(ALL)
            if keys_of is not None:
                for key in keys_of(event):
                    self._queue.add((number, key))

    def _reconcile(self, item: tuple[int, Key]) -> float | None:
        number, key = item
        return self._controllers[number].reconcile(key)


def itself(event: Event) -> list[Key]:
    """Return the key of the event's own object."""
    return [(namespace_of(event.obj), name_of(event.obj))]


def owners_of_kind(cluster: Cluster, owners: str, kind: str) -> KeysOf:
    """Return what finds the owner that controls an event's object, now or before.

    For an object that nobody controls these are all owners in its namespace that select it and may take it on.

    Args:
        cluster: where to look.
        owners: the owners' resource (`replicasets.apps`).
        kind: the owners' kind (`ReplicaSet`).
    """

    def keys(event: Event) -> list[Key]:
        found: list[Key] = []
        for obj in filter(None, (event.before, event.after)):
            namespace, owner = namespace_of(obj), controller_of(obj)
            if owner is not None:
                found += [(namespace, owner["name"])] if owner["kind"] == kind else []
                continue
            near = cluster.picture.within(owners, namespace)
            found += [(namespace, name_of(each)) for each in near if selects(each["spec"]["selector"], labels_of(obj))]
        return found

    return keys
