"""The terminal: colour or none, tables in kubectl's layout.

Meaning is never carried by colour alone. Lines are never cut or wrapped by us: a narrow terminal wraps them itself.
Off a terminal every row stands for itself, so that grep and awk can work on it.

Rich draws what moves on a terminal, and nothing else: its import takes 0.04 s of every run, and a table of 20 000 rows
took it 15 s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.status import Status

_GAP = " " * 3
_CODES = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "magenta": "35"}
# What a cluster sends must not steer the terminal: no control characters but line feed and tab.
_CONTROLS = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)))
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


@dataclass(slots=True)
class Screen:
    """A stream for people. ``is_terminal`` also where colour is forced; ``quiet``: prints nothing."""

    file: TextIO
    is_terminal: bool
    is_coloured: bool
    quiet: bool = False

    def print(self, text: str = "", style: str = "") -> None:
        """Print a line, unless quiet. A style is words such as ``bold red``."""
        if not self.quiet:
            self.file.write(f"{self.painted(_harmless(text), style)}\n")

    def write(self, text: str) -> None:
        """Print a piece of a text as it comes, and flush; a terminal gets nothing that it would obey."""
        self.file.write(_harmless(text.replace("\r\n", "\n")) if self.is_terminal else text)
        self.file.flush()

    def print_parts(self, *parts: tuple[str, str]) -> None:
        """Print texts side by side on one line, each in a style of its own (empty: none), unless quiet."""
        if not self.quiet:
            self.file.write("".join(self.painted(_one_line(text), style) for text, style in parts) + "\n")

    def painted(self, text: str, style: str) -> str:
        """The text in a style, if there is one and colours are wanted."""
        if not (style and text and self.is_coloured):
            return text
        return f"\x1b[{';'.join(_CODES[word] for word in style.split())}m{text}\x1b[0m"

    def status(self, text: str) -> AbstractContextManager[Status]:
        """Something that turns beside a text that can be updated, while it lasts."""
        from rich.console import Console

        console = Console(
            file=self.file,
            force_terminal=True,
            no_color=not self.is_coloured,
            color_system="standard" if self.is_coloured else None,
            markup=False,
        )
        return console.status(text)


def screen(stream: TextIO, choice: str, environ: Mapping[str, str]) -> Screen:
    """A screen on a stream; ``choice`` is that of ``--color``."""
    is_terminal = stream.isatty()
    coloured = is_coloured(choice, environ, is_terminal=is_terminal)
    return Screen(stream, coloured or is_terminal, coloured)


def print_table(out: Screen, columns: Sequence[str], rows: Iterable[Sequence[str]], below: Sequence[str] = ()) -> None:
    """Print rows under upper-case headings, three spaces apart, each on one line however narrow the terminal is.

    A cell that is the name of a state is coloured. ``below``: for each row what stands indented on a line under it.
    """
    lines = [tuple(columns), *(tuple(_one_line(cell) for cell in row) for row in rows)]
    widths = [max(map(_width, cells)) for cells in zip(*lines, strict=True)]
    for position, line in enumerate(lines):
        out.file.write(f"{_padded(out, line, widths)}\n")
        if 0 < position <= len(below) and below[position - 1]:
            out.file.write(f"    {_one_line(below[position - 1])}\n")


def _padded(out: Screen, line: Sequence[str], widths: Sequence[int]) -> str:
    cells = (
        out.painted(cell + " " * (width - _width(cell)), STYLES.get(cell, ""))
        for cell, width in zip(line, widths, strict=True)
    )
    return _GAP.join(cells).rstrip()


def _harmless(text: str) -> str:
    return text if text.isprintable() else text.translate(_CONTROLS)


def _one_line(text: str) -> str:
    """Without line ends and tabs; spaces stay as they are where there are none."""
    return text if text.isprintable() else " ".join(_harmless(text).split())


def _width(text: str) -> int:
    """Columns on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


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
