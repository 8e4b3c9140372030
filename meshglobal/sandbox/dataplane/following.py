"""Follows the clusters' objects, and says when something that matters to requests has changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable

from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.controlplane.picture import ClusterPicture
from meshglobal.sandbox.dataplane.observed import JSON
from meshglobal.sandbox.dataplane.sight import FOLLOWED, ClusterSight

_GATHER_SECONDS, _LONGEST_PAUSE = 0.003, 0.2
"""How long changes that come together are waited for; the more work they make, the longer."""


class Following:
    """The sights of all clusters, kept current; `act` is called after changes, never twice at a time.

    Several changes make one call. `touch` asks for a call without a change.
    """

    def __init__(self, clients: Iterable[LocalClient], act: Callable[[], Awaitable[None]]) -> None:
        self.sights = {each.cluster: ClusterSight(each.cluster, ClusterPicture(each.cluster)) for each in clients}
        self._clients = tuple(clients)
        self._act = act
        self._changed = asyncio.Event()
        self._asked = self._done = 0
        self._round = asyncio.Event()
        """Set at the end of the present round of work."""
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
        self._asked += 1
        self._changed.set()

    async def settled(self) -> None:
        """Wait until every change so far has been acted on, whatever changes meanwhile.

        Raises what went wrong where that cannot come any more.
        """
        if self._task is None:
            raise RuntimeError("the data plane is not started")
        wanted = self._asked
        while self._done < wanted:
            round_ends = asyncio.ensure_future(self._round.wait())
            await asyncio.wait({round_ends, self._task}, return_when=asyncio.FIRST_COMPLETED)
            round_ends.cancel()
            if self._task.done():
                self._task.result()

    def _listener(self, cluster: str, resource: str) -> Callable[[str, JSON], None]:
        sight = self.sights[cluster]

        def take(event: str, obj: JSON) -> None:
            if sight.take_in(resource, event, obj):
                self.touch()

        return take

    async def _run(self) -> None:
        pause = _GATHER_SECONDS
        while True:
            await self._changed.wait()
            await asyncio.sleep(pause)
            self._changed.clear()
            asked, began = self._asked, time.process_time()
            await self._act()
            # In a large mesh others must have their turn as well.
            pause = min(max(_GATHER_SECONDS, time.process_time() - began), _LONGEST_PAUSE)
            self._done = asked
            self._round.set()
            self._round = asyncio.Event()


def _tell_of_a_crash(task: asyncio.Task[None]) -> None:
    """It ends by being told to; anything else is a bug that must not go unseen."""
    if not task.cancelled() and (crash := task.exception()):
        told = {"message": "the data plane crashed", "exception": crash, "task": task}
        task.get_loop().call_exception_handler(told)
