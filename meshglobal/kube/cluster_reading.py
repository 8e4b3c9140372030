"""The readings of one context in one run: what is left to read, what was found, what failed."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence

from meshglobal.domain.demand import IDENTITY, ROLL_CALL, is_identified_by
from meshglobal.domain.failure import Cause, Failure, failure
from meshglobal.domain.kinds import Kind
from meshglobal.domain.objects import Object
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, Query
from meshglobal.domain.thinning import Thin
from meshglobal.kube.client import Client
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.identity import Claims
from meshglobal.kube.listing import Listed, read_query
from meshglobal.kube.retrying import Patience
from meshglobal.kube.timing import Deadline

_WITHOUT_UID = frozenset({Cause.FORBIDDEN, Cause.NOT_FOUND})
OnEnd = Callable[["ClusterReading", ClusterSnapshot], None]
"""Is told, by a worker, what was read once all of a context has been."""


class ClusterReading:
    """Lanes (threads) take readings and bring back results; all state is under one lock.

    The first reading tells the cluster's identity: the list of all namespaces where that is asked for, else the one
    namespace that identifies it (None in the queue), which is also asked for where the list is refused. It decides
    whether the cluster answers at all, and a context of a cluster that another context reads already has nothing left
    to do.
    """

    def __init__(
        self, client: Client, place: int, queries: Sequence[Query], claims: Claims, thin: Thin | None = None
    ) -> None:
        self.client = client
        self.versions: dict[Query, str] = {}
        """As of which version each list was read: a watch can go on from there."""
        self._thin = thin
        self._end: ClusterSnapshot | None = None
        self._place = place
        self._claims = claims
        self._queries = tuple(dict.fromkeys(queries))
        self._left: deque[Query | None] = deque(sorted(self._queries, key=lambda query: query != ROLL_CALL))
        if not is_identified_by(self._queries):
            self._left.appendleft(None)
        self._is_begun = False
        self._running = 0
        self._uid = ""
        self._found: dict[Query, tuple[Object, ...]] = {}
        self._failures: dict[Query, Failure] = {}
        self._final: Failure | None = None
        self._is_closed = False
        self._lock = threading.Lock()

    def work(self, deadline: Deadline, patience: Patience, on_end: OnEnd) -> None:
        """One lane: read until nothing is left. Whoever brings the last result tells ``on_end``."""
        while (taken := self._take()) is not None:
            query = taken[0]
            try:
                listed = read_query(self.client, query or IDENTITY, deadline, patience)
            except ClusterError as error:
                ended = self._fail(query, error)
            else:
                ended = self._keep(query, listed)
            if ended:
                self._finish(on_end)

    @property
    def is_left_to_another(self) -> bool:
        """Whether a context that was selected earlier reads this cluster, as far as is known by now."""
        return bool(self._uid) and not self._claims.claim(self._uid, self._place)

    @property
    def waiting(self) -> int:
        """How many readings nobody has taken, and somebody still may."""
        return 0 if self._is_closed else len(self._left)

    @property
    def lanes(self) -> int:
        """How many readings are under way."""
        return self._running

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to read, and nobody reads."""
        with self._lock:
            return not (self._left or self._running)

    def close(self) -> ClusterSnapshot:
        """What was read by now; what is missing is a gap. Nothing is taken in afterwards."""
        with self._lock:
            self._is_closed = True
            return self._end or self._snapshot()

    def _finish(self, on_end: OnEnd) -> None:
        with self._lock:
            end = self._snapshot()
            if self._thin is not None:
                end = self._thin(end)
            self._end, self._found = end, {}
        on_end(self, end)

    def _take(self) -> tuple[Query | None] | None:
        with self._lock:
            if not self._left or self._is_closed:
                return None
            self._running += 1
            self._is_begun = True
            return (self._left.popleft(),)

    def _keep(self, query: Query | None, listed: Listed) -> bool:
        with self._lock:
            if query is not None:
                self._found[query] = listed.objects
                self.versions[query] = listed.resource_version
            if query in (None, ROLL_CALL):
                self._identify(listed.objects)
            return self._ended()

    def _fail(self, query: Query | None, error: ClusterError) -> bool:
        with self._lock:
            if error.is_final or (query is None and error.cause not in _WITHOUT_UID):
                self._final = self._final or error.failure
                self._left.clear()
            elif query is not None:
                self._failures[query] = error.failure
                if query == ROLL_CALL:
                    self._left.appendleft(None)
            return self._ended()

    def _identify(self, objects: tuple[Object, ...]) -> None:
        self._uid = next((found.metadata.uid for found in objects if found.name == IDENTITY.name), "")
        if self.is_left_to_another:
            self._left.clear()

    def _ended(self) -> bool:
        """Whether the last reading is back, and somebody still waits for it."""
        self._running -= 1
        return not (self._left or self._running or self._is_closed)

    def _snapshot(self) -> ClusterSnapshot:
        missing = [query for query in self._queries if query not in self._found]
        reason = self._reason()
        is_silent = all(one.cause is Cause.TIMEOUT for one in self._failures.values())
        if reason is not None and not self._found and (self._final is not None or is_silent):
            return ClusterSnapshot(
                self.client.context, self._uid, gaps=(Gap(reason),), circumstances=self.client.circumstances()
            )
        failures = [(self._failures.get(query, reason), query) for query in missing]
        return ClusterSnapshot(
            self.client.context,
            self._uid,
            (),
            self._objects(),
            tuple(query for query in self._queries if query in self._found),
            tuple(Gap(found, query) for found, query in failures if found is not None),
            self.client.circumstances(),
        )

    def _reason(self) -> Failure | None:
        """Why readings without a result of their own have none."""
        if self._final is not None or not (self._left or self._running):
            return self._final
        if not self._is_begun:
            return failure(Cause.NOT_STARTED, "its turn had not come when the time was over", self.client.context)
        return failure(Cause.TIMEOUT, f"{self.client.server} had not answered in time", self.client.context)

    def _objects(self) -> dict[Kind, tuple[Object, ...]]:
        """By kind; an object that several queries found counts once."""
        merged: dict[Kind, tuple[Object, ...]] = {}
        for query in self._queries:
            found = self._found.get(query)
            if found is not None:
                before = merged.get(query.kind)
                merged[query.kind] = found if not before else _united(before, found)
        return merged


def _united(first: tuple[Object, ...], second: tuple[Object, ...]) -> tuple[Object, ...]:
    merged = {(item.namespace, item.name): item for item in first}
    merged.update({(item.namespace, item.name): item for item in second})
    return tuple(merged.values())
