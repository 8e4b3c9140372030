"""Follows the clusters in a thread of its own, and hands what it sees to the event loop.

Looks that come faster than the loop takes them are taken together, so that nothing piles up between the two.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from meshglobal.app.live import Look
from meshglobal.dashboard.bridge import Bridge
from meshglobal.domain.changes import Change

_MOST_CHANGES = 10_000
"""Between two deliveries; the oldest give way."""

Looks = Callable[[], Iterator[Look]]
Take = Callable[[Look, Sequence[Change]], None]


class Feed:
    """``take`` is called in the loop. ``ended`` is done when no more looks come: with the error, if there is one."""

    def __init__(self, looks: Looks, take: Take) -> None:
        self._looks = looks
        self._take = take
        self._bridge = Bridge()
        self._lock = threading.Lock()
        self._latest: Look | None = None
        self._changes: list[Change] = []
        self._thread = ThreadPoolExecutor(1, "meshglobal-feed")
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def start(self) -> None:
        """Follow from now on."""
        self._thread.submit(self._run).add_done_callback(self._finish)

    def stop(self) -> None:
        """Hand over nothing more; the thread ends when the fleet is closed."""
        self._bridge.close()
        self._thread.shutdown(wait=False)

    def _run(self) -> None:
        for look in self._looks():
            with self._lock:
                is_waiting = self._latest is not None
                self._latest = look
                self._changes = [*self._changes, *look.changes][-_MOST_CHANGES:]
            if not is_waiting and not self._bridge.call(self._deliver):
                return

    def _deliver(self) -> None:
        with self._lock:
            look, self._latest = self._latest, None
            changes, self._changes = self._changes, []
        if look is not None:
            self._take(look, changes)

    def _finish(self, done: Future[None]) -> None:
        self._bridge.call(lambda: self._tell(done.exception()))

    def _tell(self, error: BaseException | None) -> None:
        if self.ended.done():
            return
        if error is None:
            self.ended.set_result(None)
        else:
            self.ended.set_exception(error)
