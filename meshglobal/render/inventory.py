"""The Global Services table (`list`) and one service in full (`describe`), for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from meshglobal.domain.inventory import Cell, GlobalService, Inventory
from meshglobal.domain.verdict import State
from meshglobal.render.screen import Screen, age, print_table

COLUMNS = ("NAMESPACE", "NAME", "CONTEXT", "STATE", "SCOPE", "ENDPOINTS", "TAKEOVER", "DISTRIBUTION", "AGE")
WIDE_COLUMNS = (*COLUMNS, "HOST", "ENTRY")
_MANY = 8
UNKNOWN = "?"


class CellGroup(NamedTuple):
    """Cells of one service that share a line: one, or (``is_sum``) those that are ready of ``total``."""

    cells: tuple[Cell, ...]
    total: int
    is_sum: bool = False


def show_inventory(inventory: Inventory, out: Screen, now: float, *, wide: bool = False) -> None:
    """Print service by cluster; with many clusters those that are ready alike share one line, unless ``wide``."""
    columns = WIDE_COLUMNS if wide else COLUMNS
    rows = [row for service in inventory.services for row in _service_rows(service, inventory, out, now, wide=wide)]
    print_table(out, columns, rows)


def cell_groups(cells: Sequence[Cell], *, wide: bool) -> Iterator[CellGroup]:
    """The lines of a service: with many clusters those that are ready share the first one, unless ``wide``."""
    total, rest = len(cells), cells
    if not wide and total > _MANY:
        ready = tuple(cell for cell in cells if cell.state is State.READY)
        rest = [cell for cell in cells if cell.state is not State.READY]
        if ready:
            yield CellGroup(ready, total, is_sum=True)
    for cell in rest:
        yield CellGroup((cell,), total)


def group_texts(group: CellGroup, inventory: Inventory, now: float) -> tuple[str, ...]:
    """What stands in a line from CONTEXT to AGE."""
    cell = group.cells[0]
    if group.is_sum:
        sums = _sums(group.cells, inventory, now)
        return (f"{len(group.cells)} of {group.total} clusters", State.READY.value, *sums)
    return (cell.context, cell.state.value if cell.state else "-", *_facts(cell, inventory, now))


def wide_texts(cell: Cell) -> tuple[str, str]:
    """HOST and ENTRY."""
    return ", ".join(one.host or "-" for one in cell.hosts) or "-", cell.entry or "-"


def endpoints_text(cell: Cell) -> str:
    """``ready/total``; ``?`` when unknown, ``-`` without a Service."""
    if cell.endpoints is not None and cell.present:
        return f"{cell.endpoints.ready}/{cell.endpoints.total}"
    return "-" if cell.present is False else UNKNOWN


def _service_rows(
    service: GlobalService, inventory: Inventory, out: Screen, now: float, *, wide: bool
) -> Iterator[tuple[str, ...]]:
    is_first = True
    for group in cell_groups(service.cells, wide=wide):
        name = (service.namespace, service.name) if is_first or not out.is_terminal else ("", "")
        more = wide_texts(group.cells[0]) if wide else ()
        yield (*name, *group_texts(group, inventory, now), *more)
        is_first = False


def _facts(cell: Cell, inventory: Inventory, now: float) -> tuple[str, ...]:
    if cell.present is None:
        return (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, age(cell.entry_created, now))
    if not cell.present:
        return ("-", "-", "by peers" if cell.takeover else "-", "-", age(cell.entry_created, now))
    return (
        cell.scope if cell.scope is not None else UNKNOWN,
        endpoints_text(cell),
        {True: "yes", False: "-", None: UNKNOWN}[cell.takeover],
        cell.distribution or f"({inventory.default_distribution})",
        age(cell.entry_created, now),
    )


def _sums(cells: Sequence[Cell], inventory: Inventory, now: float) -> tuple[str, ...]:
    """What several clusters have in common; ``…`` where they differ. Endpoints are added up."""
    facts = [_facts(cell, inventory, now) for cell in cells]
    shared = [values[0] if len(set(values)) == 1 else "…" for values in zip(*facts, strict=True)]
    known = [cell.endpoints for cell in cells if cell.endpoints is not None and cell.present]
    if known:
        shared[1] = f"{sum(one.ready for one in known)}/{sum(one.total for one in known)}"
    return tuple(shared)


def show_service(service: GlobalService, inventory: Inventory, out: Screen, now: float) -> None:
    """Print everything about one service."""
    out.print(f"Name:       {service.name}")
    out.print(f"Namespace:  {service.namespace}")
    out.print(f"Hosts:      {hosts_text(service)}")
    if service.aliases:
        out.print(f"Aliases:    {', '.join(service.aliases)}")
    for cell in service.cells:
        out.print(f"\nCluster {cell.context}:")
        for title, text in cell_details(cell, inventory, now):
            out.print(f"  {title + ':':<14}{text}")


def hosts_text(service: GlobalService) -> str:
    """The global hosts; absence may only be claimed where every cluster's Service and scope were read."""
    if service.hosts:
        return ", ".join(service.hosts)
    unread = [cell.context for cell in service.cells if cell.present is None or (cell.present and cell.scope is None)]
    return f"unknown: {', '.join(unread)} could not be read" if unread else "<none>: no cluster publishes it"


def cell_details(cell: Cell, inventory: Inventory, now: float) -> Iterator[tuple[str, str]]:
    """All that is known of a service in one cluster: titles, each with its text."""
    if cell.present is None:
        yield ("Service", "unknown: could not be read")
    elif not cell.present:
        yield ("Service", "<none>")
    else:
        yield ("Scope", f"{cell.scope or 'unknown'} (by {cell.scope_origin})")
        yield ("Takeover", {True: "yes", False: "no", None: "unknown"}[cell.takeover])
        yield ("Distribution", cell.distribution or f"{inventory.default_distribution} (the default)")
        yield ("Ports", ", ".join(cell.ports) or "<none>")
        yield ("Endpoints", f"{endpoints_text(cell)} ready")
    for verdict in cell.hosts:
        yield ("Host", verdict.host or ", ".join(verdict.found_hosts) or "<none>")
        yield ("State", verdict.state.value + (f": {verdict.reason}" if verdict.reason else ""))
        if verdict.entry is not None:
            yield ("Entry", f"{verdict.entry}, {age(verdict.entry_created, now)} old")
        if verdict.publishers:
            yield ("Served by", ", ".join(verdict.publishers))
