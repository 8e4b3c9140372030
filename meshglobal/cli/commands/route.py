"""`meshglobal route svc NAME`: a Gateway and HTTPRoute for a global host."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import typer

from meshglobal.cli.complete import complete_targets
from meshglobal.cli.options import DryRun, FleetOptions, NamespaceOption, OutputOptions, takes_options

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@dataclass(frozen=True, slots=True)
class WayOptions:
    """Where requests come from, and where they go."""

    gateway: Annotated[
        str | None, typer.Option("--gateway", metavar="[NS/]NAME", help="Hang it on this Gateway, which is there.")
    ] = None
    gateway_class: Annotated[
        str | None,
        typer.Option(
            "--gateway-class",
            metavar="CLASS",
            help="Make a Gateway of its own: istio, kgateway, agentgateway or gloo-gateway.",
            show_default="istio",
        ),
    ] = None
    in_mesh: Annotated[bool, typer.Option("--in-mesh", help="For callers in the mesh: no Gateway.")] = False
    hostname: Annotated[
        list[str], typer.Option("--hostname", metavar="HOST", help="For requests to this host alone; repeatable.")
    ] = field(default_factory=list)
    path: Annotated[str, typer.Option("--path", metavar="PATH", help="For paths that begin so.")] = "/"
    port: Annotated[
        list[int],
        typer.Option("--port", metavar="N", help="Of the Service; repeatable.", show_default="the first with HTTP"),
    ] = field(default_factory=list)
    weights: Annotated[
        str | None,
        typer.Option("--weights", metavar="HOST=N,...", help="Split over global hosts, or names in the namespace."),
    ] = None


@dataclass(frozen=True, slots=True)
class DoOptions:
    """What is done; without any of the three the manifests are printed."""

    diff: Annotated[bool, typer.Option("--diff", help="Show what would change; 1 if anything would.")] = False
    apply: Annotated[bool, typer.Option("--apply", help="Write it, and wait until it works.")] = False
    delete: Annotated[bool, typer.Option("--delete", help="Take away what was applied for the service.")] = False
    dry_run: Annotated[DryRun, typer.Option("--dry-run", help="client: send no write; server: let it check only.")] = (
        DryRun.NONE
    )
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Until Gateway and routes work.")] = True
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what others edited in objects of ours.")] = (
        False
    )
    yes: Annotated[
        bool, typer.Option("-y", "--yes", help="As with other commands; --apply and --delete never ask.")
    ] = False
    field_manager: Annotated[str, typer.Option("--field-manager", metavar="NAME", help="Owner of the fields.")] = (
        "meshglobal"
    )


@app.command()
@takes_options
def route(
    fleet: FleetOptions,
    select: NamespaceOption,
    way: WayOptions,
    do: DoOptions,
    output: OutputOptions,
    targets: Annotated[list[str], typer.Argument(metavar="svc NAME", autocompletion=complete_targets)],
) -> int:
    """Print a Gateway and an HTTPRoute for the host of a global service, or apply them; looks whether they would work.

    What is applied carries the label app.kubernetes.io/managed-by=meshglobal; nothing without it is changed or deleted.
    """
    from meshglobal.cli.routing import run_route, wish_of
    from meshglobal.cli.session import session
    from meshglobal.domain import kinds
    from meshglobal.domain.errors import UsageError
    from meshglobal.domain.names import ServiceKey
    from meshglobal.domain.targets import parse_targets

    parsed = parse_targets(targets)
    if parsed is None or parsed.kind is not kinds.SERVICE or len(parsed.names) != 1:
        raise UsageError("route takes one service: svc NAME")
    modes = [name for name in ("diff", "apply", "delete") if getattr(do, name)]
    if len(modes) > 1:
        raise UsageError(f"--{modes[0]} and --{modes[1]} exclude each other")
    mode = modes[0] if modes else "print"
    if do.dry_run is not DryRun.NONE and mode not in ("apply", "delete"):
        raise UsageError("--dry-run is for --apply and --delete")
    with session(fleet, output, do.field_manager) as run:
        key = ServiceKey(run.namespace(select.namespace), parsed.names[0])
        return run_route(run, wish_of(way, key), mode, do, output.output)
