"""A cluster that was written down: what it answers to a query, and why not to others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from meshglobal.app.ports import Member
from meshglobal.domain.circumstances import Circumstances
from meshglobal.domain.failure import Cause, Failure
from meshglobal.domain.kinds import Kind
from meshglobal.domain.objects import Object
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, Query
from meshglobal.files.label_selector import IllegibleSelectorError, requirements_of

Objects = Mapping[Kind, tuple[Object, ...]]


@dataclass(frozen=True, slots=True)
class Reading:
    """One query that was asked; ``failure``: why it has no answer."""

    query: Query
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """A cluster in files.

    Attributes:
        context: its name.
        unheld: why a query has no answer that no reading covers.
        uid, aliases, circumstances: as in a `ClusterSnapshot`.
        failure: why it could not be reached at all.
        readings: what was asked of it.
    """

    context: str
    unheld: Callable[[Query], Failure]
    uid: str = ""
    aliases: tuple[str, ...] = ()
    failure: Failure | None = None
    readings: tuple[Reading, ...] = ()
    circumstances: Circumstances = field(default_factory=Circumstances)

    @property
    def names(self) -> tuple[str, ...]:
        """All contexts that lead to it."""
        return (self.context, *self.aliases)

    def why_not(self, query: Query) -> Failure | None:
        """Why a query cannot be answered; None when it can."""
        covering = [one for one in self.readings if one.query.covers(query.kind, query.namespace, query.name)]
        if any(one.failure is None for one in covering):
            return None
        exact = (one.failure for one in covering if _is_alike(one.query, query))
        return next(exact, None) or (covering[0].failure if covering else None) or self.unheld(query)

    def answer(self, queries: Sequence[Query], objects: Objects, names: Sequence[str]) -> ClusterSnapshot:
        """What it says to some queries, under the names that were selected."""
        if self.failure is not None:
            return ClusterSnapshot(names[0], self.uid, tuple(names[1:]), gaps=(Gap(self.failure),))
        found: dict[Kind, tuple[Object, ...]] = {}
        done, gaps = [], []
        for query in dict.fromkeys(queries):
            failure = self.why_not(query)
            try:
                selected = _select(query, objects) if failure is None else ()
            except IllegibleSelectorError as error:
                failure = Failure(Cause.REJECTED, str(error))
            if failure is not None:
                gaps.append(Gap(failure, query))
                continue
            done.append(query)
            before = found.get(query.kind)
            found[query.kind] = tuple(selected) if before is None else _united(before, selected)
        return ClusterSnapshot(
            context=names[0],
            uid=self.uid,
            aliases=tuple(names[1:]),
            objects=found,
            queries=tuple(done),
            gaps=tuple(gaps),
            circumstances=self.circumstances,
        )


class Source(Protocol):
    """Clusters that were read from one place."""

    @property
    def members(self) -> tuple[Member, ...]:
        """Every context, in order."""

    @property
    def clusters(self) -> tuple[Saved, ...]:
        """Each cluster once, in order."""

    @property
    def taken_at(self) -> float | None:
        """When it was read from clusters, in seconds since the epoch; None where nobody says so."""

    def each(self, clusters: Collection[str], kinds: Collection[Kind]) -> Iterator[tuple[str, Objects]]:
        """Some clusters by name, one after another, with their objects of some kinds."""


def _is_alike(one: Query, other: Query) -> bool:
    return (one.namespace, one.name) == (other.namespace, other.name)


def _united(first: Sequence[Object], second: Sequence[Object]) -> tuple[Object, ...]:
    """An object that several queries found counts once."""
    return tuple({(one.namespace, one.name): one for one in (*first, *second)}.values())


def _select(query: Query, objects: Objects) -> Sequence[Object]:
    """The objects of a kind that a query is about."""
    found: Sequence[Object] = objects.get(query.kind, ())
    if query.kind.is_namespaced and query.namespace is not None:
        found = [one for one in found if one.metadata.namespace == query.namespace]
    if query.name is not None:
        found = [one for one in found if one.metadata.name == query.name]
    if query.selector:
        meets = requirements_of(query.selector)
        found = [one for one in found if meets(one.metadata.labels or {})]
    return found
