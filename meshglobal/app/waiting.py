"""Wait until the mesh is as wanted: follow a watch, judge after each change, give up at the deadline (R32).

The picture is kept per cluster from the events; a cluster counts once its first lists are complete. A cluster that is
lost while we wait is a gap again, with the reason, until it comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from meshglobal.app.picture import MeshSettings, Picture, picture_of
from meshglobal.app.ports import ClusterEvent, Fleet
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.kinds import Kind
from meshglobal.domain.objects import Object
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, MeshSnapshot, Query

OnWait = Callable[[Picture], None]


@dataclass(frozen=True, slots=True)
class Watching:
    """What is watched: the queries, the mesh's setup, and the clusters (each once, by its first context)."""

    queries: Sequence[Query]
    mesh: MeshSettings
    contexts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waited:
    """How waiting ended: the last picture, and whether it was as wanted."""

    picture: Picture
    is_done: bool


@dataclass(slots=True)
class _Live:
    """A cluster as the events tell it."""

    context: str
    queries: tuple[Query, ...]
    objects: dict[tuple[Kind, str, str], Object] = field(default_factory=dict)
    is_synced: bool = False
    gap: Gap | None = None

    def take(self, event: ClusterEvent) -> None:
        match event.type:
            case "synced":
                self.is_synced, self.gap = True, None
            case "resync":
                if event.query is None:
                    self.objects.clear()
                else:
                    self._forget(event.query)
                self.is_synced = False
            case "lost":
                self.gap = event.gap
            case _:
                self._change(event)

    def _forget(self, query: Query) -> None:
        for kind, namespace, name in list(self.objects):
            if kind is query.kind and query.namespace in (None, namespace) and query.name in (None, name):
                del self.objects[kind, namespace, name]

    def _change(self, event: ClusterEvent) -> None:
        if event.object is None or event.kind is None:
            return
        key = (event.kind, event.object.namespace, event.object.name)
        if event.type == "deleted":
            self.objects.pop(key, None)
        else:
            self.objects[key] = event.object

    def snapshot(self) -> ClusterSnapshot:
        if self.gap is None and not self.is_synced:
            gap = Gap(failure(Cause.TIMEOUT, "its lists have not been read yet", self.context))
            return ClusterSnapshot(self.context, gaps=(gap,))
        if self.gap is not None:
            return ClusterSnapshot(self.context, gaps=(self.gap,))
        grouped: dict[Kind, list[Object]] = {}
        for (kind, _, _), found in self.objects.items():
            grouped.setdefault(kind, []).append(found)
        return ClusterSnapshot(
            self.context,
            objects={kind: tuple(found) for kind, found in grouped.items()},
            queries=self.queries,
        )


class LiveMesh:
    """All clusters as the events tell them."""

    def __init__(self, contexts: Iterable[str], queries: Sequence[Query]) -> None:
        self._clusters = {context: _Live(context, tuple(queries)) for context in contexts}

    def take(self, event: ClusterEvent) -> None:
        """Carry out one event."""
        if (cluster := self._clusters.get(event.context)) is not None:
            cluster.take(event)

    @property
    def is_settled(self) -> bool:
        """Whether every cluster has been read once, or is known to be out of reach."""
        return all(cluster.is_synced or cluster.gap is not None for cluster in self._clusters.values())

    def snapshot(self) -> MeshSnapshot:
        """The mesh at this moment."""
        return MeshSnapshot(tuple(cluster.snapshot() for cluster in self._clusters.values()))


def wait_until(
    fleet: Fleet,
    watching: Watching,
    is_as_wanted: Callable[[Picture], bool],
    deadline: float,
    on_wait: OnWait | None = None,
) -> Waited:
    """Watch until a picture is as wanted; ``deadline`` on the clock's monotonic scale."""
    live = LiveMesh(watching.contexts, watching.queries)
    for event in fleet.watch(watching.queries, deadline):
        live.take(event)
        if not live.is_settled:
            continue
        picture = picture_of(live.snapshot(), watching.mesh)
        if is_as_wanted(picture):
            return Waited(picture, is_done=True)
        if on_wait is not None:
            on_wait(picture)
    return Waited(picture_of(live.snapshot(), watching.mesh), is_done=False)
