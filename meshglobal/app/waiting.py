"""Wait until the mesh is as wanted: follow a watch, judge after each change, give up at the deadline (R32).

The picture is kept per cluster from the events, and is looked at once every query of every cluster has been answered,
or is known to have no answer. What is lost while we wait is a gap again, with the reason, until it comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from meshglobal.app.live_cluster import LiveCluster
from meshglobal.app.picture import MeshSettings, Picture, picture_of
from meshglobal.app.ports import ClusterEvent, Fleet
from meshglobal.domain.snapshot import ClusterSnapshot, MeshSnapshot, Query
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


class Kept(Protocol):
    """Clusters that are kept from events."""

    def take(self, event: ClusterEvent, /) -> object:
        """Carry out one event."""

    @property
    def is_settled(self) -> bool:
        """Whether every cluster has been read once, or is known to be out of reach."""


class LiveMesh:
    """All clusters as the events tell them; each was read before, and is told once more."""

    def __init__(self, clusters: Iterable[ClusterSnapshot], queries: Sequence[Query]) -> None:
        self._clusters = {cluster.context: LiveCluster(cluster, queries) for cluster in clusters}

    def take(self, event: ClusterEvent) -> None:
        """See `Kept`."""
        if (cluster := self._clusters.get(event.context)) is not None:
            cluster.take(event)

    @property
    def is_settled(self) -> bool:
        """See `Kept`."""
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


def settled(live: Kept, events: Iterable[ClusterEvent]) -> Iterator[None]:
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
