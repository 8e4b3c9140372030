"""The only wiring: from options to a fleet, of real clusters or of clusters in files."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from meshglobal.app.ports import Clock, Fleet, ObjectWriter, Resolver
from meshglobal.domain import kinds
from meshglobal.domain.errors import UsageError
from meshglobal.domain.snapshot import Query
from meshglobal.kube.credentials import Impersonation
from meshglobal.kube.fleet import Choice, ConnectionSettings, choose, connect
from meshglobal.kube.names import SystemResolver
from meshglobal.kube.retrying import Patience
from meshglobal.kube.selection import Selection, Source, select
from meshglobal.settings import DEFAULT_TIMEOUT, configured_contexts, read_config, seconds

if TYPE_CHECKING:
    from meshglobal.app.call_ports import Callers
    from meshglobal.app.drill_ports import Hands
    from meshglobal.files.fleet import FileFleet

_COMPLETION_SECONDS = 2.0


class FleetWishes(Protocol):
    """What the options say about clusters, as they were typed."""

    @property
    def context(self) -> list[str]:
        """``--context``."""

    @property
    def all_contexts(self) -> bool:
        """``--all-contexts``."""

    @property
    def kubeconfig(self) -> str | None:
        """``--kubeconfig``."""

    @property
    def request_timeout(self) -> str:
        """``--request-timeout``."""

    @property
    def timeout(self) -> str:
        """``--timeout``."""

    @property
    def workers(self) -> int:
        """``--workers``."""

    @property
    def as_user(self) -> str | None:
        """``--as``."""

    @property
    def as_group(self) -> list[str]:
        """``--as-group``."""

    @property
    def verbose(self) -> int:
        """``-v``."""

    @property
    def files(self) -> list[str]:
        """``--from``."""


class SystemClock:
    """The real time."""

    def monotonic(self) -> float:
        """Seconds that only grow."""
        return time.monotonic()

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()


class _ClockOfFiles(SystemClock):
    """The time at which a bundle was collected: ages are what they were then."""

    def __init__(self, taken_at: float) -> None:
        self._taken_at = taken_at

    def now(self) -> float:
        """Seconds since the epoch, then."""
        return self._taken_at


@dataclass(frozen=True, slots=True)
class Opened:
    """A fleet, why these contexts, who looks names up for it, the time it is in, and who writes whole objects.

    ``hands`` see and write single values, ``callers`` run programs in pods. Nobody looks names up or writes anything
    where it is not live. ``taken_at``: when what is not live was read (seconds since the epoch), where that is known.
    """

    fleet: Fleet
    selection: Selection
    resolver: Resolver | None = None
    clock: Clock = field(default_factory=SystemClock)
    objects: ObjectWriter | None = None
    hands: Hands | None = None
    callers: Callers | None = None
    taken_at: float | None = None


def _choice(wishes: FleetWishes, environ: Mapping[str, str]) -> Choice:
    return Choice(
        kubeconfig=wishes.kubeconfig,
        contexts=tuple(wishes.context),
        use_all=wishes.all_contexts,
        configured=configured_contexts(read_config(environ)),
    )


def selected(wishes: FleetWishes, environ: Mapping[str, str] = os.environ) -> Selection:
    """The contexts that the options select; nothing is sent."""
    return choose(_choice(wishes, environ), environ)[1]


def open_fleet(
    wishes: FleetWishes,
    field_manager: str = "meshglobal",
    environ: Mapping[str, str] = os.environ,
    *,
    is_lasting: bool = False,
) -> Opened:
    """The fleet that the options select; nothing is sent yet. ``is_lasting``: each call has ``--timeout`` for itself.

    Raises:
        UsageError: a context, file or duration that cannot be.
        CannotCheckError: there is no usable kubeconfig, or a file that cannot be read.
    """
    if wishes.files:
        return _open_files(wishes)
    kubeconfig, selection = choose(_choice(wishes, environ), environ)
    # As with kubectl 0 is no limit to a request, and not to wait; reading itself has the usual time then.
    timeout = seconds(wishes.timeout, "--timeout") or DEFAULT_TIMEOUT
    request_timeout = seconds(wishes.request_timeout, "--request-timeout") or timeout
    settings = ConnectionSettings(
        timeout=timeout,
        is_lasting=is_lasting,
        workers=wishes.workers,
        field_manager=field_manager,
        impersonation=Impersonation(wishes.as_user or "", tuple(wishes.as_group)),
        patience=Patience(request_timeout),
        log=_log if wishes.verbose else None,
    )
    fleet = connect(kubeconfig, selection, settings)
    return Opened(fleet, selection, SystemResolver(), objects=fleet, hands=fleet.hands(), callers=fleet.callers())


def _open_files(wishes: FleetWishes) -> Opened:
    """The clusters that ``--from`` names: all, or those that ``--context`` selects of them."""
    at_odds = {"--kubeconfig": wishes.kubeconfig, "--as": wishes.as_user, "--as-group": wishes.as_group}
    if given := [option for option, value in at_odds.items() if value]:
        raise UsageError(f"--from and {given[0]} exclude each other: with --from no cluster is asked")
    fleet = _fleet_of_files(wishes.files, wishes.context, _log if wishes.verbose else None, is_all=wishes.all_contexts)
    contexts = tuple(member.context for member in fleet.members)
    clock = SystemClock() if fleet.taken_at is None else _ClockOfFiles(fleet.taken_at)
    return Opened(fleet, Selection(contexts, Source.FILES), clock=clock, taken_at=fleet.taken_at)


def _fleet_of_files(
    files: Sequence[str], contexts: Sequence[str], log: Callable[[str], None] | None = None, *, is_all: bool = False
) -> FileFleet:
    from meshglobal.files.fleet import FileFleet
    from meshglobal.files.folders import sources_of

    sources = sources_of(files, log)
    available = [member.context for source in sources for member in source.members]
    selection = select(available, None, flags=contexts, use_all=is_all or not contexts, place="--from")
    return FileFleet(sources, selection.contexts)


def _log(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def context_names(params: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """All contexts of the kubeconfig, or of the files that ``--from`` names, for completion."""
    if files := params.get("source"):
        return tuple(member.context for member in _fleet_of_files(_without_stdin(files), ()).members)
    return choose(Choice(kubeconfig=params.get("kubeconfig"), use_all=True), environ)[1].contexts


def completion_names(params: Mapping[str, Any], kind: kinds.Kind, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Names of a kind in the selected clusters, for completion: within two seconds or not at all."""
    fleet = _completion_fleet(params, environ)
    try:
        namespace = params.get("namespace") or fleet.members[0].namespace or "default"
        snapshot = fleet.read([Query(kind, namespace if kind.is_namespaced else None)])
    finally:
        fleet.close()
    return sorted({found.name for cluster in snapshot.reached for found in cluster.of(kind, kind.record)})


def _completion_fleet(params: Mapping[str, Any], environ: Mapping[str, str]) -> Fleet:
    contexts, is_all = tuple(params.get("context") or ()), bool(params.get("all_contexts"))
    if files := params.get("source"):
        return _fleet_of_files(_without_stdin(files), contexts, is_all=is_all)
    choice = Choice(
        kubeconfig=params.get("kubeconfig"),
        contexts=contexts,
        use_all=is_all,
        configured=configured_contexts(read_config(environ)),
    )
    kubeconfig, selection = choose(choice, environ)
    settings = ConnectionSettings(timeout=_COMPLETION_SECONDS, patience=Patience(_COMPLETION_SECONDS))
    return connect(kubeconfig, selection, settings)


def _without_stdin(files: Sequence[str]) -> list[str]:
    """While a command is typed, nothing comes from there yet."""
    return [one for one in files if one != "-"]
