"""What all pages share: the present look at the mesh, and the news for each page since the look that it knows.

A page that does not keep up is told of the difference between what it has seen and what is, so that nothing piles up
for it. Pages that keep up are told the same bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable

import msgspec

from meshglobal.app.live import Look
from meshglobal.dashboard.documents import Ended, Hello
from meshglobal.dashboard.history import History
from meshglobal.dashboard.shown import Event, Shown, news, shown
from meshglobal.domain.changes import Change

MOST_STREAMS = 256
_BEAT = 15.0  # seconds of silence after which a comment shows that the stream is alive
_COMMENT = b": \n\n"


class Hub:
    """Lives in the event loop; nothing here waits for a cluster or a page."""

    def __init__(self, first: Shown) -> None:
        self.shown = first
        self.look: Look | None = None
        self.history = History()
        self.streams = 0
        self._changed = asyncio.Event()
        self._told: dict[int, bytes] = {}
        self._end: str | None = None

    def take(self, look: Look, changes: Iterable[Change]) -> None:
        """From now on this is the present; ``changes``: all since the look that was taken before."""
        self.look, self.shown = look, shown(look)
        self.history.add(look.version, changes)
        self._told.clear()
        self._wake()

    def end(self, message: str) -> None:
        """Tell all pages that the program ends; their streams end with it."""
        self._end = message
        self._wake()

    async def frames(self) -> AsyncGenerator[bytes, None]:
        """The events for one page, from now on."""
        self.streams += 1
        try:
            seen = self.shown
            yield _frame(("hello", Hello(seen.version)))
            while self._end is None:
                changed = self._changed
                if self.shown is not seen:
                    told, seen = self._news_since(seen), self.shown
                    if told:
                        yield told
                elif not await _happens(changed):
                    yield _COMMENT
            yield _frame(("ended", Ended(self._end)))
        finally:
            self.streams -= 1

    def _news_since(self, seen: Shown) -> bytes:
        if (known := self._told.get(seen.version)) is not None:
            return known
        events = news(seen, self.shown, self.history.since(seen.version))
        told = self._told[seen.version] = b"".join(map(_frame, events))
        return told

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


async def _happens(event: asyncio.Event) -> bool:
    """Whether it happens before the next beat."""
    try:
        async with asyncio.timeout(_BEAT):
            await event.wait()
    except TimeoutError:
        return False
    return True


def _frame(event: Event) -> bytes:
    """As `text/event-stream` has it; JSON by msgspec has no line ends."""
    name, document = event
    return b"event: %s\ndata: %s\n\n" % (name.encode(), msgspec.json.encode(document))
