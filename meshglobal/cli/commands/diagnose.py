"""`meshglobal diagnose svc NAME`."""

from __future__ import annotations

from typing import Annotated

import typer

from meshglobal.cli.complete import complete_targets
from meshglobal.cli.options import (
    AllowanceOptions,
    FollowOptions,
    NamespaceOption,
    OutputOptions,
    ReportOptions,
    SourceOptions,
    ThresholdOptions,
    takes_options,
)

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
@takes_options
def diagnose(
    fleet: SourceOptions,
    select: NamespaceOption,
    follow: FollowOptions,
    limits: ThresholdOptions,
    allowance_options: AllowanceOptions,
    output: OutputOptions,
    report_options: ReportOptions,
    targets: Annotated[list[str], typer.Argument(metavar="svc NAME", autocompletion=complete_targets)],
) -> int:
    """Say why a global service does not work: each cluster's chain up to its first broken link, one cause, one fix."""
    from meshglobal.app.diagnosing import diagnose_service
    from meshglobal.cli.allowances import strictness
    from meshglobal.cli.noticing import senses
    from meshglobal.cli.reports import reports
    from meshglobal.cli.session import session
    from meshglobal.cli.show import show_diagnosis
    from meshglobal.domain import kinds
    from meshglobal.domain.errors import UsageError
    from meshglobal.domain.names import ServiceKey
    from meshglobal.domain.targets import parse_targets

    parsed = parse_targets(targets)
    if parsed is None or parsed.kind is not kinds.SERVICE or len(parsed.names) != 1:
        raise UsageError("diagnose takes one service: svc NAME", "for the clusters themselves use: meshglobal check")
    strict = strictness(limits, allowance_options)
    with reports(report_options, "diagnose") as leave, session(fleet, output) as run:
        key = ServiceKey(run.namespace(select.namespace), parsed.names[0])
        with run.progress("diagnosing") as on_cluster:
            found = diagnose_service(run.fleet, run.mesh, key, strict, on_cluster, senses(run, follow))
        leave(found)
        return show_diagnosis(found, run, output.output)
