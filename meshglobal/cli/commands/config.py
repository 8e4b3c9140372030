"""`meshglobal config contexts`: which clusters a command would look at, and why."""

from __future__ import annotations

import sys

import typer

from meshglobal.cli.options import FleetOptions, Output, OutputOptions, takes_options

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="The selected contexts, and where the selection comes from.",
)


@app.callback()
def config() -> None:
    """The selected contexts, and where the selection comes from."""


@app.command()
@takes_options
def contexts(fleet: FleetOptions, output: OutputOptions) -> int:
    """List the selected contexts and where the selection came from; nothing is sent to any cluster."""
    import os

    from meshglobal.bootstrap import open_fleet
    from meshglobal.domain.report import ContextReport, Contexts
    from meshglobal.render.documents import write_document
    from meshglobal.render.screen import print_table, screen

    opened = open_fleet(fleet)
    members = [ContextReport(one.context, one.server, one.namespace) for one in opened.fleet.members]
    opened.fleet.close()
    out = screen(sys.stdout, output.color.value, os.environ)
    match output.output:
        case Output.JSON | Output.YAML:
            document = Contexts(source=opened.selection.source.value, contexts=tuple(members))
            write_document(document, output.output.value, sys.stdout)
        case Output.NAME:
            for member in members:
                out.print(member.context)
        case _:
            rows = [(one.context, one.server, one.namespace or "-") for one in members]
            print_table(out, ("CONTEXT", "SERVER", "NAMESPACE"), rows)
            if not output.quiet:
                screen(sys.stderr, output.color.value, os.environ).print(opened.selection.origin)
    return 0
