"""A fleet that does not ask clusters which are known to be out of reach: nobody waits for them; they stay unknown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from meshglobal.app.ports import ClusterEvent, Fleet, Following, Member
from meshglobal.domain.plan import Step, StepResult
from meshglobal.domain.snapshot import ClusterSnapshot, MeshSnapshot, Query
from meshglobal.domain.thinning import Thin


@dataclass(frozen=True, slots=True)
class SparingFleet:
    """``asked`` are those of the members that are asked, ``spared`` the others, by context, as they are known."""

    members: tuple[Member, ...]
    asked: Fleet
    spared: Mapping[str, ClusterSnapshot]

    def read(
        self,
        queries: Sequence[Query],
        on_cluster: Callable[[ClusterSnapshot], None] | None = None,
        thin: Thin | None = None,
    ) -> MeshSnapshot:
        """See `Fleet.read`."""
        found = {one.context: one for one in self.asked.read(queries, on_cluster, thin).clusters} | dict(self.spared)
        return MeshSnapshot(tuple(found[one.context] for one in self.members if one.context in found))

    def write(
        self,
        steps: Sequence[Step],
        *,
        dry_run: bool = False,
        overwrite: bool = False,
        on_result: Callable[[StepResult], None] | None = None,
    ) -> list[StepResult]:
        """See `Fleet.write`. No step leads to a cluster that was not read."""
        return self.asked.write(steps, dry_run=dry_run, overwrite=overwrite, on_result=on_result)

    def watch(self, queries: Sequence[Query], deadline: float) -> Iterator[ClusterEvent]:
        """See `Fleet.watch`."""
        for context, cluster in self.spared.items():
            yield ClusterEvent(context, "lost", gap=cluster.gaps[0])
        yield from self.asked.watch(queries, deadline)

    def follow(self, wish: Following) -> Iterator[ClusterEvent]:
        """See `Fleet.follow`."""
        for context, cluster in self.spared.items():
            yield ClusterEvent(context, "read", cluster=cluster)
        yield from self.asked.follow(wish)

    def among(self, contexts: Collection[str]) -> SparingFleet:
        """See `Fleet.among`."""
        return SparingFleet(
            tuple(one for one in self.members if one.context in contexts),
            self.asked.among(contexts),
            {context: cluster for context, cluster in self.spared.items() if context in contexts},
        )

    def close(self) -> None:
        """See `Fleet.close`."""
        self.asked.close()


def sparing(fleet: Fleet, known: MeshSnapshot | None, unread: Collection[str], wanted: Collection[str]) -> Fleet:
    """A fleet without the clusters that cannot be reached right now.

    Args:
        fleet: all of them.
        known: what is known of them; None: nothing yet.
        unread: contexts of which nothing is known because nobody has answered yet; they are asked.
        wanted: contexts that are asked in any case, because somebody chose them.
    """
    spared = {
        cluster.context: replace(cluster, objects={}, queries=(), gaps=whole)
        for cluster in (known.clusters if known is not None else ())
        if cluster.context not in unread
        and not {cluster.context, *cluster.aliases} & set(wanted)
        and (whole := tuple(gap for gap in cluster.gaps if gap.query is None))
    }
    if not spared:
        return fleet
    left_out = {name for cluster in spared.values() for name in (cluster.context, *cluster.aliases)}
    members = fleet.members
    return SparingFleet(members, fleet.among([one.context for one in members if one.context not in left_out]), spared)
