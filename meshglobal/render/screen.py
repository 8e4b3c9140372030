"""The terminal: colour or none, tables in kubectl's layout.

Meaning is never carried by colour alone. Lines are never cut or wrapped by us: a narrow terminal wraps them itself.
Off a terminal every row stands for itself, so that grep and awk can work on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

_UNWRAPPED = 100_000
STYLES: Mapping[str, str] = {
    "Ready": "green",
    "Partial": "yellow",
    "Missing": "bold red",
    "Drift": "bold red",
    "Stale": "magenta",
    "Unknown": "bold yellow",
}


def is_coloured(choice: str, environ: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Whether to colour: the flag, then NO_COLOR, CLICOLOR_FORCE and FORCE_COLOR, TERM=dumb, then the terminal."""
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("CLICOLOR_FORCE", "0") != "0" or environ.get("FORCE_COLOR", "0") != "0":
        return True
    return is_terminal and environ.get("TERM") != "dumb"


def screen(stream: TextIO, choice: str, environ: Mapping[str, str]) -> Console:
    """A console on a stream."""
    is_terminal = stream.isatty()
    coloured = is_coloured(choice, environ, is_terminal=is_terminal)
    return Console(
        file=stream,
        force_terminal=coloured or is_terminal,
        no_color=not coloured,
        color_system="standard" if coloured else None,
        width=_UNWRAPPED,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=True,
        _environ={key: environ[key] for key in ("COLUMNS", "LINES", "TERM") if key in environ},
    )


def print_table(out: Console, columns: Sequence[str], rows: Iterable[Sequence[str]], below: Sequence[str] = ()) -> None:
    """Print rows under upper-case headings, three spaces apart, each on one line however narrow the terminal is.

    A cell that is the name of a state is coloured. ``below``: for each row what stands indented on a line under it.
    """
    found = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="", show_edge=False)
    for column in columns:
        found.add_column(column, no_wrap=True)
    for row in rows:
        found.add_row(*(Text(cell, style=STYLES.get(cell, "")) for cell in row))
    with out.capture() as captured:
        out.print(found)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    for position, line in enumerate(lines):
        out.file.write(f"{line}\n")
        if 0 < position <= len(below) and below[position - 1]:
            out.file.write(f"    {below[position - 1]}\n")


def _pair(seconds: int, large: int, small: int, names: str) -> str:
    rest = seconds % large // small
    return f"{seconds // large}{names[0]}" + (f"{rest}{names[1]}" if rest else "")


# kubectl's own steps: two units as long as the larger one is small.
_AGES: tuple[tuple[int, Callable[[int], str]], ...] = (
    (120, lambda seconds: f"{seconds}s"),
    (600, lambda seconds: _pair(seconds, 60, 1, "ms")),
    (10_800, lambda seconds: f"{seconds // 60}m"),
    (28_800, lambda seconds: _pair(seconds, 3_600, 60, "hm")),
    (172_800, lambda seconds: f"{seconds // 3_600}h"),
    (691_200, lambda seconds: _pair(seconds, 86_400, 3_600, "dh")),
    (63_072_000, lambda seconds: f"{seconds // 86_400}d"),
)


def age(created: str | None, now: float) -> str:
    """A creation time as kubectl shows an age: ``94s``, ``5m12s``, ``3h``, ``2d``; ``-`` when there is none."""
    if created is None:
        return "-"
    from datetime import datetime

    seconds = max(0, int(now - datetime.fromisoformat(created).timestamp()))
    for limit, text in _AGES:
        if seconds < limit:
            return text(seconds)
    return f"{seconds // 31_536_000}y{seconds % 31_536_000 // 86_400}d"
