"""A fleet on plain records: implements `meshglobal.app.ports.Fleet` with neither network nor threads of its own.

It keeps the same contract as the real adapter (`tests/kube/test_fleet_contract.py` runs against both), so use cases
can be tested on it in microseconds.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace

import msgspec
from label_selector import matches

from meshglobal.app.ports import ClusterEvent, Following, Member
from meshglobal.domain.circumstances import Circumstances
from meshglobal.domain.failure import Cause, Failure, failure
from meshglobal.domain.kinds import KINDS, Kind
from meshglobal.domain.labels import Section
from meshglobal.domain.objects import Object
from meshglobal.domain.plan import KeyChange, Status, Step, StepResult
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, MeshSnapshot, Query
from meshglobal.domain.thinning import Thin

Key = tuple[Kind, str, str]
_BY_RECORD = {kind.record: kind for kind in KINDS}


def kind_of(found: Object) -> Kind:
    """The kind of a record."""
    return _BY_RECORD[type(found)]


class MemoryFleet:
    """Clusters given as lists of records.

    Args:
        clusters: context -> objects. A missing uid or resourceVersion is filled in.
        unreachable: context -> why nothing can be read there. May be changed while a test runs.
        forbidden: context -> kinds that may not be read or written there.
        absent: context -> kinds whose CRD is not installed there.
        uids: context -> UID of kube-system; contexts with the same UID are one cluster and share their objects.

    Attributes:
        on_idle: called by `watch` when no event is pending; it may change objects or move a fake clock. It returns
            whether to go on. Without it `watch` waits for real until its deadline.
        unfinished: context -> kinds whose lists break off there.
        circumstances: context -> what is noticed there beside the objects.
        monotonic: the scale of `watch`'s deadline.
        warnings: context -> Warning texts that each write there yields.
        reads, writes: what was asked for, in order.
    """

    def __init__(
        self,
        clusters: Mapping[str, Iterable[Object]],
        *,
        unreachable: Mapping[str, Failure] | None = None,
        forbidden: Mapping[str, Iterable[Kind]] | None = None,
        absent: Mapping[str, Iterable[Kind]] | None = None,
        uids: Mapping[str, str] | None = None,
    ) -> None:
        self.unreachable = dict(unreachable or {})
        self.forbidden = {context: set(kinds) for context, kinds in (forbidden or {}).items()}
        self.absent = {context: set(kinds) for context, kinds in (absent or {}).items()}
        self.unfinished: dict[str, set[Kind]] = {}
        self.uids = {context: (uids or {}).get(context, f"uid-{context}") for context in clusters}
        self.circumstances: dict[str, Circumstances] = {}
        self.warnings: dict[str, tuple[str, ...]] = {}
        self.reads: list[Query] = []
        self.writes: list[Step] = []
        self.on_idle: Callable[[MemoryFleet], bool] | None = None
        self.monotonic: Callable[[], float] = time.monotonic
        self._version = 0
        self._contexts = tuple(clusters)
        self._stores: dict[str, dict[Key, Object]] = {uid: {} for uid in self.uids.values()}
        self._watchers: list[queue.SimpleQueue[ClusterEvent]] = []
        for context, objects in clusters.items():
            for found in objects:
                self.put(context, found)

    @property
    def members(self) -> tuple[Member, ...]:
        return tuple(Member(context, f"https://{context}.example:6443") for context in self._contexts)

    # -- what tests do to the clusters ---------------------------------------------------------------------------

    def put(self, context: str, found: Object) -> Object:
        """Create or replace an object; watchers see it."""
        self._version += 1
        key = (kind_of(found), found.namespace, found.name)
        meta = msgspec.structs.replace(
            found.metadata, uid=found.metadata.uid or f"uid-{self._version}", resource_version=str(self._version)
        )
        stored = msgspec.structs.replace(found, metadata=meta)
        store = self._stores[self.uids[context]]
        event = "modified" if key in store else "added"
        store[key] = stored
        self._tell(context, event, stored)
        return stored

    def delete(self, context: str, kind: Kind, namespace: str, name: str) -> None:
        """Delete an object; watchers see it."""
        self._tell(context, "deleted", self._stores[self.uids[context]].pop((kind, namespace, name)))

    def get(self, context: str, kind: Kind, namespace: str, name: str) -> Object | None:
        """The stored object; None when there is none."""
        return self._stores[self.uids[context]].get((kind, namespace, name))

    # -- the port ------------------------------------------------------------------------------------------------

    def read(
        self,
        queries: Sequence[Query],
        on_cluster: Callable[[ClusterSnapshot], None] | None = None,
        thin: Thin | None = None,
    ) -> MeshSnapshot:
        self.reads.extend(queries)
        clusters: dict[str, ClusterSnapshot] = {}
        for context in self._contexts:
            found = self._read_one(context, queries)
            if thin is not None:
                found = thin(found)
            if on_cluster is not None:
                on_cluster(found)
            key = found.uid or context
            if key in clusters:
                first = clusters[key]
                clusters[key] = replace(first, aliases=(*first.aliases, context))
            else:
                clusters[key] = found
        return MeshSnapshot(tuple(clusters.values()))

    def write(
        self,
        steps: Sequence[Step],
        *,
        dry_run: bool = False,
        overwrite: bool = False,
        on_result: Callable[[StepResult], None] | None = None,
    ) -> list[StepResult]:
        results = []
        for step in steps:
            result = self._write_one(step, dry_run=dry_run, overwrite=overwrite)
            if on_result is not None:
                on_result(result)
            results.append(result)
        return results

    def watch(self, queries: Sequence[Query], deadline: float) -> Iterator[ClusterEvent]:
        events: queue.SimpleQueue[ClusterEvent] = queue.SimpleQueue()
        self._watchers.append(events)
        try:
            for cluster in self.read(queries).clusters:
                for gap in cluster.gaps:
                    yield ClusterEvent(cluster.context, "lost", gap=gap)
                for kind, objects in cluster.objects.items():
                    for found in objects:
                        yield ClusterEvent(cluster.context, "added", None, kind, found)
                if not cluster.gaps:
                    yield ClusterEvent(cluster.context, "synced")
            yield from self._later_events(events, queries, deadline)
        finally:
            self._watchers.remove(events)

    def follow(self, wish: Following) -> Iterator[ClusterEvent]:
        events: queue.SimpleQueue[ClusterEvent] = queue.SimpleQueue()
        self._watchers.append(events)
        queries = tuple(dict.fromkeys((*wish.queries, *wish.later)))
        try:
            for cluster in self.read(queries, None, wish.thin).clusters:
                yield ClusterEvent(cluster.context, "read", cluster=replace(cluster, aliases=()))
                for alias in cluster.aliases:
                    yield ClusterEvent(cluster.context, "alias", cluster=ClusterSnapshot(alias, cluster.uid))
            yield from self._later_events(events, queries, wish.deadline)
        finally:
            self._watchers.remove(events)

    def among(self, contexts: Collection[str]) -> MemoryFleet:
        part = copy(self)
        part._contexts = tuple(context for context in self._contexts if context in contexts)
        return part

    def close(self) -> None:
        self._watchers.clear()

    # -- inside --------------------------------------------------------------------------------------------------

    def _later_events(
        self, events: queue.SimpleQueue[ClusterEvent], queries: Sequence[Query], deadline: float
    ) -> Iterator[ClusterEvent]:
        while (left := deadline - self.monotonic()) > 0:
            try:
                event = events.get(block=self.on_idle is None, timeout=left)
            except queue.Empty:
                if self.on_idle is None or not self.on_idle(self):
                    return
                continue
            if event.object is None or any(_selects(query, event.object) for query in queries):
                yield event

    def _tell(self, context: str, event: str, found: Object) -> None:
        for watcher in self._watchers:
            watcher.put(ClusterEvent(self._first_of(context), event, None, kind_of(found), found))

    def _first_of(self, context: str) -> str:
        return next(other for other in self._contexts if self.uids[other] == self.uids[context])

    def _read_one(self, context: str, queries: Sequence[Query]) -> ClusterSnapshot:
        noticed = self.circumstances.get(context, Circumstances())
        if context in self.unreachable:
            return ClusterSnapshot(context, gaps=(Gap(self.unreachable[context]),), circumstances=noticed)
        objects: dict[Kind, dict[Key, Object]] = {}
        done, gaps = [], []
        for query in queries:
            if (cause := self._obstacle(context, query)) is not None:
                gaps.append(Gap(failure(cause, f"{query.kind.plural} cannot be read: {cause}", context), query))
                continue
            done.append(query)
            found = {key: item for key, item in self._stores[self.uids[context]].items() if _selects(query, item)}
            objects.setdefault(query.kind, {}).update(found)
        read = {kind: tuple(items.values()) for kind, items in objects.items()}
        return ClusterSnapshot(context, self.uids[context], (), read, tuple(done), tuple(gaps), noticed)

    def _obstacle(self, context: str, query: Query) -> Cause | None:
        if query.kind in self.forbidden.get(context, ()):
            return Cause.FORBIDDEN
        if query.kind in self.absent.get(context, ()) and not query.is_optional:
            return Cause.NO_SUCH_KIND
        return Cause.SERVER_ERROR if query.kind in self.unfinished.get(context, ()) else None

    def _write_one(self, step: Step, *, dry_run: bool, overwrite: bool) -> StepResult:
        if step.context in self.unreachable:
            return StepResult(step, Status.FAILED, failure=self.unreachable[step.context])
        if not step.changes:
            return StepResult(step, Status.UNCHANGED)
        if step.kind in self.forbidden.get(step.context, ()):
            return _failed(step, Cause.FORBIDDEN)
        found = self.get(step.context, step.kind, step.namespace, step.name)
        if found is None:
            return _failed(step, Cause.NOT_FOUND)
        return self._merge(step, found, dry_run=dry_run, overwrite=overwrite)

    def _merge(self, step: Step, found: Object, *, dry_run: bool, overwrite: bool) -> StepResult:
        guarded = step.resource_version == found.metadata.resource_version and step.uid == found.metadata.uid
        differing = [change for change in step.changes if guarded or _now(found, change) != change.after]
        if not differing:
            return StepResult(step, Status.UNCHANGED)
        if not guarded and not overwrite and any(_now(found, change) != change.before for change in differing):
            return StepResult(step, Status.CONFLICT, failure=failure(Cause.CONFLICT, "changed meanwhile", step.context))
        warnings = self.warnings.get(step.context, ())
        if dry_run:
            return StepResult(step, Status.WOULD_CHANGE, warnings)
        self.writes.append(step)
        self.put(step.context, _changed(found, differing))
        return StepResult(step, Status.CHANGED, warnings)


def _failed(step: Step, cause: Cause) -> StepResult:
    message = f"{step.kind.word} {step.name} cannot be written: {cause}"
    return StepResult(step, Status.FAILED, failure=failure(cause, message, step.context))


def _selects(query: Query, found: Object) -> bool:
    return (
        kind_of(found) is query.kind
        and (not query.kind.is_namespaced or query.namespace in (None, found.namespace))
        and query.name in (None, found.name)
        and matches(query.selector, found.metadata.labels or {})
    )


def _now(found: Object, change: KeyChange) -> str | None:
    is_label = change.section is Section.LABEL
    return found.metadata.label(change.key) if is_label else found.metadata.annotation(change.key)


def _changed(found: Object, changes: Sequence[KeyChange]) -> Object:
    meta = found.metadata
    maps = {Section.LABEL: dict(meta.labels or {}), Section.ANNOTATION: dict(meta.annotations or {})}
    for change in changes:
        if change.after is None:
            maps[change.section].pop(change.key, None)
        else:
            maps[change.section][change.key] = change.after
    meta = msgspec.structs.replace(meta, labels=maps[Section.LABEL], annotations=maps[Section.ANNOTATION])
    return msgspec.structs.replace(found, metadata=meta)
