"""The fleet of real clusters: `meshglobal.app.ports.Fleet` on kubeconfig contexts."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field

from meshglobal.app.ports import ClusterEvent, Following, Member
from meshglobal.domain.object_plan import ObjectResult, ObjectStep
from meshglobal.domain.plan import Step, StepResult
from meshglobal.domain.snapshot import ClusterSnapshot, MeshSnapshot, Query
from meshglobal.domain.thinning import Thin
from meshglobal.kube.calling import KubeCallers
from meshglobal.kube.client import Client, Log, Surroundings
from meshglobal.kube.cluster_reading import ClusterReading
from meshglobal.kube.credentials import Impersonation
from meshglobal.kube.following import follow_clusters
from meshglobal.kube.kubeconfig import Kubeconfig, load
from meshglobal.kube.object_writing_all import write_objects
from meshglobal.kube.query_watch import WatchTimes
from meshglobal.kube.reading import Limits, read_clusters
from meshglobal.kube.retrying import Patience
from meshglobal.kube.selection import Selection, select
from meshglobal.kube.timing import Deadline
from meshglobal.kube.touching import KubeHands
from meshglobal.kube.watching import watch_clusters
from meshglobal.kube.writing import Manner
from meshglobal.kube.writing_all import write_clusters


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """How to talk to the clusters. Times in seconds.

    Attributes:
        timeout: for everything that is asked of the fleet, one after another: what reading took, writing cannot take.
        is_lasting: the program goes on until it is ended, so that each call has the whole ``timeout`` for itself.
        workers: threads at most.
        field_manager: the name our writes carry in managedFields.
        impersonation: ``--as`` and ``--as-group``.
        patience: for one request (``--request-timeout``), and how often it is repeated.
        watch_times: of watches.
        log: gets a line per request (``-v``), without secrets, from worker threads.
    """

    timeout: float = 60.0
    is_lasting: bool = False
    workers: int = 64
    field_manager: str = "meshglobal"
    impersonation: Impersonation = field(default_factory=Impersonation)
    patience: Patience = field(default_factory=Patience)
    watch_times: WatchTimes = field(default_factory=WatchTimes)
    log: Log | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user said about contexts; see `kubeconfig.load` and `selection.select`."""

    kubeconfig: str | None = None
    contexts: tuple[str, ...] = ()
    use_all: bool = False
    configured: tuple[str, ...] = ()


def choose(choice: Choice, environment: Mapping[str, str] | None = None) -> tuple[Kubeconfig, Selection]:
    """Read the kubeconfig and select contexts; sends nothing.

    Raises:
        UsageError: a context or file that does not exist.
        CannotCheckError: there is no usable kubeconfig.
    """
    surrounding = os.environ if environment is None else environment
    kubeconfig = load(choice.kubeconfig, surrounding)
    selection = select(
        tuple(kubeconfig.contexts),
        kubeconfig.current,
        flags=choice.contexts,
        use_all=choice.use_all,
        environment=surrounding,
        configured=choice.configured,
    )
    return kubeconfig, selection


def connect(kubeconfig: Kubeconfig, selection: Selection, settings: ConnectionSettings | None = None) -> KubeFleet:
    """The fleet of the selected contexts. Nothing is sent before something is asked of it."""
    return KubeFleet(kubeconfig, selection.contexts, settings or ConnectionSettings())


