"""What a command that reads clusters works with: the fleet, the clock, the streams, and the namespace."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshglobal.app.picture import MeshSettings
from meshglobal.app.ports import Clock, Fleet, ObjectWriter, Resolver
from meshglobal.app.waiting import OnWait
from meshglobal.domain.errors import UsageError
from meshglobal.domain.expectation import Visibility
from meshglobal.domain.report import Thresholds
from meshglobal.domain.snapshot import ClusterSnapshot
from meshglobal.domain.verdict import Severity, State, Verdict

if TYPE_CHECKING:
    from meshglobal.app.call_ports import Callers
    from meshglobal.app.drill_ports import Hands
    from meshglobal.cli.options import FleetOptions, OutputOptions, ThresholdOptions
    from meshglobal.render.screen import Screen

_SEVERITIES = {"unknown": Severity.UNKNOWN, "warning": Severity.WARNING, "error": Severity.ERROR, "never": None}


@dataclass(frozen=True, slots=True)
class Session:
    """One run. ``out`` takes results, ``err`` everything else; ``err`` is silent with ``-q``.

    Without a resolver nobody looks names up, without ``objects`` nobody writes whole objects, without ``hands``
    nobody single values, without ``callers`` nobody runs anything in pods. ``taken_at``: see `Opened`.
    """

    fleet: Fleet
    clock: Clock
    mesh: MeshSettings
    out: Screen
    err: Screen
    timeout: float
    resolver: Resolver | None = None
    objects: ObjectWriter | None = None
    hands: Hands | None = None
    callers: Callers | None = None
    taken_at: float | None = None

    def namespace(self, flag: str | None) -> str:
        """The namespace: the flag's, else the contexts' own if they agree, else ``default``."""
        if flag is not None:
            return flag
        own = {member.namespace or "default" for member in self.fleet.members}
        if len(own) > 1:
            raise UsageError(
                f"the selected contexts have different namespaces ({', '.join(sorted(own))})", "choose one with -n"
            )
        return own.pop() if own else "default"

    @contextmanager
    def progress(self, verb: str) -> Iterator[Callable[[ClusterSnapshot], None] | None]:
        """Show on a terminal how many clusters are done; off a terminal nothing."""
        if not self.err.is_terminal or self.err.quiet:
            yield None
            return
        total = len(self.fleet.members)
        done = 0
        with self.err.status(f"{verb} 0/{total} clusters") as status:

            def on_cluster(cluster: ClusterSnapshot) -> None:
                nonlocal done
                done += 1
                status.update(f"{verb} {done}/{total} clusters ({cluster.context})")

            yield on_cluster

    @contextmanager
    def waiting(self) -> Iterator[OnWait | None]:
        """Show on a terminal how many hosts are ready; off a terminal nothing."""
        if not self.err.is_terminal or self.err.quiet:
            yield None
            return
        begun = self.clock.monotonic()
        with self.err.status("waiting for the generated entries") as status:

            def on_wait(verdicts: Sequence[Verdict]) -> None:
                ready = sum(verdict.state is State.READY for verdict in verdicts)
                seconds = self.clock.monotonic() - begun
                status.update(f"waiting for the generated entries: {ready}/{len(verdicts)} ready after {seconds:.0f}s")

            yield on_wait


@contextmanager
def session(
    fleet_options: FleetOptions,
    output_options: OutputOptions,
    field_manager: str = "meshglobal",
    *,
    is_lasting: bool = False,
) -> Iterator[Session]:
    """Connect to the selected clusters; ends watches and connections afterwards. ``is_lasting``: see `open_fleet`."""
    from meshglobal.bootstrap import open_fleet
    from meshglobal.render.screen import screen
    from meshglobal.settings import seconds

    err = screen(sys.stderr, output_options.color.value, os.environ)
    err.quiet = output_options.quiet
    opened = open_fleet(fleet_options, field_manager, is_lasting=is_lasting)
    selection, fleet = opened.selection, opened.fleet
    if selection.is_default and len(selection.contexts) == 1 and sys.stderr.isatty():
        err.print(f"hint: only the current context {selection.contexts[0]} is looked at; choose more with --context")
    try:
        yield Session(
            fleet=fleet,
            clock=opened.clock,
            mesh=MeshSettings(
                istio_namespace=fleet_options.istio_namespace,
                visibility=Visibility(fleet_options.segment_visibility.value),
            ),
            out=screen(sys.stdout, output_options.color.value, os.environ),
            err=err,
            timeout=seconds(fleet_options.timeout, "--timeout"),
            resolver=opened.resolver,
            callers=opened.callers,
            objects=opened.objects,
            hands=opened.hands,
            taken_at=opened.taken_at,
        )
    finally:
        fleet.close()


def thresholds(options: ThresholdOptions) -> Thresholds:
    """When the run shall fail."""
    from meshglobal.settings import percent

    coverage = 100.0 if options.require_all else percent(options.min_coverage, "--min-coverage")
    return Thresholds(_SEVERITIES[options.fail_on.value], coverage)
