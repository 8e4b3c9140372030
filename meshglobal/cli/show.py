"""Show a report in the format that was asked for: results on stdout, what stood in the way on stderr."""

from __future__ import annotations

import sys

from meshglobal.cli.options import Output
from meshglobal.cli.session import Session
from meshglobal.domain.report import Report


def show(report: Report, session: Session, output: Output) -> int:
    """Print a report and give back its exit code."""
    from meshglobal.render.documents import write_document
    from meshglobal.render.report import show_clusters, show_notes, show_report

    match output:
        case Output.JSON | Output.YAML:
            write_document(report, output.value, sys.stdout)
        case Output.NAME:
            for name in dict.fromkeys(f"service/{verdict.service}" for verdict in report.hosts):
                session.out.print(name)
            for write in report.writes if not report.hosts else ():
                session.out.print(f"{write.kind.lower()}/{write.name}")
        case _:
            if report.hosts or not report.writes:
                show_report(report, session.out, session.clock.now(), wide=output is Output.WIDE)
    show_notes(report.notes, session.err)
    show_clusters(report.clusters, session.err)
    return report.exit_code
