"""`meshglobal dashboard`: the Global Services page in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from meshglobal.cli.dashboard_options import ServerOptions, ShownOptions
from meshglobal.cli.options import (
    AllowanceOptions,
    PlaceOptions,
    SourceOptions,
    ThresholdOptions,
    takes_options,
)

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
@takes_options
def dashboard(
    server: ServerOptions,
    fleet: SourceOptions,
    select: ShownOptions,
    places: PlaceOptions,
    limits: ThresholdOptions,
    allowance_options: AllowanceOptions,
    allow_writes: Annotated[
        bool, typer.Option("--allow-writes", help="Let the page change labels and annotations; each change is asked.")
    ] = False,
    read_only: Annotated[
        bool,
        typer.Option(
            "--read-only", envvar="MESHGLOBAL_READ_ONLY", help="Nothing can be changed, as without --allow-writes."
        ),
    ] = False,
) -> int:
    """Show the mesh in a browser, live: global services, clusters, findings, topology. Ctrl-C ends it.

    It prints the address with a token in it, and listens on this machine alone. Every namespace is shown, unless -n or
    a setting names one.
    """
    from meshglobal.cli.allowances import strictness
    from meshglobal.cli.dashboard_options import Parts, check_writes
    from meshglobal.cli.serving import serve_dashboard

    check_writes(allow_writes=allow_writes, read_only=read_only, files=fleet.source)
    parts = Parts(fleet, places, select, strictness(limits, allowance_options), allow_writes)
    return serve_dashboard(server, parts)
