"""Follows the clusters' objects, and says when something that matters to requests has changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable

from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.controlplane.picture import ClusterPicture
from meshglobal.sandbox.dataplane.observed import JSON
from meshglobal.sandbox.dataplane.sight import FOLLOWED, ClusterSight

_GATHER_SECONDS = 0.003
"""How long changes that come together are waited for."""


class Following:
    """The sights of all clusters, kept current; `act` is called after changes, never twice at a time.

    Several changes make one call. `touch` asks for a call without a change.
    """

    def __init__(self, clients: Iterable[LocalClient], act: Callable[[], Awaitable[None]]) -> None:
        self.sights = {each.cluster: ClusterSight(each.cluster, ClusterPicture(each.cluster)) for each in clients}
        self._clients = tuple(clients)
        self._act = act
        self._changed = asyncio.Event()
        self._is_settled = asyncio.Event()
        self._stops: list[Callable[[], None]] = []
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Take in what is there, and follow it from now on."""
        self.touch()
        for client in self._clients:
            for resource in FOLLOWED:
                self._stops.append(client.subscribe(resource, self._listener(client.cluster, resource)))
        self._task = asyncio.create_task(self._run(), name="dataplane")
        self._task.add_done_callback(_tell_of_a_crash)

    async def stop(self) -> None:
        """Follow nothing any more."""
        for stop in self._stops:
            stop()
        self._stops.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def touch(self) -> None:
        """Have `act` called soon."""
        self._is_settled.clear()
        self._changed.set()

    async def settled(self) -> None:
        """Wait until every change so far has been acted on; raises what went wrong where that cannot come any more."""
        if self._task is None:
            raise RuntimeError("the data plane is not started, or stopped")
        quiet = asyncio.ensure_future(self._is_settled.wait())
        await asyncio.wait({quiet, self._task}, return_when=asyncio.FIRST_COMPLETED)
        quiet.cancel()
        if self._task.done():
            self._task.result()

    def _listener(self, cluster: str, resource: str) -> Callable[[str, JSON], None]:
        sight = self.sights[cluster]

        def take(event: str, obj: JSON) -> None:
            if sight.take_in(resource, event, obj):
                self.touch()

        return take

    async def _run(self) -> None:
        pause = 0.0
        while True:
            await self._changed.wait()
            await asyncio.sleep(max(_GATHER_SECONDS, pause))
            self._changed.clear()
            began = time.process_time()
            await self._act()
            pause = time.process_time() - began  # in a large mesh others must have their turn as well
            if not self._changed.is_set():
                self._is_settled.set()


def _tell_of_a_crash(task: asyncio.Task[None]) -> None:
    """It ends by being told to; anything else is a bug that must not go unseen."""
    if not task.cancelled() and (crash := task.exception()):
        told = {"message": "the data plane crashed", "exception": crash, "task": task}
        task.get_loop().call_exception_handler(told)
