"""Work that waits for its turn on the event loop: each item at most once, failures again after a growing pause.

Items of a lower rank come first, those of one rank in the order in which they were added. Work is done in short
turns, so that requests are answered in between.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
import time
from typing import TYPE_CHECKING, Generic, TypeVar

from meshglobal.sandbox.apiserver.problems import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

Item = TypeVar("Item")

_TURN_SECONDS = 0.005
_FIRST_PAUSE, _LONGEST_PAUSE = 0.005, 30.0
_log = logging.getLogger(__name__)


class WorkQueue(Generic[Item]):
    """Items to work on. `work` does one, and returns after how many seconds it wants to see it again, or None.

    `rank` says how early an item comes.
    A refusal by the API server (ApiError) means: again, later. Any other exception is a bug: the loop's exception
    handler is told of it, and the other items go on.
    """

    def __init__(self, work: Callable[[Item], float | None], rank: Callable[[Item], int] = lambda _: 0) -> None:
        self._work = work
        self._rank = rank
        self._loop = asyncio.get_running_loop()
        self._waiting: set[Item] = set()
        self._order: list[tuple[int, int, Item]] = []
        self._added = 0
        self._later: dict[Item, asyncio.TimerHandle] = {}
        self._pauses: dict[Item, float] = {}
        self._turn: asyncio.Handle | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    def add(self, item: Item) -> None:
        """Have an item done soon; nothing changes if it waits already."""
        if item in self._waiting:
            return
        self._waiting.add(item)
        self._added += 1
        heapq.heappush(self._order, (self._rank(item), self._added, item))
        self._idle.clear()
        if self._turn is None:
            self._turn = self._loop.call_soon(self._take_turn)

    def add_later(self, item: Item, seconds: float) -> None:
        """Have an item done after a while; the earliest wish counts."""
        when, known = self._loop.time() + seconds, self._later.get(item)
        if known is not None and known.when() <= when:
            return
        if known is not None:
            known.cancel()
        self._later[item] = self._loop.call_later(seconds, self._now, item)

    async def idle(self) -> None:
        """Wait until nothing waits for its turn; what was put off to a later time does not count."""
        await self._idle.wait()

    def stop(self) -> None:
        """Forget all work."""
        for each in self._later.values():
            each.cancel()
        self._later.clear()
        self._waiting.clear()
        self._order.clear()
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None
        self._idle.set()

    def _now(self, item: Item) -> None:
        self._later.pop(item, None)
        self.add(item)

    def _take_turn(self) -> None:
        ends = time.perf_counter() + _TURN_SECONDS
        try:
            while self._waiting and time.perf_counter() < ends:
                _, _, item = heapq.heappop(self._order)
                self._waiting.remove(item)
                self._do(item)
        finally:
            self._turn = self._loop.call_soon(self._take_turn) if self._waiting else None
            if not self._waiting:
                self._idle.set()

    def _do(self, item: Item) -> None:
        try:
            again = self._work(item)
        except ApiError as refusal:
            pause = self._pauses.get(item, _FIRST_PAUSE)
            self._pauses[item] = min(2 * pause, _LONGEST_PAUSE)
            _log.debug("%s: %s; again in %.3f s", item, refusal, pause)
            self.add_later(item, pause)
            return
        self._pauses.pop(item, None)
        if again is not None:
            self.add_later(item, again)
