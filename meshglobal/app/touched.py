"""Which services an event may concern, so that only they are judged again.

All of them (None) where it cannot be told: what a Segment or a Namespace says is said of many.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from meshglobal.domain import kinds
from meshglobal.domain.kinds import Kind
from meshglobal.domain.labels import SERVICE_NAME, USE_WAYPOINT, USE_WAYPOINT_NAMESPACE
from meshglobal.domain.names import FLAT_PREFIX, ServiceKey, generated_for, is_generated
from meshglobal.domain.objects import EndpointSlice, Object, Service, ServiceEntry, WorkloadEntry

Keys = frozenset[ServiceKey]
_NOBODY: Keys = frozenset()


class Extent:
    """What events have touched since it was last asked."""

    def __init__(self, istio_namespace: str, contexts: Collection[str]) -> None:
        self._istio_namespace = istio_namespace
        self._contexts = contexts
        self._keys: set[ServiceKey] = set()
        self._is_all = False

    def __bool__(self) -> bool:
        return self._is_all or bool(self._keys)

    def add_all(self) -> None:
        """Something concerns all services."""
        self._is_all = True

    def add(self, kind: Kind, before: Object | None, after: Object | None) -> None:
        """An object came, changed or went."""
        if self._is_all or _is_alike(kind, before, after):
            return
        for found in (before, after):
            if found is not None:
                if (keys := self._of(kind, found)) is None:
                    self._is_all = True
                    return
                self._keys |= keys

    def taken(self) -> Keys | None:
        """What was touched; None: all. Nothing is afterwards."""
        keys = None if self._is_all else frozenset(self._keys)
        self._keys, self._is_all = set(), False
        return keys

    def _of(self, kind: Kind, found: Object) -> Keys | None:
        if kind is kinds.NAMESPACE or kind is kinds.SEGMENT:
            return None
        if isinstance(found, Service):
            return frozenset(_of_service(found))
        if isinstance(found, EndpointSlice):
            name = found.metadata.label(SERVICE_NAME)
            return frozenset((ServiceKey(found.namespace, name),)) if name is not None else _NOBODY
        if found.namespace != self._istio_namespace:
            return _NOBODY
        if isinstance(found, ServiceEntry):
            return frozenset(_of_entry(found)) if is_generated(found.name) else _NOBODY
        return self._of_peer(found) if isinstance(found, WorkloadEntry) else _NOBODY

    def _of_peer(self, entry: WorkloadEntry) -> Keys | None:
        """An entry of a flat network tells only that its peer is there: of which service it is, is not said (R21)."""
        if (key := generated_for(entry.name)) is not None:
            return frozenset((key,))
        is_flat = entry.name.startswith(FLAT_PREFIX)
        is_stranger = entry.name.removeprefix(FLAT_PREFIX).partition(".")[0] not in self._contexts
        return None if is_flat and is_stranger else _NOBODY


def _is_alike(kind: Kind, before: Object | None, after: Object | None) -> bool:
    """Whether a Namespace says the same as before: its status changes, and its annotations do, without our caring."""
    if kind is not kinds.NAMESPACE or before is None or after is None:
        return False
    first, second = before.metadata, after.metadata
    return (first.labels, first.annotations, first.deletion_timestamp) == (
        second.labels,
        second.annotations,
        second.deletion_timestamp,
    )


def _of_service(service: Service) -> Iterator[ServiceKey]:
    """A Service tells of itself, and that its waypoint is one (R23)."""
    yield ServiceKey(service.namespace, service.name)
    if (waypoint := service.metadata.label(USE_WAYPOINT)) is not None:
        yield ServiceKey(service.metadata.label(USE_WAYPOINT_NAMESPACE) or service.namespace, waypoint)


def _of_entry(entry: ServiceEntry) -> Iterator[ServiceKey]:
    """Entries are found by host (R8), which begins as their name ends: with the service."""
    if (key := generated_for(entry.name)) is not None:
        yield key
    for host in entry.hosts:
        name, dot, rest = host.partition(".")
        namespace, second, _ = rest.partition(".")
        if dot and second:
            yield ServiceKey(namespace, name)
