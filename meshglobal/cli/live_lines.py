"""`list --watch` where nothing can be drawn: the table once, then one line a change."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from meshglobal.cli.options import Output
from meshglobal.domain.errors import ExitCode

if TYPE_CHECKING:
    from meshglobal.app.live import Look
    from meshglobal.cli.session import Session
    from meshglobal.domain.inventory import Inventory


@dataclass(frozen=True, slots=True)
class Lines:
    """How it is printed: in which format, for which place (`Request.place`), and who is told each inventory."""

    run: Session
    output: Output
    place: str
    leave: Callable[[Inventory], None]


def show_lines(looks: Iterable[Look], lines: Lines) -> int:
    """Print the table as soon as every cluster has been read, or is known not to answer; then what changes.

    Returns:
        The exit code of the last state.
    """
    before: Look | None = None
    last: Look | None = None
    for last in looks:
        if before is None and last.unread:
            continue
        lines.leave(last.inventory)
        if before is None:
            _show_first(last.inventory, lines)
        else:
            _show_changes(before, last, lines)
        before = last
    if last is not None and before is None:  # time ran out before all clusters had been read
        lines.leave(last.inventory)
        _show_first(last.inventory, lines)
    return last.inventory.exit_code if last is not None else int(ExitCode.CANNOT_CHECK)


def _show_first(inventory: Inventory, lines: Lines) -> None:
    from meshglobal.cli.show import show_inventory
    from meshglobal.render.documents import write_line
    from meshglobal.render.report import show_clusters, show_findings, told_by

    run = lines.run
    if lines.output is Output.JSON:
        write_line(inventory, sys.stdout)
        show_findings(inventory.findings, run.err, told_by((), inventory.clusters))
        show_clusters(inventory.clusters, run.err)
    else:
        show_inventory(inventory, run, lines.output, lines.place)
    sys.stdout.flush()


def _show_changes(before: Look, after: Look, lines: Lines) -> None:
    from meshglobal.domain.cell_changes import cell_changes
    from meshglobal.domain.report import Report
    from meshglobal.render.cell_changes import show_cell_changes
    from meshglobal.render.changes import show_aside, show_changes
    from meshglobal.render.documents import write_line

    run = lines.run
    time = datetime.fromtimestamp(run.clock.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    cells = list(cell_changes(before.inventory, after.inventory, time))
    if lines.output is Output.JSON:
        for one in (*after.changes, *cells):
            write_line(one, sys.stdout)
    else:
        show_changes(after.changes, run.out)
        show_cell_changes(cells, run.out)
    sys.stdout.flush()
    was, now = (Report(clusters=look.inventory.clusters) for look in (before, after))
    show_aside(after.changes, was, now, run.err)
