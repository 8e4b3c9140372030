"""The fleet of clusters in files: `meshglobal.app.ports.Fleet` on what was written down.

It does not change, and nothing can be written to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from meshglobal.app.ports import ClusterEvent, Following, Member
from meshglobal.domain import kinds
from meshglobal.domain.errors import UsageError
from meshglobal.domain.plan import Step, StepResult
from meshglobal.domain.snapshot import ClusterSnapshot, MeshSnapshot, Query
from meshglobal.domain.thinning import Thin
from meshglobal.files.saved import Saved, Source


class FileFleet:
    """The selected clusters of some sources, in order of selection. Objects are decoded as they are asked for."""

    def __init__(self, sources: Sequence[Source], contexts: Sequence[str]) -> None:
        self._sources = tuple(sources)
        known = {member.context: member for source in sources for member in source.members}
        self._members = tuple(known[context] for context in contexts)

    @property
    def members(self) -> tuple[Member, ...]:
        """The selected contexts, in order of selection."""
        return self._members

    @property
    def taken_at(self) -> float | None:
        """When the latest of them was read from clusters; None where that is not known."""
        return max((one.taken_at for one in self._sources if one.taken_at is not None), default=None)

    @property
    def namespace(self) -> str | None:
        """The only namespace whose Services were written down; None where those of all were, or of several."""
        readings = (one for source in self._sources for cluster in source.clusters for one in cluster.readings)
        places = {one.query.namespace for one in readings if one.query.kind is kinds.SERVICE}
        return places.pop() if len(places) == 1 else None

    def read(
        self,
        queries: Sequence[Query],
        on_cluster: Callable[[ClusterSnapshot], None] | None = None,
        thin: Thin | None = None,
    ) -> MeshSnapshot:
        """Answer all queries for every cluster; see `Fleet.read`."""
        found: dict[str, ClusterSnapshot] = {}
        asked = {query.kind for query in queries}
        for source in self._sources:
            clusters = {one.context: one for one in source.clusters if self._names(one)}
            for context, objects in source.each(clusters, asked):
                answered = clusters[context].answer(queries, objects, self._names(clusters[context]))
                found[answered.context] = answered if thin is None else thin(answered)
                if on_cluster is not None:
                    on_cluster(answered)
        return MeshSnapshot(_each_once([found[one.context] for one in self._members if one.context in found]))

    def write(
        self,
        steps: Sequence[Step],  # noqa: ARG002 - as the port has it
        *,
        dry_run: bool = False,  # noqa: ARG002 - as the port has it
        overwrite: bool = False,  # noqa: ARG002 - as the port has it
        on_result: Callable[[StepResult], None] | None = None,  # noqa: ARG002 - as the port has it
    ) -> list[StepResult]:
        """Files are not written.

        Raises:
            UsageError: always.
        """
        raise UsageError("clusters in files cannot be written to", "leave out --from")

    def watch(self, queries: Sequence[Query], deadline: float) -> Iterator[ClusterEvent]:  # noqa: ARG002 - as the port
        """Files do not change.

        Raises:
            UsageError: always.
        """
        raise UsageError("--from names files, which do not change", "leave out what waits for changes, or --from")

    def follow(self, wish: Following) -> Iterator[ClusterEvent]:
        """What was written down, once; after that nothing changes."""
        for cluster in self.read((*wish.queries, *wish.later), None, wish.thin).clusters:
            yield ClusterEvent(cluster.context, "read", cluster=cluster)

    def among(self, contexts: Collection[str]) -> FileFleet:
        """Some of the clusters; see `Fleet.among`."""
        return FileFleet(self._sources, [one.context for one in self._members if one.context in contexts])

    def close(self) -> None:
        """Nothing is open."""

    def _names(self, cluster: Saved) -> list[str]:
        """The selected contexts that lead to a cluster, in order of selection."""
        return [member.context for member in self._members if member.context in cluster.names]


def _each_once(clusters: Sequence[ClusterSnapshot]) -> tuple[ClusterSnapshot, ...]:
    """Of clusters with one UID the first; the others become its aliases."""
    merged: dict[str, ClusterSnapshot] = {}
    for cluster in clusters:
        key = cluster.uid or f"context {cluster.context}"
        if (first := merged.get(key)) is None:
            merged[key] = cluster
        else:
            merged[key] = replace(first, aliases=(*first.aliases, cluster.context, *cluster.aliases))
    return tuple(merged.values())
