"""What the use cases need from outside, as Protocols: a fleet of clusters, a clock, and names that resolve."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from meshglobal.domain.kinds import Kind
from meshglobal.domain.object_plan import ObjectResult, ObjectStep
from meshglobal.domain.objects import Object
from meshglobal.domain.plan import Step, StepResult
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, MeshSnapshot, Query
from meshglobal.domain.thinning import Thin


@dataclass(frozen=True, slots=True)
class Member:
    """A selected context. ``server`` is its URL without user information; ``namespace`` the context's own, if set."""

    context: str
    server: str
    namespace: str | None = None


@dataclass(frozen=True, slots=True)
class Following:
    """What `Fleet.follow` does.

    Attributes:
        queries: are read first, and followed.
        later: are followed once the clusters have been read, or have had some time for it.
        deadline: when it ends, on `Clock.monotonic`'s scale; infinite: with `close`.
        thin: see `Fleet.read`; what changes comes whole.
    """

    queries: tuple[Query, ...]
    later: tuple[Query, ...] = ()
    deadline: float = math.inf
    thin: Thin | None = None


@dataclass(frozen=True, slots=True)
class ClusterEvent:
    """Something happened in a watched cluster.

    ``type`` is ``added``, ``modified`` or ``deleted`` (with ``object``), ``synced`` (what the ``query`` finds has been
    delivered; without a query: of all queries of this cluster) or ``lost`` (with ``gap``: the query, or without one the
    cluster, cannot be watched right now; it is tried again, and what changed meanwhile is delivered then).
    When clusters are read first, there are also ``read`` (``cluster`` is what was read) and ``alias`` (the context of
    ``cluster`` leads to the same one).
    ``is_followed``: more events are there already, so that who looks at the whole may wait for the last of them.
    """

    context: str
    type: str
    query: Query | None = None
    kind: Kind | None = None
    object: Object | None = None
    gap: Gap | None = None
    cluster: ClusterSnapshot | None = None
    is_followed: bool = field(default=False, compare=False)


class Fleet(Protocol):
    """The selected clusters. No method raises for one cluster: what failed there is data."""

    @property
    def members(self) -> tuple[Member, ...]:
        """The selected contexts, in order of selection."""

    def read(
        self,
        queries: Sequence[Query],
        on_cluster: Callable[[ClusterSnapshot], None] | None = None,
        thin: Thin | None = None,
    ) -> MeshSnapshot:
        """Read all queries from every cluster, each cluster once though several contexts lead to it.

        ``on_cluster`` is called from worker threads as each cluster is done (for progress). ``thin`` takes from each
        cluster what is not needed, as soon as it is done, so that memory does not hold all of all clusters at once.
        """

    def write(
        self,
        steps: Sequence[Step],
        *,
        dry_run: bool = False,
        overwrite: bool = False,
        on_result: Callable[[StepResult], None] | None = None,
    ) -> list[StepResult]:
        """Carry out the steps, clusters side by side, steps of one cluster in order; results in order of steps.

        ``dry_run`` asks the server to check and not to store. A step without changes sends nothing. On a conflict the
        object is read again: our value already there is success, the value that was planned against is tried again,
        anything else is a conflict unless ``overwrite``.
        """

    def watch(self, queries: Sequence[Query], deadline: float) -> Iterator[ClusterEvent]:
        """Events of all clusters as they come until ``deadline`` (on `Clock.monotonic`'s scale) or ``close``."""

    def follow(self, wish: Following) -> Iterator[ClusterEvent]:
        """Read all clusters, and go on with the events of each as soon as it has been read."""

    def among(self, contexts: Collection[str]) -> Fleet:
        """The same clusters, only those of some contexts; closing either closes both."""

    def close(self) -> None:
        """End watches and connections."""


class ObjectWriter(Protocol):
    """Clusters in which whole objects can be made and taken away."""

    def write_objects(
        self, steps: Sequence[ObjectStep], *, dry_run: bool = False, overwrite: bool = False
    ) -> list[ObjectResult]:
        """Have objects as they shall be, clusters side by side, steps of one cluster in order; results in that order.

        Nothing is sent that would change nothing. What stands there without the step's mark is a conflict; so is what
        somebody else edited, unless ``overwrite``. ``dry_run`` asks the servers to check and not to store.
        """


class Clock(Protocol):
    """Time, so that no test needs to sleep."""

    def monotonic(self) -> float:
        """Seconds that only grow."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""


class Resolver(Protocol):
    """Looks hostnames up where the program runs."""

    def resolve(self, names: Sequence[str]) -> Mapping[str, bool | None]:
        """Whether each name resolves; None: that could not be found out, or not in time. Raises nothing."""
