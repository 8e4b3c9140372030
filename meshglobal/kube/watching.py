"""Watch all queries in all clusters; the news of all come out of one iterator."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

from meshglobal.app.ports import ClusterEvent
from meshglobal.domain.objects import Object
from meshglobal.domain.snapshot import Gap, Query
from meshglobal.kube.client import Client
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.heartbeat import Heartbeat
from meshglobal.kube.query_watch import Listener, QueryWatch, WatchTimes
from meshglobal.kube.retrying import Patience
from meshglobal.kube.timing import Deadline

Events = queue.SimpleQueue[ClusterEvent]
_LOOK = 0.1  # seconds between looks at whether everything was closed


class ClusterState:
    """What is to be told about one cluster as a whole: when all its queries are in step, and when one is lost."""

    def __init__(self, context: str, queries: Sequence[Query], events: Events) -> None:
        self._context = context
        self._events = events
        self._queries = tuple(queries)
        self._behind = set(queries)
        self._reported: set[tuple[str, Query | None]] = set()
        self._lock = threading.Lock()

    @property
    def listener(self) -> Listener:
        """What the cluster's watches report to."""
        return Listener(self._deliver, self._well, self._lost)

    def _deliver(self, kind: str, query: Query, found: Object) -> None:
        self._events.put(ClusterEvent(self._context, kind, query, query.kind, found))

    def _well(self, query: Query) -> None:
        with self._lock:
            if query not in self._behind:
                return
            self._behind.discard(query)
            # Who heard that the whole cluster was lost must hear of all that goes on, also where no stream broke.
            was_lost = any(one is None for _, one in self._reported)
            well = [one for one in self._queries if one not in self._behind] if was_lost else [query]
            # Who hears this takes the cluster for reached: if it is not after all, that must be told again.
            self._reported = {one for one in self._reported if self._behind and one[1] not in (None, query)}
            for one in well if self._behind else (None,):
                self._events.put(ClusterEvent(self._context, "synced", one))

    def _lost(self, query: Query, error: ClusterError) -> None:
        """Tell each loss once until it is over; one that concerns the cluster once for all queries."""
        gap = Gap(error.failure, None if error.is_final else query)
        with self._lock:
            self._behind.add(query)
            if (error.cause, gap.query) not in self._reported:
                self._reported.add((error.cause, gap.query))
                self._events.put(ClusterEvent(self._context, "lost", gap.query, None, None, gap))


def watch_clusters(
    clients: Sequence[Client], queries: Sequence[Query], deadline: Deadline, patience: Patience, times: WatchTimes
) -> Iterator[ClusterEvent]:
    """Events of all clusters as they come, until the deadline; the threads end with the iterator."""
    events: Events = queue.SimpleQueue()
    distinct = tuple(dict.fromkeys(queries))
    # A deadline of its own: the iterator may be dropped early.
    own = Deadline(deadline.at)
    watches: list[QueryWatch] = []
    beats: list[Heartbeat] = []
    for client in clients:
        listener = ClusterState(client.context, distinct, events).listener
        of_cluster = [QueryWatch(client, query, listener, own, patience, times) for query in distinct]
        watches += of_cluster
        beats.append(Heartbeat(client, of_cluster, own, patience.request_timeout, times.heartbeat))
    for run in [one.run for one in watches] + [one.run for one in beats]:
        threading.Thread(target=run, name="meshglobal-watch", daemon=True).start()
    try:
        yield from taken(events, deadline)
    finally:
        own.closed.set()
        for watch in watches:
            watch.interrupt()


def taken(events: Events, deadline: Deadline) -> Iterator[ClusterEvent]:
    """The events as they come, until the deadline."""
    while (left := deadline.left) > 0:
        try:
            event = events.get(timeout=min(left, _LOOK))
        except queue.Empty:
            continue
        yield event if events.empty() else replace(event, is_followed=True)
