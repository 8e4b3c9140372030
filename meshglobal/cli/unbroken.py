"""A block that signals do not break: what was taken away is put back in it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name))


@contextmanager
def unbroken(say: Callable[[str], None]) -> Iterator[None]:
    """Answer signals with a word, and go on."""

    def wait(number: int, frame: FrameType | None) -> None:
        del number, frame
        say("putting back what was taken away; this ends by itself")

    before = {number: signal.signal(number, wait) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let a closed terminal, too, interrupt the run as Ctrl-C does, so that it can put things back."""
    handler = signal.getsignal(signal.SIGTERM)
    before = {number: signal.signal(number, handler) for number in SIGNALS}
    try:
        yield
    finally:
        for number, one in before.items():
            signal.signal(number, one)
