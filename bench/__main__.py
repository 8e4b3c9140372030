"""`python -m bench [--clusters N]... [--json FILE]`: measure, print the table, end with 1 where a goal is missed."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench.measures import GOALS, Row, bookinfo_row, elapsed_row, help_rows, judging_rows, mesh_rows, planning_row
from bench.meshes import Bench, bench_home

_HEADINGS = ("MEASURE", "OURS", "THEIRS", "RATIO", "GOAL", "MET", "CPU", "RUNS")
_WIDTHS = (76, 10, 10, 7, 8, 5, 17, 4)


def rows_of(bench: Bench, sizes: list[int]) -> Iterator[Row]:
    """All rows, as they are measured."""
    began = time.monotonic()
    yield from help_rows(bench)
    for clusters in sizes:
        yield from mesh_rows(bench, clusters)
    yield from judging_rows(bench)
    yield planning_row(bench)
    yield bookinfo_row(bench)
    # Not before: a program's peak memory is at least that of the process it was forked from, and these are large.
    from bench.drills import drill_rows
    from bench.pages import page_rows
    from bench.traffic import traffic_rows

    yield from traffic_rows(bench)
    yield from drill_rows(bench)
    yield from page_rows(bench)
    yield elapsed_row(began)


def cells(row: Row) -> tuple[str, ...]:
    """A row as text."""
    met = {None: "", True: "yes", False: "NO"}[row.is_met]
    cpu = " / ".join(f"{seconds:.2f}" for seconds in row.cpu)
    return (
        row.measure,
        _amount(row.ours, row.unit),
        "" if row.theirs is None else _amount(row.theirs, row.unit),
        "" if row.ratio is None else f"{row.ratio:.2f}",
        row.goal,
        met,
        cpu,
        str(row.runs),
    )


def _amount(value: float, unit: str) -> str:
    return f"{value:.2f} s" if unit == "s" else f"{value:,.0f} {unit}"


def _show(line: tuple[str, ...]) -> None:
    print("  ".join(cell.ljust(width) for cell, width in zip(line, _WIDTHS, strict=True)).rstrip(), flush=True)


def _circumstances() -> dict[str, str | int | list[float]]:
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processors": os.cpu_count() or 0,
        "load": [round(load, 2) for load in os.getloadavg()],
        "python": platform.python_version(),
        "system": platform.platform(),
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--clusters", type=int, action="append", choices=sorted(GOALS), help="sizes; default: all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    options = parser.parse_args()
    circumstances = _circumstances()
    print(", ".join(f"{key} {value}" for key, value in circumstances.items()))
    _show(_HEADINGS)
    found = []
    with bench_home() as bench:
        for row in rows_of(bench, options.clusters or sorted(GOALS)):
            found.append(row)
            _show(cells(row))
    if options.json is not None:
        document = {"circumstances": circumstances, "rows": found}
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(document)) + b"\n")
    return 1 if any(row.is_met is False for row in found) else 0


if __name__ == "__main__":
    sys.exit(main())
