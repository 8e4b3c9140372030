"""Follows one resource of a real API server in a thread: list, then watch, and again for as long as it takes.

- A watch that ends in time goes on from its last version.
- A forgotten version (410), and every so often anyway, means a fresh list; what changed in between is told as events.
- No contact means a pause that grows, with some chance in it so that many informers do not return at once.

The callbacks run on the event loop, in the order in which the server told.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable

from meshglobal.sandbox.controlplane.access import AccessError, Callback
from meshglobal.sandbox.controlplane.connection import Connection, ExpiredError, Watch
from meshglobal.sandbox.controlplane.known import Known
from meshglobal.sandbox.controlplane.observed import JSON

PAGE = 500
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
RESYNC_SECONDS = 600.0


class Informer:
    """One resource followed. `on_contact` is told, from the thread, whether there is contact."""

    def __init__(
        self, connection: Connection, path: str, callback: Callback, on_contact: Callable[[bool], None]
    ) -> None:
        self._connection = connection
        self._path = path
        self._callback = callback
        self._on_contact = on_contact
        self._known = Known()
        self._version: str | None = None
        self._listed_at = 0.0
        self._failures = 0
        self._stopping = threading.Event()
        self._watch: Watch | None = None
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name=f"{connection.name}{path}", daemon=True)

    async def start(self) -> None:
        """Return when the first list has been told; raises AccessError if there is none to be had."""
        # The loop runs what the list tells before it hears that the list is done: both were queued in that order.
        await asyncio.to_thread(self._list)
        self._thread.start()

    def stop(self) -> None:
        """End the thread soon; nothing is told afterwards."""
        self._stopping.set()
        if watch := self._watch:
            watch.close()

    async def ended(self) -> None:
        """Wait for the end of the thread."""
        if self._thread.ident is not None:
            await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._step()
            except ExpiredError:
                self._version = None
            except AccessError:
                self._lost()
            else:
                self._failures = 0

    def _step(self) -> None:
        """One list, or one watch to its end."""
        if self._version is None or time.monotonic() - self._listed_at > RESYNC_SECONDS:
            self._list()
        else:
            self._follow(self._version)

    def _lost(self) -> None:
        if self._stopping.is_set():
            return
        self._on_contact(False)  # noqa: FBT003 - a plain fact for a plain callback
        self._failures += 1
        pause = min(FIRST_PAUSE * 2 ** min(self._failures, 10), LONGEST_PAUSE)
        self._stopping.wait(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads load, guards nothing

    def _list(self) -> None:
        objects, self._version = self._everything()
        self._listed_at = time.monotonic()
        self._tell(list(self._known.catch_up(objects)))
        self._on_contact(True)  # noqa: FBT003 - as above

    def _everything(self) -> tuple[list[JSON], str]:
        """All objects, page by page; in one piece if a page's token expires meanwhile."""
        try:
            return self._pages(PAGE)
        except ExpiredError:
            return self._pages(0)

    def _pages(self, size: int) -> tuple[list[JSON], str]:
        found: list[JSON] = []
        query = {"limit": str(size)} if size else {}
        while True:
            page = self._connection.request("GET", self._path, query=query)
            found += page.get("items") or ()
            token = page["metadata"].get("continue")
            if not token:
                return found, str(page["metadata"]["resourceVersion"])
            query["continue"] = token

    def _follow(self, version: str) -> None:
        """Watch to the end, remembering how far that went."""
        self._watch = self._connection.watch(self._path, version)
        if self._stopping.is_set():  # stopped while the watch was being opened: `stop` could not close it
            self._watch.close()
        self._on_contact(True)  # noqa: FBT003 - as above
        try:
            for event, obj in self._watch:
                self._version = obj["metadata"]["resourceVersion"]
                if event != "BOOKMARK":
                    self._known.note(event, obj)
                    self._tell([(event, obj)])
        finally:
            self._watch = None

    def _tell(self, events: list[tuple[str, JSON]]) -> None:
        if not self._stopping.is_set():
            self._loop.call_soon_threadsafe(self._pass_on, events)

    def _pass_on(self, events: list[tuple[str, JSON]]) -> None:
        for event, obj in events:
            if self._stopping.is_set():
                return
            self._callback(event, obj)
