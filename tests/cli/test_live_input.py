"""Keys from the bytes of a terminal."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.cli.live_input import KeyReader


def keys(data: bytes) -> list[str]:
    reader = KeyReader()
    return [*reader.keys(data), *reader.flushed()]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"jk?", ["j", "k", "?"]),
        (b"\r\n", ["enter", "enter"]),
        (b"\x1b[A\x1b[B\x1b[C\x1b[D", ["up", "down", "right", "left"]),
        (b"\x1bOA\x1bOB\x1bOH\x1bOF\x1bOM", ["up", "down", "home", "end", "enter"]),
        (b"\x1b[5~\x1b[6~\x1b[1~\x1b[4~\x1b[7~\x1b[8~", ["pgup", "pgdn", "home", "end", "home", "end"]),
        (b"\x1b[1;5A", ["up"]),
        (b"\x1b[H\x1b[F", ["home", "end"]),
        (b"\x1b", ["esc"]),
        (b"\x1b\x1b", ["esc", "esc"]),
        (b"\x1bq", ["esc", "q"]),
        (b"\x1b[", ["esc", "["]),
        (b"\x1b[15~\x1b[2~x", ["x"]),
        (b"\x1b[1\x1b[A", ["up"]),
        (b"\x7f\x08\x15\x0c\x03", ["backspace", "backspace", "ctrl-u", "ctrl-l", "ctrl-c"]),
        (b"\x00\x01\x1f", []),
        ("é日".encode(), ["é", "日"]),
        (b"\xff", ["\ufffd"]),
        (b"", []),
    ],
)
def test_keys(data: bytes, found: list[str]) -> None:
    assert keys(data) == found


def test_a_sequence_that_has_begun_is_waited_for() -> None:
    reader = KeyReader()
    assert (reader.keys(b"a\x1b"), reader.is_waiting) == (["a"], True)
    assert (reader.keys(b"["), reader.keys(b"A"), reader.is_waiting) == ([], ["up"], False)


PIECES = st.sampled_from([b"\x1b[A", b"\x1bOB", b"\x1b[5~", b"q", b"\x1b[1;2D", "日".encode(), b"\r", b"\x1b[99z"])


@given(st.lists(PIECES, max_size=8), st.lists(st.integers(0, 30), max_size=6))
def test_it_does_not_matter_how_the_bytes_come(pieces: list[bytes], cuts: list[int]) -> None:
    data = b"".join(pieces)
    reader = KeyReader()
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    found = [key for begin, end in pairwise(edges) for key in reader.keys(data[begin:end])]
    assert [*found, *reader.flushed()] == keys(data)


@given(st.binary(max_size=40))
def test_no_bytes_break_it(data: bytes) -> None:
    assert all(key.isprintable() for key in keys(data))
