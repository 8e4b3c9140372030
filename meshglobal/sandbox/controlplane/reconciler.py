"""Keeps every cluster's generated entries as `translate` says (R31-R33).

Events change the pictures and name services; each cluster has a queue of services to look at and its own writers, so
a cluster that does not answer holds up nobody else. Looking at a service means: what must be there, what is there,
and the difference written. Any order of events ends in the same objects.

Cutting two clusters apart freezes each one's picture of the other: it keeps what it had until they are joined again
(R33). A cluster that is held writes nothing until it is released: its control plane is down, or hangs.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from meshglobal.domain.names import ISTIO_NAMESPACE, ServiceKey
from meshglobal.sandbox.controlplane.access import Access, AccessError, Callback, Cancel, NotFoundError
from meshglobal.sandbox.controlplane.diff import Write, writes
from meshglobal.sandbox.controlplane.existing import Existing
from meshglobal.sandbox.controlplane.observed import JSON, name_of
from meshglobal.sandbox.controlplane.ownership import Istiod, Ownership
from meshglobal.sandbox.controlplane.picture import ClusterPicture
from meshglobal.sandbox.controlplane.resources import READ, WRITTEN
from meshglobal.sandbox.controlplane.sight import Touched, take_in
from meshglobal.sandbox.controlplane.switches import Switches
from meshglobal.sandbox.controlplane.translate import entries_of
from meshglobal.sandbox.controlplane.view import View
from meshglobal.sandbox.controlplane.workqueue import WorkQueue

_TURN_SECONDS = 0.005
"""How long the writers of embedded clusters go on, together, before requests get their turn."""
_log = logging.getLogger(__name__)


def _open_gate() -> asyncio.Event:
    gate = asyncio.Event()
    gate.set()
    return gate


@dataclass(slots=True)
class _Cluster:
    """One cluster's part: what is seen of it, what it has, how it sees the others, what is to be done."""

    access: Access
    picture: ClusterPicture
    seen: dict[str, ClusterPicture] = field(default_factory=dict)
    view: View | None = None
    """What follows from ``seen`` for all services alike; None when it must be worked out again."""
    existing: Existing = field(default_factory=Existing)
    queue: WorkQueue[ServiceKey] = field(default_factory=WorkQueue)
    gate: asyncio.Event = field(default_factory=_open_gate)
    """Open while the cluster's control plane works."""
    problems: dict[ServiceKey, str] = field(default_factory=dict)


