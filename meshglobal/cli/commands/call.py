"""`meshglobal call svc NAME`."""

from __future__ import annotations

from typing import Annotated

import typer

from meshglobal.cli.call_options import CallOptions
from meshglobal.cli.complete import complete_targets
from meshglobal.cli.options import FleetOptions, NamespaceOption, OutputOptions, takes_options

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
@takes_options
def call(
    fleet: FleetOptions,
    select: NamespaceOption,
    options: CallOptions,
    output: OutputOptions,
    targets: Annotated[list[str], typer.Argument(metavar="svc NAME", autocompletion=complete_targets)],
) -> int:
    """Call a global service from a pod of each selected cluster, and say who answered, how fast, and what failed.

    A single call from one cluster prints the answer, as curl -i does. Nothing but curl runs in a pod, and no shell.
    """
    from meshglobal.app.calling import call_service
    from meshglobal.cli.call_options import wish_of
    from meshglobal.cli.session import session
    from meshglobal.cli.show_calls import show_call, telling
    from meshglobal.domain import kinds
    from meshglobal.domain.errors import UsageError
    from meshglobal.domain.names import ServiceKey
    from meshglobal.domain.targets import parse_targets

    parsed = parse_targets(targets)
    if parsed is None or parsed.kind is not kinds.SERVICE or len(parsed.names) != 1:
        raise UsageError("call takes one service: svc NAME")
    with session(fleet, output) as run:
        wish = wish_of(options, ServiceKey(run.namespace(select.namespace), parsed.names[0]))
        if run.callers is None:
            raise UsageError("call needs clusters: files cannot be called")
        with telling(run, output.output, wish.count) as tell:
            report = call_service(run.fleet, run.callers, run.mesh, wish, tell)
        return show_call(report, run, output.output)
