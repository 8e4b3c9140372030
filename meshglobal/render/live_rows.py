"""The rows of the live table: one a service and cluster, as `list` has them; which are shown, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.inventory import Cell, GlobalService, Inventory
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.verdict import SEVERITIES, Severity, State
from meshglobal.render.inventory import CellGroup, cell_groups, group_texts, wide_texts
from meshglobal.render.live_text import widest

Noted = Mapping[ServiceKey, Sequence[Finding]]
"""What was found about each service."""


class Kind(StrEnum):
    """Which rows are shown, by what is known of them. ``wrong``: neither ready nor unknown, or something was found."""

    ALL = "all"
    WRONG = "wrong"
    UNKNOWN = "unknown"


class RowKey(NamedTuple):
    """Which row it is; several clusters that share a line have no context."""

    namespace: str
    name: str
    context: str


class Row(NamedTuple):
    """A line of the table. ``mark`` says that something was found: ``!``, or ``?`` where something is not known."""

    service: GlobalService
    group: CellGroup
    mark: str = ""

    @property
    def key(self) -> RowKey:
        """Which row it is."""
        return RowKey(self.service.namespace, self.service.name, "" if self.group.is_sum else self.cell.context)

    @property
    def cell(self) -> Cell:
        """Its cell; of several the first."""
        return self.group.cells[0]

    def texts(self, inventory: Inventory, now: float) -> tuple[str, ...]:
        """What stands in each of `WIDE_COLUMNS`."""
        more = ("", "") if self.group.is_sum else wide_texts(self.cell)
        return (self.service.namespace, self.service.name, *group_texts(self.group, inventory, now), *more)


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the inventory is shown, and how.

    Attributes:
        text: words that must all stand in a row's namespace, name, hosts or context.
        namespace: a part of the namespace's name.
        kind: which rows.
        sort: a column; empty: by service.
        is_reversed: the other way round.
        is_wide: a line for each cluster, and the columns of ``-o wide``.
    """

    text: str = ""
    namespace: str = ""
    kind: Kind = Kind.ALL
    sort: str = ""
    is_reversed: bool = False
    is_wide: bool = False

    @property
    def is_filtered(self) -> bool:
        """Whether some rows may be left out."""
        return bool(self.text.strip() or self.namespace or self.kind is not Kind.ALL)

    def unfiltered(self) -> Choice:
        """The same order, with all rows."""
        return replace(self, text="", namespace="", kind=Kind.ALL)


class Rows(NamedTuple):
    """The rows that are shown.

    ``widths``: by column that of the widest text whose length nobody knows beforehand. ``is_one_namespace``: all rows
    are of the same.
    """

    rows: tuple[Row, ...] = ()
    widths: Mapping[str, int] = {}
    is_one_namespace: bool = False


def arrow(choice: Choice) -> str:
    """Which way round rows are sorted."""
    return "▼" if choice.is_reversed else "▲"


def noted(findings: Sequence[Finding]) -> Noted:
    """The findings about services, by service."""
    found: dict[ServiceKey, list[Finding]] = {}
    for one in findings:
        if one.namespace is not None and one.service is not None:
            found.setdefault(ServiceKey(one.namespace, one.service), []).append(one)
    return found


def is_unknown(cell: Cell) -> bool:
    """Whether it is not known how the service is there."""
    return cell.state is State.UNKNOWN or cell.present is None


def mark_of(cells: Sequence[Cell], found: Sequence[Finding]) -> str:
    """The worst that was found about a service in some clusters, as one character."""
    contexts = {None, *(cell.context for cell in cells)}
    levels = {one.level for one in found if one.context in contexts}
    if levels - {Level.UNKNOWN}:
        return "!"
    return "?" if levels else ""