class Reconciler:
    """The control planes of all clusters of a mesh. Belongs to one event loop."""

    def __init__(
        self, accesses: Sequence[Access], switches: Switches | None = None, ownership: Ownership | None = None
    ) -> None:
        self._switches = switches or Switches()
        self._ownership = ownership or Istiod()
        self._clusters = {each.name: _Cluster(each, ClusterPicture(each.name)) for each in accesses}
        for cluster in self._clusters.values():
            cluster.seen = {name: peer.picture for name, peer in self._clusters.items()}
        self._turn_ends = 0.0
        self._has_read_all = False
        self._cancels: list[Cancel] = []
        self._writers: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Read every cluster, then begin to write. Raises AccessError where a cluster cannot be read.

        Nothing is written before everything is read: half a picture would take entries away.
        """
        reading = (self._follow(cluster) for cluster in self._clusters.values())
        # All come to an end before a failure is raised: nobody goes on reading behind the caller's back.
        for failure in await asyncio.gather(*reading, return_exceptions=True):
            if failure is not None:
                raise failure
        self._has_read_all = True
        self._look_at(Touched(everything=True))
        for cluster in self._clusters.values():
            for _ in range(cluster.access.writers):
                self._writers.append(asyncio.create_task(self._write(cluster), name=f"write-{cluster.access.name}"))
                self._writers[-1].add_done_callback(_tell_of_a_crash)

    async def stop(self) -> None:
        """Stop following, finish the writes that are under way; the entries stay."""
        for cancel in self._cancels:
            cancel()
        for cluster in self._clusters.values():
            cluster.queue.stop()
            cluster.gate.set()
        await asyncio.gather(*self._writers)
        self._cancels.clear()
        self._writers.clear()

    async def settled(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - a deadline with a sentence
        """Wait until nothing is left to do in the clusters that can be reached.

        Raises TimeoutError, which names what could not be written; a writer's crash is raised as it is.
        """
        quiet = asyncio.ensure_future(self._quiet())
        ended, _ = await asyncio.wait({quiet, *self._writers}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        quiet.cancel()
        for task in ended:
            task.result()
        if not ended:
            what = "; ".join(self.problems()) or "still writing"
            raise TimeoutError(f"the mesh did not settle in {timeout} s: {what}")

    def problems(self) -> list[str]:
        """What could not be written last time, a sentence each."""
        return [text for cluster in self._clusters.values() for text in cluster.problems.values()]

    @property
    def switches(self) -> Switches:
        """The present answers to the open questions."""
        return self._switches

    def answer(self, switches: Switches) -> None:
        """Change the answers to the open questions; the entries follow."""
        self._switches = switches
        self._look_at(Touched(everything=True))

    def hold(self, name: str) -> None:
        """Let a cluster's control plane do nothing from now on; what stands there stays."""
        self._clusters[name].gate.clear()

    def release(self, name: str) -> None:
        """Let it work again: it looks at everything anew, as one that was just started."""
        if not self._clusters[name].gate.is_set():
            self._clusters[name].gate.set()
            self._look_at(Touched(everything=True))

    def is_held(self, name: str) -> bool:
        """Whether a cluster's control plane does nothing."""
        return not self._clusters[name].gate.is_set()

    def cut(self, one: str, other: str) -> None:
        """Part two clusters: each keeps what it knew of the other (R33)."""
        for viewer, peer in ((one, other), (other, one)):
            self._clusters[viewer].seen[peer] = self._clusters[viewer].seen[peer].frozen()
            self._clusters[viewer].view = None

    def join(self, one: str, other: str) -> None:
        """Join two parted clusters again."""
        for viewer, peer in ((one, other), (other, one)):
            self._clusters[viewer].seen[peer] = self._clusters[peer].picture
        self._look_at(Touched(everything=True))

    async def reconcile(self, name: str, key: ServiceKey) -> int:
        """Put one service right in one cluster; how many writes that took. Raises AccessError."""
        cluster = self._clusters[name]
        cluster.view = cluster.view or View(name, cluster.seen, self._switches)
        wanted = entries_of(cluster.view, key)
        todo = list(writes(wanted, cluster.existing.of(key), self._ownership))
        for write in todo:
            await self._carry_out(cluster, write)
            await self._give_way()
        return len(todo)

    async def _carry_out(self, cluster: _Cluster, write: Write) -> None:
        """Write, and remember the answer before the watch tells it."""
        verb, resource, obj = write
        if verb == "delete":
            with contextlib.suppress(NotFoundError):
                await cluster.access.delete(resource, ISTIO_NAMESPACE, name_of(obj))
            cluster.existing.drop(resource, obj)
            return
        written = await (cluster.access.create if verb == "create" else cluster.access.replace)(resource, obj)
        self._ownership.note(written)  # somebody may edit the mark away before it is looked at again
        cluster.existing.put(resource, written)

    async def _give_way(self) -> None:
        """Let requests have their turn now and then: embedded clusters answer without ever waiting."""
        loop = asyncio.get_running_loop()
        if loop.time() > self._turn_ends:
            await asyncio.sleep(0)
            self._turn_ends = loop.time() + _TURN_SECONDS

    async def _quiet(self) -> None:
        while busy := [each for each in self._clusters.values() if _is_at_work(each)]:
            await busy[0].queue.idle()

    async def _follow(self, cluster: _Cluster) -> None:
        for kind in (*READ, *WRITTEN):
            on_event = (self._reader if kind in READ else self._keeper)(cluster, kind.resource)
            try:
                self._cancels.append(await cluster.access.subscribe(kind.resource, on_event))
            except NotFoundError:
                if not kind.is_optional:
                    raise

    def _reader(self, cluster: _Cluster, resource: str) -> Callback:
        """What to do about an event of a resource that is read."""

        def on_event(event: str, obj: JSON) -> None:
            self._look_at(take_in(cluster.picture, resource, obj, is_gone=event == "DELETED"))

        return on_event

    def _keeper(self, cluster: _Cluster, resource: str) -> Callback:
        """What to do about an event of a resource that is written: an entry that somebody changed is looked at."""

        def on_event(event: str, obj: JSON) -> None:
            keep = cluster.existing.drop if event == "DELETED" else cluster.existing.put
            key = keep(resource, obj)
            if key and (event == "DELETED" or self._switches.edited_entries == "mended"):
                cluster.queue.add(key)

        return on_event

    def _look_at(self, touched: Touched) -> None:
        """Queue services in every cluster; not while clusters are first read, as all are queued after that."""
        if not self._has_read_all:
            return
        keys: Iterable[ServiceKey] = touched.keys
        if touched.everything:
            known = (key for each in self._clusters.values() for key in (*each.picture.services, *each.existing.keys()))
            keys = dict.fromkeys(known)
            for cluster in self._clusters.values():
                cluster.view = None
        for key in keys:
            for cluster in self._clusters.values():
                cluster.queue.add(key)

    async def _write(self, cluster: _Cluster) -> None:
        """One writer of a cluster, until the queue is stopped."""
        while (key := await cluster.queue.get()) is not None:
            await cluster.gate.wait()
            try:
                await self.reconcile(cluster.access.name, key)
            except AccessError as problem:
                _log.info("%s: %s; again later", key, problem)
                cluster.problems[key] = str(problem)
                cluster.queue.failed(key)
            else:
                cluster.problems.pop(key, None)
                cluster.queue.done(key)
            await self._give_way()


def _is_at_work(cluster: _Cluster) -> bool:
    """Whether something is left to do for a control plane that works, in a cluster that can be reached."""
    return cluster.access.is_reachable and cluster.gate.is_set() and not cluster.queue.is_idle


def _tell_of_a_crash(writer: asyncio.Task[None]) -> None:
    """A writer ends by being told to; anything else is a bug that must not go unseen."""
    if not writer.cancelled() and (crash := writer.exception()):
        told = {"message": "a writer of the control plane crashed", "exception": crash, "task": writer}
        writer.get_loop().call_exception_handler(told)
