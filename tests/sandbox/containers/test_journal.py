from __future__ import annotations

import asyncio
import datetime as dt
import itertools

import pytest

from meshglobal.sandbox.containers import journal as journals
from meshglobal.sandbox.containers.journal import LIMIT, STDERR, STDOUT, Journal, Piece, lines_of

_START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def journal() -> Journal:
    """A journal whose clock goes on by a second with each piece."""
    seconds = itertools.count()
    return Journal(lambda: _START + dt.timedelta(seconds=next(seconds)))


async def all_of(kept: Journal, *, from_start: bool = True) -> list[Piece]:
    return [piece async for piece in kept.follow(from_start=from_start)]


def test_a_reader_gets_what_is_there_and_what_comes() -> None:
    async def inside() -> bytes:
        kept = journal()
        kept.add(STDOUT, b"a")
        reading = asyncio.create_task(all_of(kept))
        await asyncio.sleep(0)
        await kept.write(STDERR, b"b")
        kept.end()
        return b"".join(piece.data for piece in await reading)

    assert asyncio.run(inside()) == b"ab"


def test_a_reader_from_now_on_gets_what_comes() -> None:
    async def inside() -> list[bytes]:
        kept = journal()
        kept.add(STDOUT, b"before")
        reading = asyncio.create_task(all_of(kept, from_start=False))
        await asyncio.sleep(0)
        kept.add(STDOUT, b"after")
        kept.end()
        return [piece.data for piece in await reading]

    assert asyncio.run(inside()) == [b"after"]


def test_no_more_than_the_limit_is_kept() -> None:
    kept = journal()
    for _ in range(5):
        kept.add(STDOUT, b"x" * LIMIT)
    for _ in range(20_000):
        kept.add(STDOUT, b"y")
    assert sum(len(piece.data) for piece in kept.pieces()) <= LIMIT
    assert len(kept.pieces()) <= 10_000
    assert kept.pieces()[-1].end == kept.written == 5 * LIMIT + 20_000


def test_a_writer_waits_for_a_slow_reader_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "_PATIENCE", 0.05)

    async def inside() -> tuple[bool, bool, int]:
        kept = journal()
        reading = kept.follow(from_start=True)
        kept.add(STDOUT, b"x")
        await anext(reading)
        writing = asyncio.create_task(kept.write(STDOUT, b"x" * LIMIT))
        await asyncio.sleep(0)
        waits = not writing.done()
        read = 1
        while read < LIMIT // 2 + 1:
            read += len((await anext(reading)).data)
        await anext(reading)
        await writing
        second = asyncio.create_task(kept.write(STDOUT, b"x" * LIMIT))
        await second  # nobody reads on: it ends all the same
        await reading.aclose()
        return waits, writing.done(), kept.written

    assert asyncio.run(inside()) == (True, True, 2 * LIMIT + 1)


def test_lines_are_made_of_pieces_stream_by_stream() -> None:
    kept = journal()
    for stream, data in (
        (STDOUT, b"o1 "),
        (STDERR, b"e1\ne2"),
        (STDOUT, b"o1\no2\n"),
        (STDERR, b" e2\n"),
        (STDOUT, b"o3"),
    ):
        kept.add(stream, data)
    lines = [(time.second, text) for time, text in lines_of(kept.pieces())]
    assert lines == [(1, b"e1\n"), (0, b"o1 o1\n"), (2, b"o2\n"), (1, b"e2 e2\n"), (4, b"o3")]