class KubeFleet:
    """Real clusters. Thread-safe; `close` ends whatever still runs."""

    def __init__(self, kubeconfig: Kubeconfig, contexts: Sequence[str], settings: ConnectionSettings) -> None:
        shared = Surroundings(impersonation=settings.impersonation, log=settings.log)
        self._settings = settings
        self._clients = {context: Client(kubeconfig, context, shared) for context in contexts}
        self._namespaces = {context: kubeconfig.contexts[context].body.get("namespace") for context in contexts}
        self._closed = threading.Event()
        self._aliases: frozenset[str] | None = None
        self._left = settings.timeout

    @property
    def members(self) -> tuple[Member, ...]:
        """The selected contexts, in order of selection."""
        return tuple(
            Member(context, client.server, str(self._namespaces[context] or "") or None)
            for context, client in self._clients.items()
        )

    def read(
        self,
        queries: Sequence[Query],
        on_cluster: Callable[[ClusterSnapshot], None] | None = None,
        thin: Thin | None = None,
    ) -> MeshSnapshot:
        """Read all queries from every cluster; see `Fleet.read`. ``on_cluster`` is called once per *context*."""

        def on_end(_: ClusterReading, cluster: ClusterSnapshot) -> None:
            if on_cluster is not None:
                on_cluster(cluster)

        with self._spending() as deadline:
            limits = Limits(self._settings.workers, deadline, self._settings.patience)
            snapshot = read_clusters(tuple(self._clients.values()), queries, limits, on_end, thin)
        self._aliases = frozenset(alias for cluster in snapshot.clusters for alias in cluster.aliases)
        return snapshot

    def write(
        self,
        steps: Sequence[Step],
        *,
        dry_run: bool = False,
        overwrite: bool = False,
        on_result: Callable[[StepResult], None] | None = None,
    ) -> list[StepResult]:
        """Carry out the steps; see `Fleet.write`. Every step's context must be a member."""
        with self._spending() as deadline:
            return write_clusters(
                self._clients,
                steps,
                manner=Manner(self._settings.field_manager, dry_run, overwrite),
                workers=self._settings.workers,
                deadline=deadline,
                patience=self._settings.patience,
                on_result=on_result,
            )

    def write_objects(
        self, steps: Sequence[ObjectStep], *, dry_run: bool = False, overwrite: bool = False
    ) -> list[ObjectResult]:
        """Make, mend and take away whole objects; see `ObjectWriter`. Every step's context must be a member."""
        with self._spending() as deadline:
            return write_objects(
                self._clients,
                steps,
                manner=Manner(self._settings.field_manager, dry_run, overwrite),
                workers=self._settings.workers,
                deadline=deadline,
                patience=self._settings.patience,
            )

    def hands(self) -> KubeHands:
        """What sees and writes single values; each has time of its own, whatever is left of the run's."""
        return KubeHands(self._clients, self._settings.patience, self._settings.field_manager)

    def watch(self, queries: Sequence[Query], deadline: float) -> Iterator[ClusterEvent]:
        """Events of all clusters; see `Fleet.watch`. A cluster is watched through one of its contexts.

        It ends with the time that is left of the whole, if that is before ``deadline``; an infinite one has no end but
        ``close``.
        """
        if self._aliases is None and len(self._clients) > 1:
            self.read(())
        aliases = self._aliases or frozenset()
        clients = [client for context, client in self._clients.items() if context not in aliases]
        ends = deadline if math.isinf(deadline) else min(deadline, time.monotonic() + self._left)
        ending = Deadline(ends, self._closed)
        return watch_clusters(clients, queries, ending, self._settings.patience, self._settings.watch_times)

    def follow(self, wish: Following) -> Iterator[ClusterEvent]:
        """Read all clusters, and go on from there; see `Fleet.follow`. The first reading has the time of the run."""
        deadline = Deadline(time.monotonic() + self._left, self._closed)
        limits = Limits(self._settings.workers, deadline, self._settings.patience)
        return follow_clusters(tuple(self._clients.values()), wish, limits, self._settings.watch_times)

    def callers(self) -> KubeCallers:
        """Whoever runs programs in the pods of these clusters."""
        return KubeCallers(self._clients, self._settings.patience.request_timeout)

    def among(self, contexts: Collection[str]) -> KubeFleet:
        """Some of the clusters, through the same connections; see `Fleet.among`."""
        part = copy(self)
        part._clients = {name: client for name, client in self._clients.items() if name in contexts}  # noqa: SLF001 - a copy of our own
        part._aliases = None  # noqa: SLF001 - as well
        return part

    def close(self) -> None:
        """End watches and connections; what waits for an answer is left to itself."""
        self._closed.set()
        for client in self._clients.values():
            client.close()

    @contextmanager
    def _spending(self) -> Iterator[Deadline]:
        """A deadline by the time that is left; what passes meanwhile is taken off, what passes in between is not.

        Nothing is taken off where the program is a lasting one.
        """
        begun = time.monotonic()
        if self._settings.is_lasting:
            yield Deadline(begun + self._settings.timeout, self._closed)
            return
        try:
            yield Deadline(begun + self._left, self._closed)
        finally:
            self._left = max(0.0, self._left - (time.monotonic() - begun))
