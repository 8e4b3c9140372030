"""What changed between two looks at the inventory, beside the states of hosts: scope, endpoints, settings, ports.

`list --watch -o json` prints each such change as one document on one line; the schema is published in `docs/schema`.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from meshglobal.domain.inventory import Cell, GlobalService, Inventory
from meshglobal.domain.report import API_VERSION


class CellChange(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A service has something else in one cluster now, while its state there is the same.

    Attributes:
        time: when it was seen, RFC 3339.
        exit_code: what the run would end with now.
        before, after: the whole cell.
    """

    api_version: str = API_VERSION
    kind: str = "CellChange"
    time: str
    exit_code: int = 0
    context: str
    namespace: str
    service: str
    before: Cell
    after: Cell


def cell_changes(before: Inventory, after: Inventory, time: str) -> Iterator[CellChange]:
    """In the order of the inventory. What is not known on one of the sides is no change of this kind."""
    old = {(one.namespace, one.name): one for one in before.services}
    for service in after.services:
        was = old.get((service.namespace, service.name))
        if was is not None and was is not service:
            yield from _of_service(was, service, after.exit_code, time)


def _of_service(before: GlobalService, after: GlobalService, code: int, time: str) -> Iterator[CellChange]:
    old = {cell.context: cell for cell in before.cells}
    for cell in after.cells:
        was = old.get(cell.context)
        if was is None or None in (was.present, cell.present) or was.state is not cell.state:
            continue
        if _told(was) != _told(cell):
            yield CellChange(
                time=time,
                exit_code=code,
                context=cell.context,
                namespace=after.namespace,
                service=after.name,
                before=was,
                after=cell,
            )


def _told(cell: Cell) -> tuple[object, ...]:
    return (cell.present, cell.scope, cell.takeover, cell.distribution, cell.ports, cell.endpoints)
