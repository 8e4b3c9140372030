"""A fleet whose failures do not say where files of the user's are: pages are shown to others, files are not.

A failure may quote a place in the kubeconfig, or a file that the kubeconfig names. On a terminal that is what one
needs; here the name of the file is left, and the folders are hidden.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from meshglobal.app.ports import ClusterEvent, Fleet, Following, Member
from meshglobal.domain.plan import Step, StepResult
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, MeshSnapshot, Query
from meshglobal.domain.thinning import Thin


@dataclass(frozen=True, slots=True)
class Discretion:
    """Hides the folders of some files, and the user's home, wherever a text names something in them."""

    files: tuple[str, ...] = ()
    home: str = ""
    _folders: re.Pattern[str] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        paths = [Path(one) for one in self.files]
        folders = {str(folder) for one in paths for folder in (one.parent, one.absolute().parent)} | {self.home}
        known = sorted((folder for folder in folders if folder.strip("./")), key=len, reverse=True)
        if known:
            # In a longer word that only ends like it, it is another folder.
            pattern = rf"(?<![\w./-])(?:{'|'.join(map(re.escape, known))})/"
            object.__setattr__(self, "_folders", re.compile(pattern))

    def told(self, text: str) -> str:
        """The text with the names of such files alone."""
        return text if self._folders is None else self._folders.sub("", text)

    def gaps(self, gaps: Iterable[Gap]) -> tuple[Gap, ...]:
        """What could not be read, told so."""
        return tuple(map(self.gap, gaps))

    def gap(self, gap: Gap) -> Gap:
        """One reading that failed, told so."""
        told = self.told(gap.failure.message)
        if told == gap.failure.message:
            return gap
        return replace(gap, failure=msgspec.structs.replace(gap.failure, message=told))

    def cluster(self, cluster: ClusterSnapshot) -> ClusterSnapshot:
        """A cluster, its gaps told so."""
        return replace(cluster, gaps=self.gaps(cluster.gaps)) if cluster.gaps else cluster

    def event(self, event: ClusterEvent) -> ClusterEvent:
        """An event, what it says of failures told so."""
        if event.gap is not None:
            event = replace(event, gap=self.gap(event.gap))
        return event if event.cluster is None else replace(event, cluster=self.cluster(event.cluster))

    def result(self, result: StepResult) -> StepResult:
        """The end of a step, told so."""
        if result.failure is None:
            return result
        told = msgspec.structs.replace(result.failure, message=self.told(result.failure.message))
        return msgspec.structs.replace(result, failure=told)


@dataclass(frozen=True, slots=True)
class DiscreetFleet:
    """Another fleet, behind a discretion."""

    fleet: Fleet
    discretion: Discretion

    @property
    def members(self) -> tuple[Member, ...]:
        """The selected contexts, in order of selection."""
        return self.fleet.members

    def read(
        self,
        queries: Sequence[Query],
        on_cluster: Callable[[ClusterSnapshot], None] | None = None,
        thin: Thin | None = None,
    ) -> MeshSnapshot:
        """See `Fleet.read`."""
        told: Callable[[ClusterSnapshot], None] | None = None
        if on_cluster is not None:
            tell = on_cluster  # which cannot become None any more

            def told(cluster: ClusterSnapshot) -> None:
                tell(self.discretion.cluster(cluster))

        snapshot = self.fleet.read(queries, told, thin)
        return replace(snapshot, clusters=tuple(map(self.discretion.cluster, snapshot.clusters)))

    def write(
        self,
        steps: Sequence[Step],
        *,
        dry_run: bool = False,
        overwrite: bool = False,
        on_result: Callable[[StepResult], None] | None = None,
    ) -> list[StepResult]:
        """See `Fleet.write`."""
        told: Callable[[StepResult], None] | None = None
        if on_result is not None:
            tell = on_result

            def told(result: StepResult) -> None:
                tell(self.discretion.result(result))

        results = self.fleet.write(steps, dry_run=dry_run, overwrite=overwrite, on_result=told)
        return list(map(self.discretion.result, results))

    def watch(self, queries: Sequence[Query], deadline: float) -> Iterator[ClusterEvent]:
        """See `Fleet.watch`."""
        return map(self.discretion.event, self.fleet.watch(queries, deadline))

    def follow(self, wish: Following) -> Iterator[ClusterEvent]:
        """See `Fleet.follow`."""
        return map(self.discretion.event, self.fleet.follow(wish))

    def among(self, contexts: Collection[str]) -> Fleet:
        """See `Fleet.among`."""
        return DiscreetFleet(self.fleet.among(contexts), self.discretion)

    def close(self) -> None:
        """See `Fleet.close`."""
        self.fleet.close()
