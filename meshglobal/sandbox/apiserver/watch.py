"""Watches: what is there, then what happens, as one JSON line an event.

A watch subscribes before it reads the present, in one go, so that nothing is lost or told twice. A selector turns a
change into what it is for this watcher: an object that begins to match is ADDED, one that ceases to is DELETED.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from meshglobal.sandbox.apiserver import problems, selectors
from meshglobal.sandbox.apiserver.options import ListOptions, parsed_version
from meshglobal.sandbox.apiserver.patching.empty_objects import empty_object
from meshglobal.sandbox.apiserver.store import Change, Entry, Store

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.resources import Resource

BOOKMARK_SECONDS = 10.0
_LONGEST_SECONDS = 3600.0
_INITIAL_END = "k8s.io/initial-events-end"

Encoder = Callable[[Entry], bytes]
"""Returns one object in the form that the watcher asked for."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What one watcher sees: the objects of a resource, in a namespace, that match."""

    resource: Resource
    namespace: str
    matches: selectors.Matcher | None

    def sees(self, entry: Entry | None) -> bool:
        """Say whether the watcher sees an object in this state."""
        if entry is None or (self.namespace and entry.key[0] != self.namespace):
            return False
        return self.matches is None or self.matches(entry.obj)

    def seen(self, change: Change) -> tuple[str, Entry] | None:
        """Return the event that a change is to this watcher, None where it is none."""
        before = self.sees(change.before)
        if change.type == "DELETED":
            return ("DELETED", change.entry) if before else None
        now = self.sees(change.entry)
        if now:
            return ("MODIFIED" if before else "ADDED"), change.entry
        if before and change.before is not None:
            return "DELETED", _last_seen(change.before, change.entry)
        return None


def _last_seen(before: Entry, after: Entry) -> Entry:
    """Return the object as it last matched, at the version at which it ceased to."""
    meta = before.obj["metadata"] | {"resourceVersion": str(after.version)}
    return Entry(before.obj | {"metadata": meta})


def event(kind: str, body: bytes) -> bytes:
    """Return one line of a watch."""
    return b'{"type":"' + kind.encode() + b'","object":' + body + b"}\n"


class Stream:
    """One open watch; iterating it yields its lines until it times out."""

    def __init__(self, store: Store, watch: Watch, options: ListOptions, encode: Encoder) -> None:
        """Subscribe, and gather what is already to be told; raises ApiError (500, 504)."""
        self._store, self._watch, self._options, self._encode = store, watch, options, encode
        self._lines: asyncio.Queue[bytes] = asyncio.Queue()
        self._is_over = False
        start = parsed_version(options.version, store.version)
        if start is not None and start < store.compacted:
            self._refuse(start)
            self._stop: Callable[[], None] = _nothing
            return
        for line in self._initial(start):
            self._lines.put_nowait(line)
        self._stop = store.listen(watch.resource.key, self._tell)

    def close(self) -> None:
        """Hear nothing more."""
        self._stop()

    async def lines(self) -> AsyncIterator[bytes]:
        """Yield the lines of the watch, then end at its timeout."""
        clock = asyncio.get_running_loop().time
        end = clock() + (self._options.timeout or _LONGEST_SECONDS)
        try:
            while not (self._is_over and self._lines.empty()):
                left = end - clock()
                if left <= 0:
                    break
                line = await self._next(min(left, BOOKMARK_SECONDS))
                if line:
                    yield line
        finally:
            self.close()

    async def _next(self, seconds: float) -> bytes:
        """Return the next line; after so many seconds without one, a bookmark where they are wanted, or nothing."""
        try:
            async with asyncio.timeout(seconds):
                return await self._lines.get()
        except TimeoutError:
            return self._bookmark() if self._options.wants_bookmarks else b""

    def _initial(self, start: int | None) -> Iterator[bytes]:
        sends_present = start is None if self._options.sends_initial is None else self._options.sends_initial
        if sends_present:
            for entry in self._store.all(self._watch.resource.key, self._watch.namespace):
                if self._watch.sees(entry):
                    yield event("ADDED", self._encode(entry))
        elif start is not None:
            for change in self._store.since(self._watch.resource.key, start):
                yield from self._lines_of(change)
        if self._options.sends_initial and self._options.wants_bookmarks:
            yield self._bookmark({"annotations": {_INITIAL_END: "true"}})

    def _lines_of(self, change: Change) -> Iterator[bytes]:
        seen = self._watch.seen(change)
        if seen is not None:
            kind, entry = seen
            yield event(kind, self._encode(entry))

    def _tell(self, change: Change) -> None:
        for line in self._lines_of(change):
            self._lines.put_nowait(line)

    def _bookmark(self, extra: JSON | None = None) -> bytes:
        meta: JSON = {"resourceVersion": str(self._store.version)} | (extra or {})
        return event("BOOKMARK", msgspec.json.encode(_nothing_of(self._watch.resource) | {"metadata": meta}))

    def _refuse(self, start: int) -> None:
        refusal = problems.expired(f"too old resource version: {start} ({self._store.compacted})")
        self._lines.put_nowait(event("ERROR", msgspec.json.encode(refusal.as_status())))
        self._is_over = True


def _nothing_of(resource: Resource) -> JSON:
    """Return an object with nothing in it, as a bookmark carries it."""
    bare = empty_object({"apiVersion": resource.group_version, "kind": resource.kind})
    if "selector" in bare.get("spec", {}):  # of a workload, whose count is never left out
        bare["spec"] = {"replicas": 0} | bare["spec"]
    return bare


def _nothing() -> None:
    """Stand for the end of a subscription that never was."""
