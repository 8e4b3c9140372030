"""Read all queries from all clusters, each cluster once, and make one `MeshSnapshot` of what came in time.

A cluster is a list of readings that one or more *lanes* work off, each lane a task of the fan-out with a kept-alive
connection of its own. Lanes are as many as there are idle workers, at most four a cluster: with few clusters the
readings go side by side and save round trips; with many, further connections would only cost TLS handshakes. Who has
not been read after a second gets further lanes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

from meshglobal.domain.snapshot import MeshSnapshot, Query
from meshglobal.domain.thinning import Thin
from meshglobal.kube.client import Client
from meshglobal.kube.cluster_reading import ClusterReading, OnEnd
from meshglobal.kube.fan_out import fan_out
from meshglobal.kube.identity import Claims, each_cluster_once
from meshglobal.kube.retrying import Patience
from meshglobal.kube.timing import Deadline

MOST_LANES = 4
_CONNECTIONS = 16
"""Beyond so many in all, a further connection costs more time for its TLS handshake than it saves by waiting less."""


_UNTIL_HELP = 1.0
"""Seconds after which lanes that have nothing to do help the clusters that are not done: those are slow, or far."""


class Limits(NamedTuple):
    """What a run may take: threads, time, and attempts at a request."""

    workers: int
    deadline: Deadline
    patience: Patience


def lanes_for(clusters: int, workers: int) -> int:
    """How many readings of one cluster go side by side."""
    return max(1, min(MOST_LANES, min(workers, _CONNECTIONS) // max(1, clusters)))


def _neediest(readings: Sequence[ClusterReading]) -> ClusterReading | None:
    """The cluster of which most is left to read, among those that may have another lane."""
    waiting = [reading for reading in readings if reading.waiting and reading.lanes < MOST_LANES]
    return max(waiting, key=lambda one: one.waiting, default=None)


def read_clusters(
    clients: Sequence[Client],
    queries: Sequence[Query],
    limits: Limits,
    on_end: OnEnd,
    thin: Thin | None = None,
) -> MeshSnapshot:
    """Read everything; what failed or came too late is a gap. ``on_end`` is called once a context, in a worker."""
    claims = Claims()
    readings = [ClusterReading(client, place, queries, claims, thin) for place, client in enumerate(clients)]

    is_over = threading.Event()

    def work(reading: ClusterReading) -> None:
        reading.work(limits.deadline, limits.patience, on_end)
        if all(one.is_over for one in readings):
            is_over.set()

    def lane_of(reading: ClusterReading) -> Callable[[], None]:
        return lambda: work(reading)

    def help_out() -> None:
        if not is_over.wait(_UNTIL_HELP):
            while (slow := _neediest(readings)) is not None:
                work(slow)

    lanes = min(lanes_for(len(clients), limits.workers), len(queries) + 1)
    tasks = [lane_of(reading) for _ in range(lanes) for reading in readings]
    spare = [help_out] * _CONNECTIONS if readings and lanes < MOST_LANES else []
    fan_out(tasks + spare, limits.workers, limits.deadline)
    ends = [(reading.client.server, reading.close()) for reading in readings]
    return MeshSnapshot(each_cluster_once(ends))
