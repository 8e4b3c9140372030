"""Lines of a screen: pieces of text with a style each, cut to columns of a terminal.

A style is words that Rich understands, such as ``bold red`` or ``reverse``; empty: none. Widths are Rich's own, so
that what is measured here is what stands on the terminal. What clusters send is made one legible line first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len, chop_cells

from meshglobal.render.legible import legible, one_line

_BLANKS = {ord("\t"): " ", ord("\n"): " "}
MORE = "…"
GAP = "  "


class Span(NamedTuple):
    """A text in one style."""

    text: str
    style: str = ""


Line = tuple[Span, ...]


def line(text: str = "", style: str = "") -> Line:
    """A line in one style."""
    return (Span(text, style),)


def width_of(text: str) -> int:
    """Columns on a terminal."""
    return len(text) if text.isascii() else cell_len(text)


def cut(text: str, width: int) -> str:
    """The text on one line, its end cut off where it is too wide."""
    text = one_line(text)
    if width_of(text) <= width:
        return text
    return _cropped(text, width - 1) + MORE if width > 0 else ""


def shortened(text: str, width: int) -> str:
    """The same, but its middle is cut out: names of clusters often differ in their ends alone."""
    text = one_line(text)
    if width_of(text) <= width:
        return text
    tail = _tail(text, (width - 1) // 2)
    return cut(text[: len(text) - len(tail)] + MORE * width, width - width_of(tail)) + tail if width > 0 else ""


def padded(text: str, width: int) -> str:
    """The text, filled up with spaces; it must fit."""
    return text + " " * (width - width_of(text))


def clipped(spans: Line, width: int) -> Line:
    """A line that is no wider than the terminal, and in which nothing steers it; ``…`` where its end is cut off."""
    texts = [Span(legible(span.text).translate(_BLANKS), span.style) for span in spans if span.text]
    if sum(width_of(span.text) for span in texts) <= width:
        return tuple(texts)
    found: list[Span] = []
    left = max(0, width - width_of(MORE))
    for span in texts:
        text = span.text if width_of(span.text) <= left else _cropped(span.text, left)
        found.append(Span(text, span.style))
        left -= width_of(text)
        if text is not span.text:
            break
    found.append(Span(MORE if width > 0 else "", found[-1].style))
    return tuple(span for span in found if span.text)


def wrapped(text: str, width: int, indent: int = 0) -> Iterator[str]:
    """The text on as many lines as it takes, further ones indented; words are broken where they are too long."""
    indent = indent if indent < width else 0
    current = ""
    for word in one_line(text).split(" "):
        for piece in _pieces(word, max(1, width - indent)):
            if current.strip() and width_of(current) + 1 + width_of(piece) <= width:
                current = f"{current} {piece}"
                continue
            if current.strip():
                yield current
                current = " " * indent
            current += piece
    yield current


def plain(spans: Line) -> str:
    """The text of a line alone."""
    return "".join(span.text for span in spans)


def that_fit(parts: Sequence[str], width: int, gap: str = GAP) -> str:
    """The first of the parts, as many as fit side by side; the first one is cut rather than left out."""
    found = ""
    for part in parts:
        longer = f"{found}{gap}{part}" if found else cut(part, width)
        if width_of(longer) > width:
            break
        found = longer
    return found


def widest(texts: Iterable[str]) -> int:
    """The width of the widest one; 0 where there is none."""
    return max(map(width_of, texts), default=0)


def _cropped(text: str, width: int) -> str:
    """The beginning that fits."""
    head = text[: max(0, width)]
    while width_of(head) > width and head:
        head = head[:-1]
    return head


def _tail(text: str, width: int) -> str:
    tail = text[len(text) - width :] if width > 0 else ""
    while width_of(tail) > width and tail:
        tail = tail[1:]
    return tail


def _pieces(word: str, width: int) -> list[str]:
    """A wide character where there is one column cannot be shown."""
    pieces = chop_cells(word, width) if width_of(word) > width else [word]
    return [piece if width_of(piece) <= width else MORE for piece in pieces]
