"""`meshglobal describe svc NAME`."""

from __future__ import annotations

from typing import Annotated

import typer

from meshglobal.cli.complete import complete_targets
from meshglobal.cli.options import (
    AllowanceOptions,
    OutputOptions,
    ReportOptions,
    SelectOptions,
    SourceOptions,
    takes_options,
)

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
@takes_options
def describe(
    fleet: SourceOptions,
    select: SelectOptions,
    allowance_options: AllowanceOptions,
    output: OutputOptions,
    report_options: ReportOptions,
    targets: Annotated[list[str], typer.Argument(metavar="svc NAME...", autocompletion=complete_targets)],
) -> int:
    """Show everything about services, global or not: scope, ports, endpoints, hosts and entries per cluster."""
    from meshglobal.app.listing import describe_service
    from meshglobal.app.selecting import Request
    from meshglobal.cli.allowances import allowances
    from meshglobal.cli.reports import reports
    from meshglobal.cli.session import session
    from meshglobal.cli.show import show_description
    from meshglobal.domain import kinds
    from meshglobal.domain.errors import UsageError
    from meshglobal.domain.targets import parse_targets

    parsed = parse_targets(targets, needs_names=not select.selector)
    if parsed is not None and parsed.kind is not kinds.SERVICE:
        raise UsageError("describe takes services: svc NAME", "for a namespace use: meshglobal list -n NAME")
    allowed = allowances(allowance_options)
    with reports(report_options, "describe") as leave, session(fleet, output) as run:
        request = Request(parsed, run.namespace(select.namespace), select.selector)
        with run.progress("reading") as on_cluster:
            inventory = describe_service(run.fleet, run.mesh, request, allowed, on_cluster)
        leave(inventory)
        return show_description(inventory, run, output.output)
