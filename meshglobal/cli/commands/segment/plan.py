"""`meshglobal segment plan …`: what a change of segments would do; nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from meshglobal.cli.commands.segment.places import PeerOptions
from meshglobal.cli.complete import complete_segments
from meshglobal.cli.options import OutputOptions, SourceOptions, takes_options
from meshglobal.domain.segment_intent import Action

Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the Segment.", autocompletion=complete_segments)]
Domain = Annotated[str, typer.Option("--domain", metavar="DOMAIN", help="Of its hosts, such as mesh.acme.")]

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class FixOptions:
    """``--write-fixes``."""

    write_fixes: Annotated[
        str | None,
        typer.Option("--write-fixes", metavar="DIR", help="Write a patch for each object with broken references."),
    ] = None


@app.callback()
def plan() -> None:
    """Say what a change of segments would do: hosts, callers, references. Nothing is sent.

    Ends with 1 if a reference breaks, with 3 if a cluster could not be read.
    """


@app.command("assign")
@takes_options
def assign(fleet: SourceOptions, peers: PeerOptions, fixes: FixOptions, output: OutputOptions, name: Name) -> int:
    """What happens if the clusters of --context join a segment: their own hosts get its domain."""
    from meshglobal.cli.commands.segment.planned import run_plan

    return run_plan(Action.ASSIGN, name, "", fleet, peers, fixes.write_fixes, output)


@app.command("unassign")
@takes_options
def unassign(fleet: SourceOptions, peers: PeerOptions, fixes: FixOptions, output: OutputOptions) -> int:
    """What happens if the clusters of --context go back to the default segment."""
    from meshglobal.cli.commands.segment.planned import run_plan

    return run_plan(Action.UNASSIGN, "", "", fleet, peers, fixes.write_fixes, output)


@app.command("create")
@takes_options
def create(
    fleet: SourceOptions, peers: PeerOptions, fixes: FixOptions, output: OutputOptions, name: Name, domain: Domain
) -> int:
    """What happens if a Segment is made in the clusters of --context; where it is there it gets the domain."""
    from meshglobal.cli.commands.segment.planned import run_plan

    return run_plan(Action.CREATE, name, domain, fleet, peers, fixes.write_fixes, output)


@app.command("rename-domain")
@takes_options
def rename_domain(
    fleet: SourceOptions, peers: PeerOptions, fixes: FixOptions, output: OutputOptions, name: Name, domain: Domain
) -> int:
    """What happens if a Segment gets another domain in the clusters of --context."""
    from meshglobal.cli.commands.segment.planned import run_plan

    return run_plan(Action.RENAME_DOMAIN, name, domain, fleet, peers, fixes.write_fixes, output)
