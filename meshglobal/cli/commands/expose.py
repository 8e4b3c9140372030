"""`meshglobal expose`: label and annotate in every selected cluster, wait, verify."""

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
def expose(
    fleet: FleetOptions,
    select: SelectOptions,
    write: WriteOptions,
    output: OutputOptions,
    report_options: ReportOptions,
    targets: Annotated[list[str], typer.Argument(metavar="svc|ns NAME...", autocompletion=complete_targets)],
    scope: Annotated[str, typer.Option("--scope", metavar="global|segment", help="How far it is published.")] = (
        "global"
    ),
    takeover: Annotated[
        bool | None,
        typer.Option("--takeover/--no-takeover", help="Whether the cluster-local name answers globally, too."),
    ] = None,
    traffic_distribution: Annotated[
        str | None,
        typer.Option(
            "--traffic-distribution",
            metavar="MODE",
            help="PreferNetwork, PreferClose, PreferRegion or Any; on Services.",
        ),
    ] = None,
) -> int:
    """Make services, or all services of namespaces, global: label them in every selected cluster, wait, verify.

    This sets labels on Services and Namespaces. It does not make an east-west gateway: that is what
    'istioctl multicluster expose' does.
    """
    from meshglobal.cli.writing import Wish, write_labels
    from meshglobal.domain import kinds
    from meshglobal.domain.exposure import checked_mode, checked_scope
    from meshglobal.domain.planning import expose_intent
    from meshglobal.domain.targets import parse_targets

    parsed = parse_targets(targets, needs_names=not select.selector)
    is_namespace = parsed is not None and parsed.kind is kinds.NAMESPACE
    mode = checked_mode(traffic_distribution, is_namespace=is_namespace)
    intent = expose_intent(checked_scope(scope), takeover=takeover, distribution=mode)
    wish = Wish("expose", parsed, intent, asks=is_namespace or bool(takeover))
    return write_labels(wish, fleet, select, write, output, report_options)
