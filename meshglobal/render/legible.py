"""Text from clusters, made fit for every format: nothing that a format forbids, nothing that steers its reader."""

from __future__ import annotations

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Control characters but tab and line feed; marks that turn the direction of writing around; halves of pairs; what
# Unicode keeps for internal use. XML and HTML forbid most of these, and none of them has a place in a name.
_ILLEGIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)


def legible(text: str) -> str:
    """The text with a replacement character for each character that may not be shown."""
    return text if text.isascii() and text.isprintable() else _ILLEGIBLE.sub(REPLACEMENT, text)


def one_line(text: str) -> str:
    """The same on one line, with single spaces."""
    return " ".join(legible(text).split())
