"""`meshglobal drill`: take a cluster's copy of a service away, measure, and put it back whatever happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import typer

from meshglobal.cli.complete import complete_contexts, complete_targets
from meshglobal.cli.options import (
    FleetOptions,
    NamespaceOption,
    OutputOptions,
    ReportOptions,
    takes_options,
)
from meshglobal.domain.drill import Mode

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Take a cluster's copy of a service away for a while, measure, and put it back.",
)


@dataclass(frozen=True, slots=True)
class DrillOptions:
    """What is taken away, and for how long."""

    cluster: Annotated[
        str,
        typer.Option(
            "--cluster",
            metavar="CONTEXT",
            help="Whose copy is taken away; one of the selected.",
            autocompletion=complete_contexts,
            show_default="must be named",
        ),
    ] = ""
    mode: Annotated[
        Mode, typer.Option("--mode", help="Scale its Deployments to zero, or take the scope label away.")
    ] = Mode.SCALE
    before: Annotated[str, typer.Option("--before", metavar="TIME", help="Calls before anything is changed.")] = "3s"
    away: Annotated[str, typer.Option("--away", metavar="TIME", help="How long it is away.")] = "10s"
    after: Annotated[str, typer.Option("--after", metavar="TIME", help="Calls after it is ready again, at least.")] = (
        "2s"
    )
    ready_timeout: Annotated[str, typer.Option("--ready-timeout", metavar="TIME", help="For it to be ready again.")] = (
        "2m"
    )
    max_lost: Annotated[int, typer.Option("--max-lost", metavar="N", min=0, help="Calls that may fail.")] = 0
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Predict only; change nothing.")] = False
    yes: Annotated[bool, typer.Option("-y", "--yes", help="Do not ask.")] = False


@dataclass(frozen=True, slots=True)
class ForceOptions:
    """What is done all the same."""

    force_outage: Annotated[
        bool, typer.Option("--force-outage", help="Though no other cluster can answer, or nobody knows whether.")
    ] = False
    force_owner: Annotated[
        bool, typer.Option("--force-owner", help="Though an autoscaler, Argo CD or Flux owns what is changed.")
    ] = False
    allow_protected: Annotated[
        bool, typer.Option("--allow-protected", help="Though the cluster or the object is protected.")
    ] = False


@dataclass(frozen=True, slots=True)
class CallerOptions:
    """Who calls, and what."""

    source: Annotated[
        str | None,
        typer.Option("--from", metavar="SELECTOR|POD", help="Call from this pod.", show_default="one in the mesh"),
    ] = None
    from_namespace: Annotated[
        str | None,
        typer.Option("--from-namespace", metavar="NAME", help="Where that pod is.", show_default="the service's"),
    ] = None
    method: Annotated[str, typer.Option("--method", metavar="auto|exec|ephemeral", help="How curl gets into it.")] = (
        "auto"
    )
    path: Annotated[str, typer.Option("--path", metavar="PATH", help="What is called.")] = "/"
    port: Annotated[
        int | None, typer.Option("--port", metavar="N", help="Of the Service.", show_default="the first with HTTP")
    ] = None
    header: Annotated[
        list[str], typer.Option("-H", "--header", metavar="'NAME: VALUE'", help="Sent along; repeatable.")
    ] = field(default_factory=list)
    rate: Annotated[str, typer.Option("--rate", metavar="N", help="Calls a second; 30/m, 5/h.")] = "10"
    max_time: Annotated[str, typer.Option("--max-time", metavar="TIME", help="For one call.")] = "5s"
    identify: Annotated[
        str | None,
        typer.Option(
            "--identify",
            metavar="header:NAME|body:REGEX",
            help="How an answer says who gave it.",
            show_default="well-known headers",
        ),
    ] = None
    image: Annotated[str, typer.Option("--image", metavar="IMAGE", help="With curl, where a pod has none.")] = ""


@app.callback()
def drill() -> None:
    """Take a cluster's copy of a service away for a while, measure, and put it back."""


@app.command()
@takes_options
def failover(
    fleet: FleetOptions,
    select: NamespaceOption,
    what: DrillOptions,
    force: ForceOptions,
    caller: CallerOptions,
    output: OutputOptions,
    report_options: ReportOptions,
    targets: Annotated[list[str], typer.Argument(metavar="svc NAME", autocompletion=complete_targets)],
) -> int:
    """Take the copy of one cluster away while a pod calls the global host, and see whether others take over.

    It predicts first what will happen, and refuses where the others could not carry it. Everything is put back at the
    end, on an error, on Ctrl-C, and after a kill by 'meshglobal drill restore'. Exit code 0: as predicted, and no more
    calls lost than --max-lost.
    """
    import os

    from meshglobal.cli.drilling import run_failover
    from meshglobal.cli.open_drills import tell_open_drills
    from meshglobal.cli.reports import reports

    tell_open_drills(os.environ)

    with reports(report_options, "drill") as leave:
        return run_failover((fleet, select, output), (what, force, caller), targets, leave)


@app.command()
@takes_options
def restore(
    output: OutputOptions,
    kubeconfig: Annotated[
        str | None, typer.Option("--kubeconfig", metavar="FILE", help="Else the one of the drill.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what somebody else has changed since.")] = (
        False
    ),
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave what somebody else has changed since, and close the drill.")
    ] = False,
    timeout: Annotated[
        str, typer.Option("--timeout", metavar="TIME", help="For what was put back to be ready again.")
    ] = "2m",
) -> int:
    """Put back what drills have changed whose process was killed. It may be run as often as one likes."""
    from meshglobal.cli.restoring import run_restore
    from meshglobal.domain.errors import UsageError

    if overwrite and keep:
        raise UsageError("--overwrite and --keep exclude each other")
    return run_restore(output, kubeconfig, timeout, overwrite=overwrite, keep=keep)
