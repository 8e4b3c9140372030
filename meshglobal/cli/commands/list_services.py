"""`meshglobal list` (also `get`, `ls`): the Global Services table. `meshglobal top` is `list --watch`."""

from __future__ import annotations

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
    takes_options,
)

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command("list")
@takes_options
def list_services(
    ctx: typer.Context,
    fleet: SourceOptions,
    select: SelectOptions,
    everywhere: AllNamespacesOption,
    allowance_options: AllowanceOptions,
    output: OutputOptions,
    report_options: ReportOptions,
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[svc/NAME | ns/NAME]...", autocompletion=complete_targets, show_default=False),
    ] = None,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch", help="Stay, and show what changes: a table with keys on a terminal, else lines. The same: top."
        ),
    ] = False,
) -> int:
    """List global services, each with its state, scope and endpoints in every selected cluster.

    Ends with 0 whatever the states are (use verify to fail on them), and with 3 if a cluster could not be read.
    """
    from meshglobal.app.listing import list_services as run_list
    from meshglobal.app.selecting import Request
    from meshglobal.cli.allowances import allowances
    from meshglobal.cli.live_watching import ListWatch, watch_services
    from meshglobal.cli.reports import reports
    from meshglobal.cli.session import session
    from meshglobal.cli.show import show_inventory
    from meshglobal.cli.table import LIVE_LIST
    from meshglobal.cli.watching import check_watch, is_typed
    from meshglobal.domain.targets import parse_targets

    parsed = parse_targets(targets or [], needs_names=False)
    allowed = allowances(allowance_options)
    watch = watch or ctx.info_name == LIVE_LIST
    check_watch(watch=watch, wait=False, metrics_listen=None, output=output.output, files=fleet.source)
    with reports(report_options, "list") as leave, session(fleet, output, is_lasting=watch) as run:
        namespace = None if everywhere.all_namespaces else run.namespace(select.namespace)
        if watch:
            request = Request(parsed, namespace, select.selector)
            seconds = run.timeout if is_typed(ctx, "timeout") else None
            is_logging = bool(fleet.verbose)
            return watch_services(ListWatch(run, output.output, request, allowed, seconds, leave, is_logging))
        with run.progress("reading") as on_cluster:
            request = Request(parsed, namespace, select.selector)
            inventory = run_list(run.fleet, run.mesh, request, allowed, on_cluster)
        leave(inventory)
        return show_inventory(inventory, run, output.output, request.place)
