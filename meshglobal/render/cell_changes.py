"""What `list --watch` prints of a change that is none of a host's state: one line, with what is different."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshglobal.domain.cell_changes import CellChange
from meshglobal.domain.inventory import Cell
from meshglobal.render.inventory import UNKNOWN, endpoints_text
from meshglobal.render.screen import Screen


def show_cell_changes(found: Sequence[CellChange], out: Screen) -> None:
    """Print each change: time, service, context, and what was and what is."""
    for one in found:
        said = ", ".join(_differing(one.before, one.after))
        out.print_parts((f"{one.time}   {one.namespace}/{one.service}   {one.context}   {said}", ""))


def _differing(before: Cell, after: Cell) -> Iterator[str]:
    old = dict(_texts(before))
    for title, text in _texts(after):
        if old[title] != text:
            yield f"{title} {old[title]} -> {text}"


def _texts(cell: Cell) -> Iterator[tuple[str, str]]:
    yield "Service", "yes" if cell.present else "-"
    yield "scope", (cell.scope or UNKNOWN) if cell.present else "-"
    yield "endpoints", endpoints_text(cell)
    yield "takeover", {True: "yes", False: "-", None: UNKNOWN}[cell.takeover]
    yield "distribution", cell.distribution or "-"
    yield "ports", ",".join(cell.ports) or "-"
