"""`meshglobal check`: are the clusters themselves fit for global services?"""

from __future__ import annotations

import typer

from meshglobal.cli.options import (
    AllowanceOptions,
    FollowOptions,
    OutputOptions,
    PlaceOptions,
    ReportOptions,
    SourceOptions,
    ThresholdOptions,
    takes_options,
)

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
@takes_options
def check(
    fleet: SourceOptions,
    places: PlaceOptions,
    follow: FollowOptions,
    limits: ThresholdOptions,
    allowance_options: AllowanceOptions,
    output: OutputOptions,
    report_options: ReportOptions,
) -> int:
    """Look at the clusters themselves: control planes, east-west gateways, peering, networks, segments, trust.

    Links have a direction: -o wide shows what each cluster says about each of the others. Routes, rules and policies
    that name a global host or its entry are looked at as well.
    """
    from meshglobal.app.checking import check_clusters
    from meshglobal.cli.allowances import strictness
    from meshglobal.cli.noticing import senses, settled
    from meshglobal.cli.reports import reports
    from meshglobal.cli.session import session
    from meshglobal.cli.show import show_check

    strict = strictness(limits, allowance_options)
    with reports(report_options, "check") as leave, session(fleet, output) as run:
        with run.progress("checking") as on_cluster:
            found = check_clusters(run.fleet, settled(run.mesh, places), strict, on_cluster, senses(run, follow))
        leave(found)
        return show_check(found, run, output.output)
