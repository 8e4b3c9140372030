"""What changed while the program runs: of each service the last changes, and of all together the last few."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable

from meshglobal.domain.changes import Change, HostChange
from meshglobal.domain.names import ServiceKey

_LAST = 1_000
_OF_A_SERVICE = 50
_OF_ALL = 5_000  # each keeps a verdict: a kilobyte or two


class History:
    """Its size has a bound, however long the program runs."""

    def __init__(self) -> None:
        self._last: deque[tuple[int, Change]] = deque(maxlen=_LAST)
        self._of: OrderedDict[ServiceKey, deque[HostChange]] = OrderedDict()
        self._kept = 0

    def add(self, version: int, changes: Iterable[Change]) -> None:
        """Keep what changed up to a version."""
        for change in changes:
            self._last.append((version, change))
            if isinstance(change, HostChange):
                self._keep(change)
        while self._kept > _OF_ALL:
            self._kept -= len(self._of.popitem(last=False)[1])

    def _keep(self, change: HostChange) -> None:
        """Add it to what is known of its service; the services that changed longest ago are forgotten first."""
        key = ServiceKey(change.namespace, change.service)
        own = self._of.setdefault(key, deque(maxlen=_OF_A_SERVICE))
        self._kept += len(own) < _OF_A_SERVICE
        own.append(change)
        self._of.move_to_end(key)

    def of(self, key: ServiceKey) -> tuple[HostChange, ...]:
        """What changed of a service, newest first."""
        return tuple(reversed(self._of.get(key, ())))

    def since(self, version: int) -> list[Change]:
        """What changed after a version: of each host and finding the newest, in order of time."""
        newest: dict[tuple[str, ...], Change] = {}
        for seen, change in self._last:
            if seen > version:
                newest.pop(_subject(change), None)
                newest[_subject(change)] = change
        return list(newest.values())


def _subject(change: Change) -> tuple[str, ...]:
    if isinstance(change, HostChange):
        return ("host", change.context, change.namespace, change.service, change.host)
    return ("finding", change.finding.fingerprint)
