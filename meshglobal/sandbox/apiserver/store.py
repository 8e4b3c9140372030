"""The objects of one cluster, and the log of everything that happened to them.

A resourceVersion is an index into that log: each write takes the next number. Lists of an older version are
found by walking the log back from the present (`at`), watches by walking it forward (`since`). Compaction forgets
the oldest part; what asks for it afterwards is told that it is gone.

Objects are grouped by storage key (`services`, `serviceentries.networking.istio.io`), whatever version of the
API they were written through.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import msgspec

from meshglobal.sandbox.apiserver.objects import JSON, name_of, namespace_of, version_of

Key = tuple[str, str]
"""(namespace, name); the namespace is empty for cluster-wide objects."""

_encode = msgspec.json.Encoder().encode
_UNTYPED = ("apiVersion", "kind")


class Entry:
    """One version of one object; its JSON is encoded at most once."""

    def __init__(self, obj: JSON) -> None:
        self.obj = obj
        self.version = version_of(obj)
        self.key: Key = (namespace_of(obj), name_of(obj))

    @cached_property
    def body(self) -> bytes:
        """The encoded object without apiVersion and kind, which depend on the path it is read through."""
        return _encode({key: value for key, value in self.obj.items() if key not in _UNTYPED})

    def typed(self, prefix: bytes) -> bytes:
        """Return the encoded object; `prefix` is an opening brace, apiVersion, kind and a comma."""
        return prefix + self.body[1:]


@dataclass(frozen=True, slots=True)
class Change:
    """One write: type ADDED, MODIFIED or DELETED, what there is now (or was last), and what there was before."""

    type: str
    resource: str
    entry: Entry
    before: Entry | None

    @property
    def version(self) -> int:
        """The resourceVersion that this write took."""
        return self.entry.version


Listener = Callable[[Change], None]


@dataclass(slots=True)
class Store:
    """All objects of a cluster. Not thread-safe: one event loop owns it."""

    version: int = 100
    """Not 1, so that the clients' favourite old version is old from the start."""
    compacted: int = 100
    """The newest version that is forgotten."""
    keep: int = 20_000
    """How many changes the log holds at least."""
    _objects: dict[str, dict[Key, Entry]] = field(default_factory=dict)
    _log: list[Change] = field(default_factory=list)
    _listeners: dict[str, list[Listener]] = field(default_factory=dict)
    _pending: deque[Change] = field(default_factory=deque)
    _is_delivering: bool = False

    def get(self, resource: str, key: Key) -> Entry | None:
        """Return an object as it is now."""
        return self._objects.get(resource, {}).get(key)

    def all(self, resource: str, namespace: str | None = None) -> list[Entry]:
        """Return the objects of a resource as they are now, ordered by namespace and name."""
        found = self._objects.get(resource, {})
        return [found[key] for key in sorted(found) if not namespace or key[0] == namespace]

    def resources(self) -> list[str]:
        """Return the storage keys that hold objects."""
        return [resource for resource, found in self._objects.items() if found]

    def at(self, resource: str, version: int, namespace: str | None = None) -> list[Entry]:
        """Return the objects of a resource as they were at a version that is still in the log."""
        found = dict(self._objects.get(resource, {}))
        for change in reversed(self._log):
            if change.version <= version:
                break
            if change.resource != resource:
                continue
            if change.before is None:
                found.pop(change.entry.key, None)
            else:
                found[change.entry.key] = change.before
        return [found[key] for key in sorted(found) if not namespace or key[0] == namespace]

    def since(self, resource: str, version: int) -> Iterator[Change]:
        """Yield the changes of a resource after a version, oldest first."""
        start = len(self._log)
        while start and self._log[start - 1].version > version:
            start -= 1
        return (change for change in self._log[start:] if change.resource == resource)

    def next_version(self) -> int:
        """Take the next resourceVersion; the caller must `put` or `remove` an object that carries it."""
        self.version += 1
        return self.version

    def put(self, resource: str, obj: JSON) -> Entry:
        """Store an object, which already carries its new resourceVersion."""
        entry = Entry(obj)
        found = self._objects.setdefault(resource, {})
        before = found.get(entry.key)
        found[entry.key] = entry
        self._record(Change("MODIFIED" if before else "ADDED", resource, entry, before))
        return entry

    def remove(self, resource: str, last: JSON) -> Entry:
        """Forget an object; `last` is what watchers are shown, with the version of the deletion."""
        entry = Entry(last)
        before = self._objects[resource].pop(entry.key)
        self._record(Change("DELETED", resource, entry, before))
        return entry

    def listen(self, resource: str, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each change of a resource, in order; return what ends it."""
        listeners = self._listeners.setdefault(resource, [])
        listeners.append(listener)

        def stop() -> None:
            if listener in listeners:
                listeners.remove(listener)

        return stop

    def compact(self) -> int:
        """Forget all versions but the present one; return it."""
        self.compacted = self.version
        self._log.clear()
        return self.version

    def _record(self, change: Change) -> None:
        self._log.append(change)
        if len(self._log) > 2 * self.keep:
            del self._log[: -self.keep]
            self.compacted = self._log[0].version - 1
        self._pending.append(change)
        self._deliver()

    def _deliver(self) -> None:
        """Tell the listeners. One that writes does not start a second round: its change waits for its turn."""
        if self._is_delivering:
            return
        self._is_delivering = True
        try:
            while self._pending:
                change = self._pending.popleft()
                for listener in tuple(self._listeners.get(change.resource, ())):
                    listener(change)
        finally:
            self._is_delivering = False
