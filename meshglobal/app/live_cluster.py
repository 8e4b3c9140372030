"""One cluster as events tell it: the objects by kind, what is known of each query, and a snapshot of the moment.

A snapshot is made anew only when something changed, and of it only the kinds that did: by identity anybody who keeps
the one before can tell that nothing has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from meshglobal.app.ports import ClusterEvent
from meshglobal.domain.failure import Cause, Failure, failure
from meshglobal.domain.kinds import Kind
from meshglobal.domain.objects import Object
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, Query

Place = tuple[str, str]
"""Namespace and name."""
_SILENT = frozenset({Cause.TIMEOUT, Cause.CONNECTION_LOST})
"""When no reading has an answer for such a reason, the cluster has none."""


class LiveCluster:
    """Takes events of one cluster. The gap of the query None is that of the whole cluster.

    ``later``: queries of which nothing is said before all of them have settled.
    """

    def __init__(self, first: ClusterSnapshot, queries: Iterable[Query], later: Iterable[Query] = ()) -> None:
        # What was read at first is told again, or taken over: it would only stay in memory beside it.
        self._first = replace(first, objects={}, queries=())
        self._first_queries = tuple(queries)
        self._later = tuple(later)
        self._objects: dict[Kind, dict[Place, Object]] = {}
        self._listed: dict[Kind, tuple[Object, ...]] = {}
        self._synced: set[Query] = set()
        self._gaps: dict[Query | None, Gap] = {}
        self._snapshot: ClusterSnapshot | None = None

    @classmethod
    def read(cls, cluster: ClusterSnapshot, queries: Iterable[Query], later: Iterable[Query] = ()) -> LiveCluster:
        """A cluster of which some queries have been answered already."""
        live = cls(cluster, queries, later)
        live._listed.update({kind: tuple(sorted(found, key=_place)) for kind, found in cluster.objects.items()})
        live._synced.update(cluster.queries)
        live._gaps.update({gap.query: gap for gap in cluster.gaps})
        return live

    def take(self, event: ClusterEvent) -> Object | None:
        """Carry out one event; the object that was there before, if one was."""
        match event.type:
            case "synced":
                self._sync(event.query)
            case "lost" if event.gap is not None:
                self._snapshot = None
                self._gaps[event.gap.query] = event.gap
            case _:
                return self._change(event)
        return None

    @property
    def uid(self) -> str:
        """See `ClusterSnapshot.uid`."""
        return self._first.uid

    def is_known_to_be(self, uid: str) -> None:
        """It tells at last which cluster it is."""
        self._snapshot = None
        self._first = replace(self._first, uid=uid)

    def also_known_as(self, *contexts: str) -> None:
        """Other contexts lead here."""
        self._snapshot = None
        self._first = replace(self._first, aliases=(*self._first.aliases, *contexts))

    def _sync(self, query: Query | None) -> None:
        answered = (query,) if query is not None else (*self._first_queries, *self._later)
        if not self._gaps and self._synced.issuperset(answered):
            return
        self._snapshot = None
        if (whole := self._gaps.pop(None, None)) is not None:
            # That some of it answers again says nothing of the rest.
            rest: dict[Query | None, Gap] = {
                one: Gap(whole.failure, one) for one in (*self._first_queries, *self._later)
            }
            self._gaps = rest | self._gaps
        for one in answered:
            self._gaps.pop(one, None)
            self._synced.add(one)

    def _change(self, event: ClusterEvent) -> Object | None:
        if event.object is None or event.kind is None:
            return None
        self._snapshot = None
        place = _place(event.object)
        listed = self._listed.pop(event.kind, ())
        if (found := self._objects.get(event.kind)) is None:
            found = self._objects[event.kind] = {_place(one): one for one in listed}
        before = found.get(place)
        if event.type == "deleted":
            if not _is_another(before, event.object):
                found.pop(place, None)
        else:
            found[place] = event.object
        return before

    @property
    def _queries(self) -> tuple[Query, ...]:
        """Those of which something is said."""
        if self._later and self.has_settled(self._later):
            return tuple(dict.fromkeys((*self._first_queries, *self._later)))
        return self._first_queries

    @property
    def is_settled(self) -> bool:
        """Whether every query has been answered once, or is known to have no answer."""
        return self.has_settled(self._queries)

    def has_settled(self, queries: Iterable[Query]) -> bool:
        """Whether each of some queries has been answered once, or is known to have no answer."""
        return None in self._gaps or all(query in self._synced or query in self._gaps for query in queries)

    def snapshot(self) -> ClusterSnapshot:
        """The cluster at this moment; the same object as before while nothing has changed."""
        if self._snapshot is None:
            self._snapshot = self._made()
        return self._snapshot

    def _made(self) -> ClusterSnapshot:
        for kind, found in self._objects.items():
            if kind not in self._listed:
                # In the order in which a server lists them, whatever came when.
                self._listed[kind] = tuple([found[place] for place in sorted(found)])
        gaps = self._known_gaps()
        queries = tuple(query for query in self._queries if query not in gaps and None not in gaps)
        return ClusterSnapshot(
            self._first.context,
            uid=self._first.uid,
            aliases=self._first.aliases,
            objects={kind: some for kind in self._listed if (some := self._followed(kind, queries, gaps))},
            queries=queries,
            gaps=tuple(gaps.values()),
            circumstances=self._first.circumstances,
        )

    def _followed(self, kind: Kind, queries: Iterable[Query], gaps: Iterable[Query | None]) -> tuple[Object, ...]:
        """The objects of a kind that some reading still tells of; of a cluster that is lost all that it had.

        Who finds an object in a snapshot takes it for there, so what nobody follows any more must not be in it.
        """
        found = self._listed[kind]
        if None in gaps or all(query is None or query.kind is not kind for query in gaps):
            return found
        left = [query for query in queries if query.kind is kind]
        return tuple([one for one in found if any(query.touches(kind, one.namespace, one.name) for query in left)])

    def _known_gaps(self) -> dict[Query | None, Gap]:
        """What cannot be read; what hides the whole cluster hides the rest, and is said once."""
        if None in self._gaps:
            return {None: self._gaps[None]}
        unread = Gap(unread_yet(self._first.context))
        asked = self._queries
        known: dict[Query | None, Gap] = {
            query: Gap(unread.failure, query) for query in asked if query not in self._synced
        }
        known |= {query: gap for query, gap in self._gaps.items() if query in asked}
        messages = {gap.failure.message for gap in known.values()}
        if not self._synced and len(messages) == 1:
            failed = next(iter(known.values())).failure
            return {None: self._not_again(failed)}
        if known.keys() >= set(asked) and all(gap.failure.cause in _SILENT for gap in known.values()):
            return {None: Gap(next(iter(known.values())).failure)}
        return known

    def _not_again(self, failed: Failure) -> Gap:
        """A cluster of which nothing has come: why it could not be read at first says more than that it was not yet."""
        before = next((gap for gap in self._first.gaps if gap.query is None), None)
        return before if before is not None and failed.cause is Cause.TIMEOUT else Gap(failed)


def _place(found: Object) -> Place:
    return found.namespace, found.name


def _is_another(found: Object | None, gone: Object) -> bool:
    """Whether an object took the place of one that went: of two lists that have both, one may tell of it later."""
    uids = {one.metadata.uid for one in (found, gone) if one is not None} - {""}
    return len(uids) > 1


def unread_yet(context: str) -> Failure:
    """Why nothing is known of a cluster in the beginning."""
    return failure(Cause.TIMEOUT, "it has not been read yet", context)
