"""The rows of the inventory while the mesh is followed: only the services that were touched are judged again.

A row that says the same as before stays the same object.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from meshglobal.app.picture import Picture
from meshglobal.app.selecting import Wanted
from meshglobal.app.touched import Keys
from meshglobal.domain.inventory import GlobalService, global_services, with_aliases
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.verdict import State, Verdict


class Renewed(NamedTuple):
    """What became of the rows: whether any differs, and the verdicts on those that were judged, before and after."""

    is_changed: bool
    before: Sequence[Verdict]
    after: Sequence[Verdict]


class Rows:
    """The services that are wanted, each with its row and its verdicts."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._verdicts: dict[ServiceKey, tuple[Verdict, ...]] = {}
        self._services: dict[ServiceKey, GlobalService] = {}
        self._in_order: tuple[GlobalService, ...] = ()
        self.counts: Counter[State] = Counter()

    @property
    def services(self) -> tuple[GlobalService, ...]:
        """All rows, by namespace and name."""
        return self._in_order

    @property
    def keys(self) -> frozenset[ServiceKey]:
        """The services that have a row."""
        return frozenset(self._services)

    @property
    def verdicts(self) -> list[Verdict]:
        """All verdicts, by service."""
        return [verdict for key in sorted(self._verdicts) for verdict in self._verdicts[key]]

    def renew(self, picture: Picture, touched: Keys | None) -> Renewed:
        """Judge the services that were touched (None: all of them)."""
        keys = None if touched is None else {key for key in touched if key in self._wanted}
        verdicts = picture.verdicts(self._wanted if keys is None else keys)
        known = self._wanted if keys is None else keys
        found = {
            ServiceKey(one.namespace, one.name): one
            for one in with_aliases(
                global_services(picture.views, verdicts, known),
                picture.views,
                picture.expectation,
                picture.mesh.istio_namespace,
            )
        }
        old = set(self._services) if keys is None else keys & self._services.keys()
        before = [verdict for key in sorted(old) for verdict in self._verdicts[key]]
        is_changed = self._take(found, old)
        self._count(before, verdicts)
        self._keep_verdicts(verdicts, old)
        return Renewed(is_changed, before, verdicts)

    def _take(self, found: dict[ServiceKey, GlobalService], old: Iterable[ServiceKey]) -> bool:
        gone = [key for key in old if key not in found]
        for key in gone:
            del self._services[key]
        differing = {key: one for key, one in found.items() if self._services.get(key) != one}
        self._services.update(differing)
        if gone or differing:
            self._in_order = tuple(self._services[key] for key in sorted(self._services))
        return bool(gone or differing)

    def _count(self, before: Iterable[Verdict], after: Iterable[Verdict]) -> None:
        self.counts.subtract(Counter(verdict.state for verdict in before))
        self.counts.update(verdict.state for verdict in after)

    def _keep_verdicts(self, verdicts: Iterable[Verdict], old: Iterable[ServiceKey]) -> None:
        grouped: dict[ServiceKey, list[Verdict]] = {}
        for verdict in verdicts:
            grouped.setdefault(ServiceKey(verdict.namespace, verdict.service), []).append(verdict)
        for key in old:
            self._verdicts.pop(key, None)
        self._verdicts.update({key: tuple(some) for key, some in grouped.items()})
