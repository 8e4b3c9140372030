"""Pods of a namespace, read when somebody looks at a service in it: there are too many of them to follow.

A reading never holds anything else up: each namespace has one at a time, all together have four, and what has come of
one can be seen while the rest is still awaited.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

from meshglobal.app.live_detail import pod_queries
from meshglobal.app.ports import Fleet
from meshglobal.dashboard.bridge import Bridge
from meshglobal.dashboard.bugs import bug_log
from meshglobal.domain.inventory import GlobalService
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.snapshot import ClusterSnapshot, MeshSnapshot

_READINGS = 4
_NAMESPACES = 8  # whose pods are kept
_PAUSE = 2.0  # seconds from the beginning of one reading to that of the next of the same namespace
_OLD = 10.0  # seconds after which pods are read again when somebody comes
_MOMENT = 0.4  # seconds that an answer waits for them


class Pods(NamedTuple):
    """What is known of the pods of a namespace; None: nothing yet. ``is_complete``: none are being read right now."""

    snapshot: MeshSnapshot | None
    is_complete: bool


@dataclass(slots=True)
class _Namespace:
    """The pods of one namespace.

    Attributes:
        rows: what the services that were asked for were like when these pods were read.
        clusters: those that have answered.
        under_way: is done when the present reading is.
    """

    name: str
    rows: dict[str, GlobalService | None] = field(default_factory=dict)
    begun: float = 0.0
    ended: float = 0.0
    clusters: dict[str, ClusterSnapshot] = field(default_factory=dict)
    under_way: asyncio.Future[None] | None = None

    def is_stale(self, service: str, row: GlobalService | None, now: float) -> bool:
        """Whether the pods are old, or were read before the service became what it is."""
        return now - self.ended > _OLD or self.rows.setdefault(service, row) is not row

    def pods(self) -> Pods:
        snapshot = MeshSnapshot(tuple(self.clusters.values())) if self.clusters else None
        return Pods(snapshot, self.under_way is None)


class PodReader:
    """Lives in the event loop; asks the fleet, which is that of the moment, in threads."""

    def __init__(self, fleet: Callable[[], Fleet]) -> None:
        self._fleet = fleet
        self._loop = asyncio.get_running_loop()
        self._bridge = Bridge()
        self._threads = ThreadPoolExecutor(_READINGS, "meshglobal-pods")
        self._namespaces: OrderedDict[str, _Namespace] = OrderedDict()
        self._is_stopped = False

    async def pods_for(self, key: ServiceKey, row: GlobalService | None) -> Pods:
        """The pods of a service's namespace, at once or after a moment; ``row``: what the service is like now."""
        namespace = self._namespaces.setdefault(key.namespace, _Namespace(key.namespace))
        self._namespaces.move_to_end(key.namespace)
        while len(self._namespaces) > _NAMESPACES:
            self._namespaces.popitem(last=False)
        if namespace.under_way is None and namespace.is_stale(key.name, row, self._loop.time()):
            namespace.rows = {key.name: row}
            namespace.under_way = self._loop.create_future()
            self._loop.call_at(max(self._loop.time(), namespace.begun + _PAUSE), self._begin, namespace)
        if namespace.under_way is not None:
            await asyncio.wait((namespace.under_way,), timeout=_MOMENT)
        return namespace.pods()

    def stop(self) -> None:
        """Begin no more; what is under way ends when the fleet is closed."""
        self._is_stopped = True
        self._bridge.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _begin(self, namespace: _Namespace) -> None:
        if self._is_stopped:
            return
        namespace.begun = self._loop.time()
        reading = self._threads.submit(self._read, namespace)
        reading.add_done_callback(lambda done: self._ended(namespace, done))

    def _read(self, namespace: _Namespace) -> MeshSnapshot:
        def on_cluster(cluster: ClusterSnapshot) -> None:
            self._bridge.call(lambda: namespace.clusters.update({cluster.context: cluster}))

        return self._fleet().read(pod_queries(namespace.name), on_cluster)

    def _ended(self, namespace: _Namespace, done: Future[MeshSnapshot]) -> None:
        self._bridge.call(lambda: self._keep(namespace, done))

    def _keep(self, namespace: _Namespace, done: Future[MeshSnapshot]) -> None:
        if (error := done.exception()) is not None:
            bug_log().error("reading pods", exc_info=error)
        else:
            namespace.clusters = {cluster.context: cluster for cluster in done.result().clusters}
        namespace.ended = self._loop.time()
        if namespace.under_way is not None:
            namespace.under_way.set_result(None)
        namespace.under_way = None
