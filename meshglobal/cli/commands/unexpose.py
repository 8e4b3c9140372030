"""`meshglobal unexpose`: take the labels away again."""

from __future__ import annotations

from typing import Annotated

import typer

from meshglobal.cli.complete import complete_targets
from meshglobal.cli.options import (
    FleetOptions,
    OutputOptions,
    ReportOptions,
    SelectOptions,
    WriteOptions,
    takes_options,
)

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
@takes_options
def unexpose(
    fleet: FleetOptions,
    select: SelectOptions,
    write: WriteOptions,
    output: OutputOptions,
    report_options: ReportOptions,
    targets: Annotated[list[str], typer.Argument(metavar="svc|ns NAME...", autocompletion=complete_targets)],
    opt_out: Annotated[
        bool,
        typer.Option("--opt-out", help="Label the scope 'cluster': keeps a service out of a global namespace."),
    ] = False,
    purge: Annotated[
        bool, typer.Option("--purge", help="Take the traffic-distribution annotation away as well.")
    ] = False,
) -> int:
    """Take services or namespaces back: remove scope and takeover in every selected cluster, wait, verify.

    An entry stays in a cluster as long as another cluster publishes the service.
    """
    from meshglobal.cli.writing import Wish, write_labels
    from meshglobal.domain.planning import unexpose_intent
    from meshglobal.domain.targets import parse_targets

    parsed = parse_targets(targets, needs_names=not select.selector)
    wish = Wish("unexpose", parsed, unexpose_intent(opt_out=opt_out, purge=purge), asks=True, replaces=opt_out)
    return write_labels(wish, fleet, select, write, output, report_options)
