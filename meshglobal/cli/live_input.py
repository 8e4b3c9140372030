"""From bytes that a terminal sends to names of keys."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping

_ESC = "\x1b"
_SINGLE: Mapping[str, str] = {
    "\r": "enter",
    "\n": "enter",
    "\x7f": "backspace",
    "\x08": "backspace",
    "\x02": "pgup",
    "\x03": "ctrl-c",
    "\x06": "pgdn",
    "\x0c": "ctrl-l",
    "\x0e": "down",
    "\x10": "up",
    "\x15": "ctrl-u",
}
# By the last character of a sequence; those that end with ~ by their number.
_FINAL: Mapping[str, str] = {
    "A": "up",
    "B": "down",
    "C": "right",
    "D": "left",
    "F": "end",
    "H": "home",
    "M": "enter",
}
_NUMBERED: Mapping[str, str] = {
    "1": "home",
    "4": "end",
    "5": "pgup",
    "6": "pgdn",
    "7": "home",
    "8": "end",
}
_LONGEST = 32


class KeyReader:
    """Takes bytes as they come; a sequence may come in pieces, and Esc alone is the beginning of one.

    Keys are characters, or names: ``up``, ``down``, ``left``, ``right``, ``pgup``, ``pgdn``, ``home``, ``end``,
    ``enter``, ``esc``, ``backspace``, ``ctrl-c``, ``ctrl-l``, ``ctrl-u``. Others are left out.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._left = ""

    @property
    def is_waiting(self) -> bool:
        """Whether a sequence has begun: if nothing follows soon, it was the key Esc (`flushed`)."""
        return bool(self._left)

    def keys(self, data: bytes) -> list[str]:
        """The keys that are complete now."""
        self._left += self._decoder.decode(data)
        return list(self._complete())

    def flushed(self) -> list[str]:
        """Nothing more has come: what is left stands for itself."""
        text, self._left = self._left, ""
        return ["esc", *(key for one in text[1:] for key in _single(one))] if text else []

    def _complete(self) -> Iterator[str]:
        while self._left:
            if self._left[0] != _ESC:
                one, self._left = self._left[0], self._left[1:]
                yield from _single(one)
                continue
            length = _sequence_length(self._left)
            if length is None:
                return
            sequence, self._left = self._left[:length], self._left[length:]
            yield from _meaning(sequence)


def _single(one: str) -> Iterator[str]:
    if one in _SINGLE:
        yield _SINGLE[one]
    elif one.isprintable():
        yield one


def _sequence_length(text: str) -> int | None:
    """How long the sequence at the beginning is; None: its end has not come yet."""
    if len(text) == 1:
        return None
    if text[1] == "O":
        return 3 if len(text) > 2 else None  # noqa: PLR2004 - ESC O and one more
    if text[1] != "[":
        return 1
    for position in range(2, min(len(text), _LONGEST)):
        if "@" <= text[position] <= "~":
            return position + 1
        if not " " <= text[position] <= "?":
            return position  # broken off: what comes now stands for itself
    return None if len(text) < _LONGEST else _LONGEST


def _meaning(sequence: str) -> Iterator[str]:
    if sequence == _ESC:
        yield "esc"
        return
    last, arguments = sequence[-1], sequence[2:-1]
    name = _NUMBERED.get(arguments.partition(";")[0]) if last == "~" else _FINAL.get(last)
    if name is not None:
        yield name
