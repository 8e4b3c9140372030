"""What tells a serving process to end: a signal, or that the process it belongs to is gone."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from typing import Final

ENDING: Final = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Let the ending signals wait: what happens inside is done whole or not begun."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def let_through() -> Iterator[None]:
    """Inside `held_back`: let those come that waited, and further ones."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)


def end_signal(life: int | None = None) -> asyncio.Future[signal.Signals]:
    """A future of the first SIGINT or SIGTERM; from now on these do nothing else.

    `life` is the reading end of a pipe: when nobody holds its other end any more, that counts as SIGTERM.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[signal.Signals] = loop.create_future()

    def end(number: signal.Signals) -> None:
        if not ended.done():
            ended.set_result(number)

    for each in ENDING:
        loop.add_signal_handler(each, end, each)
    if life is not None:
        ended.add_done_callback(lambda _: loop.remove_reader(life))
        loop.add_reader(life, end, signal.SIGTERM)
    return ended
