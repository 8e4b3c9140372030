"""Wait until the mesh is as wanted: follow a watch, judge after each change, give up at the deadline (R32).

The picture is kept per cluster from the events, and is looked at once every query of every cluster has been answered,
or is known to have no answer. What is lost while we wait is a gap again, with the reason, until it comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from meshglobal.app.picture import MeshSettings, Picture, picture_of
from meshglobal.app.ports import ClusterEvent, Fleet
from meshglobal.domain.failure import Cause, Failure, failure
from meshglobal.domain.kinds import Kind
from meshglobal.domain.objects import Object
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, MeshSnapshot, Query
from meshglobal.domain.verdict import Verdict

_MOST_UNJUDGED = 5_000
OnWait = Callable[[Sequence[Verdict]], None]
"""Is told the verdicts after each change, to show how far it is."""


@dataclass(frozen=True, slots=True)
class Watching:
    """What is watched: the queries, the mesh's setup, and the clusters (each once) as they were read before."""

    queries: Sequence[Query]
    mesh: MeshSettings
    clusters: tuple[ClusterSnapshot, ...]


@dataclass(frozen=True, slots=True)
class Waited:
    """How waiting ended: the last picture, and whether it was as wanted."""

    picture: Picture
    is_done: bool


@dataclass(slots=True)
class _Live:
    """A cluster as the events tell it. The gap of the query None is that of the whole cluster."""

    first: ClusterSnapshot
    queries: tuple[Query, ...]
    objects: dict[tuple[Kind, str, str], Object] = field(default_factory=dict)
    synced: set[Query] = field(default_factory=set)
    gaps: dict[Query | None, Gap] = field(default_factory=dict)

    def take(self, event: ClusterEvent) -> None:
        match event.type:
            case "synced":
                self._sync(event.query)
            case "lost" if event.gap is not None:
                self.gaps[event.gap.query] = event.gap
            case _:
                self._change(event)

    def _sync(self, query: Query | None) -> None:
        self.gaps.pop(None, None)
        for one in (query,) if query is not None else self.queries:
            self.gaps.pop(one, None)
            self.synced.add(one)

    def _change(self, event: ClusterEvent) -> None:
        if event.object is None or event.kind is None:
            return
        key = (event.kind, event.object.namespace, event.object.name)
        if event.type == "deleted":
            self.objects.pop(key, None)
        else:
            self.objects[key] = event.object

    @property
    def is_settled(self) -> bool:
        """Whether every query has been answered once, or is known to have no answer."""
        return None in self.gaps or all(query in self.synced or query in self.gaps for query in self.queries)

    def snapshot(self) -> ClusterSnapshot:
        grouped: dict[Kind, list[Object]] = {}
        for (kind, _, _), found in self.objects.items():
            grouped.setdefault(kind, []).append(found)
        gaps = self._known_gaps()
        return ClusterSnapshot(
            self.first.context,
            uid=self.first.uid,
            aliases=self.first.aliases,
            objects={kind: tuple(found) for kind, found in grouped.items()},
            queries=tuple(query for query in self.queries if query not in gaps and None not in gaps),
            gaps=tuple(gaps.values()),
            circumstances=self.first.circumstances,
        )

    def _known_gaps(self) -> dict[Query | None, Gap]:
        """What cannot be read; what hides the whole cluster hides the rest, and is said once."""
        if None in self.gaps:
            return {None: self.gaps[None]}
        early = failure(Cause.TIMEOUT, "it has not been read yet", self.first.context)
        known = {query: Gap(early, query) for query in self.queries if query not in self.synced} | self.gaps
        messages = {gap.failure.message for gap in known.values()}
        if not self.synced and len(messages) == 1:
            failed = next(iter(known.values())).failure
            return {None: self._not_again(failed)}
        return dict(known)

    def _not_again(self, failed: Failure) -> Gap:
        """A cluster of which nothing has come: why it could not be read at first says more than that it was not yet."""
        before = next((gap for gap in self.first.gaps if gap.query is None), None)
        return before if before is not None and failed.cause is Cause.TIMEOUT else Gap(failed)


class LiveMesh:
    """All clusters as the events tell them."""

    def __init__(self, clusters: Iterable[ClusterSnapshot], queries: Sequence[Query]) -> None:
        # What was read at first is told again: it would only stay in memory beside it.
        self._clusters = {cluster.context: _Live(replace(cluster, objects={}), tuple(queries)) for cluster in clusters}

    def take(self, event: ClusterEvent) -> None:
        """Carry out one event."""
        if (cluster := self._clusters.get(event.context)) is not None:
            cluster.take(event)

    @property
    def is_settled(self) -> bool:
        """Whether every cluster has been read once, or is known to be out of reach."""
        return all(cluster.is_settled for cluster in self._clusters.values())

    def snapshot(self) -> MeshSnapshot:
        """The mesh at this moment."""
        return MeshSnapshot(tuple(cluster.snapshot() for cluster in self._clusters.values()))


def wait_until(
    fleet: Fleet,
    watching: Watching,
    is_as_wanted: Callable[[Picture], bool],
    deadline: float,
) -> Waited:
    """Watch until a picture is as wanted; ``deadline`` on the clock's monotonic scale."""
    live = LiveMesh(watching.clusters, watching.queries)
    for _ in settled(live, fleet.watch(watching.queries, deadline)):
        picture = picture_of(live.snapshot(), watching.mesh)
        if is_as_wanted(picture):
            return Waited(picture, is_done=True)
    return Waited(picture_of(live.snapshot(), watching.mesh), is_done=False)


def settled(live: LiveMesh, events: Iterable[ClusterEvent]) -> Iterator[None]:
    """Take events, and stop whenever the mesh can be looked at: everything has answered, and no event waits.

    Events that come together are taken together: in a large mesh one label brings thousands of them.
    """
    unjudged = 0
    for event in events:
        live.take(event)
        unjudged += 1
        if (event.is_followed and unjudged < _MOST_UNJUDGED) or not live.is_settled:
            continue
        unjudged = 0
        yield
    if unjudged and live.is_settled:
        yield
