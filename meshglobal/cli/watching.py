"""`verify --watch`: the first table, then what changes, until it is ended."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from meshglobal.cli.options import Output
from meshglobal.domain.errors import ExitCode, InterruptedRunError, UsageError

if TYPE_CHECKING:
    from meshglobal.app.verify import Verify
    from meshglobal.cli.session import Session
    from meshglobal.domain.report import Report
    from meshglobal.render.metrics_server import MetricsServer


def check_watch(*, watch: bool, wait: bool, metrics_listen: str | None, output: Output, files: Sequence[str]) -> None:
    """Refuse what does not go together, before anything is read.

    Raises:
        UsageError: see the messages.
    """
    if metrics_listen is not None and not watch:
        raise UsageError("--metrics-listen needs --watch", "without it, use --report prometheus=FILE")
    if watch and wait:
        raise UsageError("--wait ends when all is well, --watch goes on: use one of them")
    if files and (watch or wait):
        raise UsageError(f"{'--watch' if watch else '--wait'} follows clusters, and --from reads none: use one of them")
    if watch and output not in (Output.TABLE, Output.WIDE, Output.JSON):
        raise UsageError(f"--watch does not print {output.value}: use -o table, wide or json (one document a line)")


def is_typed(ctx: typer.Context, name: str) -> bool:
    """Whether an option stands on the command line; settings from elsewhere are made for runs that end."""
    source = ctx.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def listening(text: str | None) -> AbstractContextManager[MetricsServer | None]:
    """The server of ``--metrics-listen``; nothing without it.

    Raises:
        UsageError: no address, or one that cannot be had.
    """
    if text is None:
        return nullcontext()
    from meshglobal.render.metrics_server import address, serve_metrics

    return serve_metrics(address(text))


@dataclass(frozen=True, slots=True)
class Watch:
    """How to show what is followed.

    Attributes:
        seconds: until it ends; None: it goes on.
        leave: writes the files of ``--report``.
        server: is shown each report.
    """

    run: Session
    output: Output
    seconds: float | None
    leave: Callable[[Report], None]
    server: MetricsServer | None = None


def watch_hosts(watch: Watch, order: Verify) -> int:
    """Show the present state, then each change.

    Ctrl-C is how it usually ends, so nothing more is said then. With a time, it ends with the code of the last state.
    """
    if watch.server is not None:
        _say_where(watch.server, watch.run)
    try:
        return _follow(watch, order)
    except InterruptedRunError:
        sys.stdout.flush()
        return int(ExitCode.INTERRUPTED)


def _follow(watch: Watch, order: Verify) -> int:
    from meshglobal.app.following import follow

    run = watch.run
    deadline = math.inf if watch.seconds is None else run.clock.monotonic() + watch.seconds
    with run.progress("reading") as on_cluster:
        reports = follow(run.fleet, run.clock, run.mesh, order, deadline, on_cluster)
        last = next(reports)
    _publish(last, watch)
    _show_first(last, watch, order)
    for report in reports:
        _publish(report, watch)
        _show_changes(last, report, watch)
        last = report
    return last.exit_code


def _publish(report: Report, watch: Watch) -> None:
    watch.leave(report)
    if watch.server is not None:
        watch.server.show(report)


def _show_first(report: Report, watch: Watch, order: Verify) -> None:
    from meshglobal.cli.show import show
    from meshglobal.render.documents import write_line
    from meshglobal.render.report import show_clusters, show_findings, told_by

    run = watch.run
    if watch.output is Output.JSON:
        write_line(report, sys.stdout)
        show_findings(report.findings, run.err, told_by((), report.clusters))
        show_clusters(report.clusters, run.err)
    else:
        show(report, run, watch.output, order.request.place)
    sys.stdout.flush()


def _show_changes(before: Report, after: Report, watch: Watch) -> None:
    from meshglobal.domain.changes import changes
    from meshglobal.render.changes import show_aside, show_changes
    from meshglobal.render.documents import write_line

    run = watch.run
    time = datetime.fromtimestamp(run.clock.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    found = list(changes(before, after, time))
    if watch.output is Output.JSON:
        for one in found:
            write_line(one, sys.stdout)
    else:
        show_changes(found, run.out)
    sys.stdout.flush()
    show_aside(found, before, after, run.err)


def _say_where(server: MetricsServer, run: Session) -> None:
    """Where it listens is said even to who asked for quiet, if the port was left to us."""
    if not server.address.is_loopback:
        run.err.print(
            f"warning: {server.address} is no loopback address: who reaches it reads the names of all services"
        )
    screen = replace(run.err, quiet=False) if server.is_port_free else run.err
    screen.print(f"metrics: http://{server.address}/metrics")
