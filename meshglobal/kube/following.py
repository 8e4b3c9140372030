"""Read clusters, and go on from there by watches: each as soon as it has been read, whatever becomes of the others.

A list is not asked for again: its watch begins at the version of which it was, and nothing that happens in between is
lost. So watches have time: a connection for each costs a TLS handshake, and hundreds of them at once would hold up the
clusters that are still being read, and whoever shows those that have been.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from meshglobal.app.ports import ClusterEvent, Following
from meshglobal.domain.objects import Object
from meshglobal.domain.snapshot import ClusterSnapshot, Query
from meshglobal.kube.client import Client
from meshglobal.kube.cluster_reading import ClusterReading
from meshglobal.kube.descriptors import make_room
from meshglobal.kube.heartbeat import Heartbeat
from meshglobal.kube.query_watch import Known, QueryWatch, WatchTimes
from meshglobal.kube.reading import Limits, read_clusters
from meshglobal.kube.timing import Deadline
from meshglobal.kube.watching import ClusterState, Events, taken

_UNTIL_WATCHED = 2.0
"""Seconds after which the clusters that have been read are watched, though some other has not been."""
_BREATH = 1.0
"""Seconds, at most, for showing what has been read before watches begin, and again before what is wanted later: as many
as reading took, for what is much to read is much to show."""


class Follower:
    """One following of some clusters; its threads end with the deadline."""

    def __init__(self, clients: Sequence[Client], wish: Following, limits: Limits, times: WatchTimes) -> None:
        self._events: Events = queue.SimpleQueue()
        self._clients = {client.context: client for client in clients}
        self._wish = wish
        self._limits = limits
        self._times = times
        self._own = Deadline(wish.deadline)  # of its own: the iterator may be dropped early
        self._owners: dict[str, str] = {}  # the contexts that are followed, by UID and by server
        self._left: list[ClusterSnapshot] = []  # contexts of clusters that others read, and have not read yet
        self._told: set[str] = set()
        self._watches: list[QueryWatch] = []
        self._unwatched: list[tuple[ClusterSnapshot, dict[Query, str]]] | None = []  # None: none waits any more
        self._is_read = threading.Event()
        self._lock = threading.Lock()

    def events_until(self, deadline: Deadline) -> Iterator[ClusterEvent]:
        """Events as they come; the watches end with the iterator."""
        for work in (self._read, self._begin_watches):
            threading.Thread(target=work, name="meshglobal-follow", daemon=True).start()
        try:
            yield from taken(self._events, deadline)
        finally:
            self._own.closed.set()
            with self._lock:
                watches = list(self._watches)
            for watch in watches:
                watch.interrupt()

    def _read(self) -> None:
        clients = list(self._clients.values())
        snapshot = read_clusters(clients, self._wish.queries, self._limits, self._ended, self._wish.thin)
        for cluster in snapshot.clusters:  # those that did not answer in time; with them contexts that lead to the same
            for context in (cluster.context, *cluster.aliases):
                self._tell(replace(cluster, context=context, aliases=()), {})
        with self._lock:
            alone, self._left = self._left, []
            self._told.difference_update(one.context for one in alone)
        for cluster in alone:  # for which they waited in vain
            self._tell(cluster, {})
        self._is_read.set()

    def _ended(self, reading: ClusterReading, cluster: ClusterSnapshot) -> None:
        with self._lock:
            if self._must_wait(reading, cluster):
                self._told.add(cluster.context)
                self._left.append(cluster)
                return
        self._tell(cluster, reading.versions)

    def _tell(self, cluster: ClusterSnapshot, versions: dict[Query, str]) -> None:
        """Say what was read, and go on from there; nothing where that was done before."""
        with self._lock:
            if cluster.context in self._told:
                return
            self._told.add(cluster.context)
            owner = self._owner_of(cluster)
            is_owner = owner == cluster.context
            self._events.put(ClusterEvent(owner, "read" if is_owner else "alias", cluster=cluster))
            for other in [one for one in self._left if self._key(one) in self._owners]:
                self._left.remove(other)
                self._events.put(ClusterEvent(self._owners[self._key(other)], "alias", cluster=other))
        if is_owner:
            self._watch(cluster, versions)

    def _must_wait(self, reading: ClusterReading, cluster: ClusterSnapshot) -> bool:
        """Whether another context that is still being read may follow the cluster, and see more of it."""
        if not cluster.is_reached or self._key(cluster) in self._owners:
            return False
        if cluster.uid:
            return reading.is_left_to_another
        others = [one for one in self._clients.values() if one.server == reading.client.server]
        return any(one.context not in self._told for one in others if one is not reading.client)

    def _key(self, cluster: ClusterSnapshot) -> str:
        """What tells clusters apart: the UID; the server where a context may not see the UID."""
        return cluster.uid or self._clients[cluster.context].server

    def _owner_of(self, cluster: ClusterSnapshot) -> str:
        """The context that follows the cluster to which a context leads; from now on that itself if none did.

        What did not answer is a cluster of its own until it does.
        """
        if not cluster.uid and not cluster.is_reached:
            return cluster.context
        owner = self._owners.setdefault(self._key(cluster), cluster.context)
        self._owners.setdefault(self._clients[cluster.context].server, owner)
        return owner

    def _watch(self, cluster: ClusterSnapshot, versions: dict[Query, str]) -> None:
        with self._lock:
            if self._unwatched is not None:
                self._unwatched.append((cluster, versions))
                return
        now, later = self._watches_of(cluster, versions)
        self._start(now + later)

    def _begin_watches(self) -> None:
        begun = time.monotonic()
        self._is_read.wait(_UNTIL_WATCHED)
        breath = min(_BREATH, time.monotonic() - begun)
        self._own.wait(breath)
        with self._lock:
            waiting, self._unwatched = self._unwatched or [], None
        later = []
        for cluster, versions in waiting:
            now, rest = self._watches_of(cluster, versions)
            self._start(now)
            later += rest
        self._own.wait(breath)
        self._start(later)

    def _watches_of(
        self, cluster: ClusterSnapshot, versions: dict[Query, str]
    ) -> tuple[list[QueryWatch], list[QueryWatch]]:
        """A cluster's watches: those that are wanted now, and later. It is asked from now on whether it is there."""
        queries = tuple(dict.fromkeys((*self._wish.queries, *self._wish.later)))
        listener = ClusterState(cluster.context, queries, self._events).listener
        client, patience = self._clients[cluster.context], self._limits.patience
        made: tuple[list[QueryWatch], list[QueryWatch]] = ([], [])
        for query in queries:
            watch = QueryWatch(client, query, listener, self._own, patience, self._times)
            watch.go_on_from(_known(cluster, query, versions.get(query, "")))
            made[query not in self._wish.queries].append(watch)
        beat = Heartbeat(client, (*made[0], *made[1]), self._own, patience.request_timeout, self._times.heartbeat)
        threading.Thread(target=beat.run, name="meshglobal-watch", daemon=True).start()
        return made

    def _start(self, watches: Sequence[QueryWatch]) -> None:
        """Begin them, unless all is over: whoever ends it stops those that it finds."""
        with self._lock:
            if self._own.closed.is_set() or self._limits.deadline.closed.is_set():
                return
            self._watches += watches
        for watch in watches:
            threading.Thread(target=watch.run, name="meshglobal-watch", daemon=True).start()


def _known(cluster: ClusterSnapshot, query: Query, version: str) -> Known:
    """What a watch goes on from: nothing where that was not read, no version where what was read was no list."""
    if query not in cluster.queries:
        return Known()
    objects: dict[tuple[str, str], Object] = {
        (found.namespace, found.name): found
        for found in cluster.objects.get(query.kind, ())
        if query.touches(query.kind, found.namespace, found.name)
    }
    return Known(version, objects)


def follow_clusters(
    clients: Sequence[Client], wish: Following, limits: Limits, times: WatchTimes
) -> Iterator[ClusterEvent]:
    """See `Fleet.follow`; ``limits`` are those of the first reading."""
    make_room(len(clients) * len({*wish.queries, *wish.later}))
    deadline = Deadline(wish.deadline, limits.deadline.closed)
    return Follower(clients, wish, limits, times).events_until(deadline)