def rows_of(inventory: Inventory, found: Noted, choice: Choice) -> Rows:
    """The rows that were chosen, in order."""
    words, place = choice.text.casefold().split(), choice.namespace.casefold()
    rows: list[Row] = []
    for service in inventory.services:
        if place not in service.namespace.casefold():
            continue
        about = found.get(ServiceKey(service.namespace, service.name), ())
        cells = _chosen(service, about, words, choice.kind)
        for group in cell_groups(cells, wide=choice.is_wide):
            shown = group._replace(total=len(service.cells)) if group.is_sum else group
            rows.append(Row(service, shown, mark_of(group.cells, about) if about else ""))
    if choice.sort:
        rows.sort(key=SORTS[choice.sort])
    in_order = tuple(reversed(rows) if choice.is_reversed else rows)
    is_one = len({row.service.namespace for row in rows}) == 1
    return Rows(in_order, _widths(rows, inventory.default_distribution), is_one)


def _chosen(service: GlobalService, about: Sequence[Finding], words: Sequence[str], kind: Kind) -> Sequence[Cell]:
    cells: Sequence[Cell] = service.cells
    if kind is not Kind.ALL:
        cells = [cell for cell in cells if _is_of(kind, cell, about)]
    if not words:
        return cells
    name = " ".join((f"{service.namespace}/{service.name}", *service.hosts, *service.aliases)).casefold()
    left = [word for word in words if word not in name]
    return [cell for cell in cells if all(word in cell.context.casefold() for word in left)] if left else cells


def _is_of(kind: Kind, cell: Cell, about: Sequence[Finding]) -> bool:
    if kind is Kind.UNKNOWN:
        return is_unknown(cell)
    is_wrong = cell.state is not None and SEVERITIES[cell.state] > Severity.UNKNOWN
    return is_wrong or (bool(about) and mark_of((cell,), about) == "!")


def _widths(rows: Sequence[Row], default: str) -> Mapping[str, int]:
    services = {id(row.service): row.service for row in rows}.values()
    groups = [row.group for row in rows]
    return {
        "NAMESPACE": widest({one.namespace for one in services}),
        "NAME": widest({one.name for one in services}),
        "CONTEXT": widest({context for group in groups for context in _context(group)}),
        "SCOPE": widest({cell.scope or "" for group in groups for cell in group.cells}),
        "DISTRIBUTION": widest({cell.distribution or f"({default})" for group in groups for cell in group.cells}),
        "HOST": widest({one.host or "" for group in groups for cell in group.cells for one in cell.hosts}),
        "ENTRY": widest({cell.entry or "" for group in groups for cell in group.cells}),
    }


def _context(group: CellGroup) -> Iterator[str]:
    yield f"{len(group.cells)} of {group.total} clusters" if group.is_sum else group.cells[0].context


def _by_text(text: Callable[[Cell], str | None]) -> Callable[[Row], Any]:
    def key(row: Row) -> tuple[str, RowKey]:
        return text(row.cell) or "\uffff", row.key

    return key


def _by_state(row: Row) -> Any:
    state = row.cell.state
    severity = SEVERITIES[state] if state is not None else -1
    return -severity, state or "", row.key


def _by_endpoints(row: Row) -> Any:
    """The fewest first; what is not known before them, no Service at the end."""
    known = [cell.endpoints for cell in row.group.cells if cell.endpoints is not None and cell.present]
    if not known:
        return 2 if row.cell.present is False else 0, 0, 0, row.key
    return 1, sum(one.ready for one in known), -sum(one.total for one in known), row.key


def _by_age(row: Row) -> Any:
    """The youngest first; no entry at the end."""
    created = row.cell.entry_created or ""
    return tuple(-ord(one) for one in created) or (1,), row.key


def _by_takeover(row: Row) -> Any:
    return {True: 0, None: 1, False: 2}[row.cell.takeover], row.key


SORTS: Mapping[str, Callable[[Row], Any]] = {
    "NAME": lambda row: (row.service.name, row.key),
    "CONTEXT": _by_text(lambda cell: cell.context),
    "STATE": _by_state,
    "SCOPE": _by_text(lambda cell: cell.scope),
    "ENDPOINTS": _by_endpoints,
    "TAKEOVER": _by_takeover,
    "DISTRIBUTION": _by_text(lambda cell: cell.distribution),
    "AGE": _by_age,
}
"""The columns that can be sorted by; without one rows stand as `list` has them."""
