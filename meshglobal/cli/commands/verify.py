"""`meshglobal verify`: CI's command."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Annotated

import typer

from meshglobal.cli.complete import complete_targets
from meshglobal.cli.options import (
    AllNamespacesOption,
    AllowanceOptions,
    OutputOptions,
    ReportOptions,
    SelectOptions,
    SourceOptions,
    ThresholdOptions,
    takes_options,
)

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
@takes_options
def verify(
    ctx: typer.Context,
    fleet: SourceOptions,
    select: SelectOptions,
    everywhere: AllNamespacesOption,
    limits: ThresholdOptions,
    allowance_options: AllowanceOptions,
    output: OutputOptions,
    report_options: ReportOptions,
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[svc/NAME | ns/NAME]...", autocompletion=complete_targets, show_default=False),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Until all is well, or --timeout is over.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on, and print what changes; --timeout ends it only if given here.")
    ] = False,
    metrics_listen: Annotated[
        str | None,
        typer.Option(
            "--metrics-listen",
            metavar="ADDRESS",
            help="With --watch: the state for Prometheus at http://ADDRESS/metrics; a port alone: on loopback.",
        ),
    ] = None,
) -> int:
    """Compare the expected global hosts with the generated entries in every selected cluster.

    Without a name: every global service of the namespace. A named service must be global.
    """
    from meshglobal.app.selecting import Request
    from meshglobal.app.verify import Verify
    from meshglobal.app.verify import verify as run_verify
    from meshglobal.cli.allowances import allowances
    from meshglobal.cli.reports import reports
    from meshglobal.cli.session import session, thresholds
    from meshglobal.cli.show import show
    from meshglobal.cli.watching import Watch, check_watch, is_typed, listening, watch_hosts
    from meshglobal.domain.targets import parse_targets

    parsed = parse_targets(targets or [], needs_names=False)
    limit = thresholds(limits)
    allowed = allowances(allowance_options)
    check_watch(watch=watch, wait=wait, metrics_listen=metrics_listen, output=output.output, files=fleet.source)
    with (
        reports(report_options, "verify") as leave,
        listening(metrics_listen) as server,
        session(fleet, output) as run,
    ):
        namespace = None if everywhere.all_namespaces else run.namespace(select.namespace)
        request = Request(parsed, namespace, select.selector)
        order = Verify(request, limit, run.timeout if wait else None, allowed, watch)
        if watch:
            seconds = run.timeout if is_typed(ctx, "timeout") else None
            return watch_hosts(Watch(run, output.output, seconds, leave, server), order)
        with (
            nullcontext() if wait else run.progress("reading") as on_cluster,
            run.waiting() if wait else nullcontext() as on_wait,
        ):
            report = run_verify(run.fleet, run.clock, run.mesh, order, on_cluster, on_wait)
        leave(report)
        return show(report, run, output.output, request.place)
