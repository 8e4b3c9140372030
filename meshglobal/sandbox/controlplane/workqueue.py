"""Services that wait to be looked at: each at most once at a time, failures again after a growing pause."""

from __future__ import annotations

import asyncio
from typing import Generic, TypeVar

Item = TypeVar("Item")

FIRST_PAUSE, LONGEST_PAUSE = 0.01, 10.0
"""Seconds before a failed item's first retry, and at most."""


class WorkQueue(Generic[Item]):
    """First in, first out. An item that comes again while it is worked on waits until that is done."""

    def __init__(self) -> None:
        self._pending: dict[Item, None] = {}
        self._busy: set[Item] = set()
        self._again: dict[Item, None] = {}
        self._failures: dict[Item, int] = {}
        self._timers: dict[Item, asyncio.TimerHandle] = {}
        self._has_work = asyncio.Event()
        self._is_stopped = False
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    def add(self, item: Item) -> None:
        """Have an item looked at soon."""
        if self._is_stopped:
            return
        if timer := self._timers.pop(item, None):
            timer.cancel()
        if item in self._busy:
            self._again[item] = None
        else:
            self._pending[item] = None
            self._has_work.set()
        self._is_idle.clear()

    async def get(self) -> Item | None:
        """The next item, None after `stop`; the caller says `done` or `failed` afterwards."""
        while not self._pending:
            if self._is_stopped:
                return None
            self._has_work.clear()
            await self._has_work.wait()
        item = next(iter(self._pending))
        del self._pending[item]
        self._busy.add(item)
        return item

    def done(self, item: Item) -> None:
        """Say that an item is as it should be."""
        self._failures.pop(item, None)
        self._release(item)

    def failed(self, item: Item) -> None:
        """Have an item looked at again, after a pause that doubles each time."""
        failures = self._failures.get(item, 0)
        self._failures[item] = failures + 1
        pause = min(FIRST_PAUSE * 2 ** min(failures, 20), LONGEST_PAUSE)
        if item not in self._again and not self._is_stopped:
            self._timers[item] = asyncio.get_running_loop().call_later(pause, self.add, item)
        self._release(item)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is pending, worked on, or put off."""
        return self._is_idle.is_set()

    async def idle(self) -> None:
        """Wait until nothing is pending, worked on, or put off."""
        await self._is_idle.wait()

    def stop(self) -> None:
        """Forget all that waits; whoever gets, gets None from now on."""
        self._is_stopped = True
        self._has_work.set()
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._pending.clear()
        self._again.clear()

    def _release(self, item: Item) -> None:
        self._busy.discard(item)
        if item in self._again:
            del self._again[item]
            self.add(item)
        elif not (self._pending or self._busy or self._timers):
            self._is_idle.set()
