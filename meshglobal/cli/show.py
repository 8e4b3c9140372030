"""Show a report in the format that was asked for: results on stdout, what stood in the way on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

from meshglobal.cli.options import Output
from meshglobal.cli.session import Session
from meshglobal.domain.diagnosis import Diagnosis
from meshglobal.domain.errors import ExitCode
from meshglobal.domain.fleet import FleetCheck
from meshglobal.domain.inventory import Inventory
from meshglobal.domain.report import Report
from meshglobal.domain.verdict import Verdict


def show(report: Report, session: Session, output: Output, place: str, *, is_told: bool = False) -> int:
    """Print a report and give back its exit code.

    ``place``: where it looked (`Request.place`); ``is_told``: the findings were shown before something was written.
    """
    from meshglobal.render.documents import write_document
    from meshglobal.render.report import (
        show_clusters,
        show_findings,
        show_notes,
        show_report,
        show_waived,
        told_by,
    )

    match output:
        case Output.JSON | Output.YAML:
            write_document(report, output.value, sys.stdout)
        case Output.NAME:
            for name in dict.fromkeys(_names(report)):
                session.out.print(name)
        case _:
            if report.hosts or not report.writes:
                show_report(report, session.out, session.clock.now(), wide=output is Output.WIDE, place=place)
    if not is_told:
        is_table = output in (Output.TABLE, Output.WIDE)
        show_findings(report.findings, session.err, told_by(report.hosts if is_table else (), report.clusters))
    show_notes(report.notes, session.err)
    show_waived(report.waived, session.err)
    show_clusters(report.clusters, session.err)
    if report.exit_code == ExitCode.TIMEOUT:
        loud = replace(session.err, quiet=False)
        loud.print(f"error: timed out after {session.timeout:g} s: the generated entries are not as expected")
    return report.exit_code


def _names(report: Report) -> Iterator[str]:
    """What was written; for a report of no writes the services whose hosts were looked at."""
    if report.writes:
        return (f"{write.kind.lower()}/{write.name}" for write in report.writes if write.failure is None)
    return (f"service/{verdict.service}" for verdict in report.hosts)


def show_inventory(inventory: Inventory, session: Session, output: Output, place: str) -> int:
    """Print the Global Services table and give back the exit code."""
    from meshglobal.render.inventory import show_inventory as show_table

    if not _as_document(inventory, session, output):
        if inventory.services:
            show_table(inventory, session.out, session.clock.now(), wide=output is Output.WIDE)
        else:
            unread = "" if inventory.exit_code == 0 else " in what could be read"
            session.err.print(f"No global services found {place}".rstrip() + f"{unread}.")
    return _aside(inventory, session, ())


def show_description(inventory: Inventory, session: Session, output: Output) -> int:
    """Print services in full and give back the exit code."""
    from meshglobal.render.inventory import show_service

    if not _as_document(inventory, session, output):
        for service in inventory.services:
            show_service(service, inventory, session.out, session.clock.now())
    is_told = output in (Output.TABLE, Output.WIDE)
    cells = [cell for service in inventory.services for cell in service.cells if is_told]
    return _aside(inventory, session, [one for cell in cells for one in cell.hosts])


def show_check(check: FleetCheck, session: Session, output: Output) -> int:
    """Print what was found about the clusters and give back the exit code."""
    from meshglobal.render.documents import write_document
    from meshglobal.render.fleet import show_fleet
    from meshglobal.render.report import show_clusters, show_findings, show_waived, told_by

    match output:
        case Output.JSON | Output.YAML:
            write_document(check, output.value, sys.stdout)
        case Output.NAME:
            for member in check.members:
                session.out.print(f"context/{member.context}")
        case _:
            show_fleet(check, session.out, wide=output is Output.WIDE)
    show_findings(check.findings, session.err, told_by((), check.clusters))
    show_waived(check.waived, session.err)
    show_clusters(check.clusters, session.err)
    return check.exit_code


def show_diagnosis(diagnosis: Diagnosis, session: Session, output: Output) -> int:
    """Print the chains of a service, its one cause, and give back the exit code."""
    from meshglobal.render.diagnosis import show_diagnosis as show_chains
    from meshglobal.render.documents import write_document
    from meshglobal.render.report import show_clusters, show_waived

    match output:
        case Output.JSON | Output.YAML:
            write_document(diagnosis, output.value, sys.stdout)
        case Output.NAME:
            session.out.print(f"service/{diagnosis.service}")
        case _:
            show_chains(diagnosis, session.out, wide=output is Output.WIDE)
    show_waived(diagnosis.waived, session.err)
    show_clusters(diagnosis.clusters, session.err)
    return diagnosis.exit_code


def _as_document(inventory: Inventory, session: Session, output: Output) -> bool:
    from meshglobal.render.documents import write_document

    if output in (Output.JSON, Output.YAML):
        write_document(inventory, output.value, sys.stdout)
    elif output is Output.NAME:
        for service in inventory.services:
            session.out.print(f"service/{service.name}")
    else:
        return False
    return True


def _aside(inventory: Inventory, session: Session, hosts: Sequence[Verdict]) -> int:
    from meshglobal.render.report import show_clusters, show_findings, show_waived, told_by

    show_findings(inventory.findings, session.err, told_by(hosts, inventory.clusters))
    show_waived(inventory.waived, session.err)
    show_clusters(inventory.clusters, session.err)
    return inventory.exit_code
