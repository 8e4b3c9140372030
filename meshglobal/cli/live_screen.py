"""`list --watch` on a terminal: one loop that takes news and keys, and draws when something is different."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshglobal.app.live import Look
from meshglobal.app.ports import Clock
from meshglobal.cli.live_feed import Feed
from meshglobal.cli.live_terminal import Terminal
from meshglobal.domain.errors import InterruptedRunError
from meshglobal.render.live_frame import frame
from meshglobal.render.live_keys import press, resize
from meshglobal.render.live_news import take, tick
from meshglobal.render.live_rows import Choice
from meshglobal.render.live_state import Live, News, Size
from meshglobal.render.live_text import Line

if TYPE_CHECKING:
    from meshglobal.render.screen import Screen

_BETWEEN_FRAMES = 0.1
_BETWEEN_TICKS = 1.0
"""Seconds: ages grow, and marks go."""


@dataclass(frozen=True, slots=True)
class Showing:
    """What is shown where.

    Attributes:
        looks: gives the looks; is called in another thread.
        clock: the time.
        out: the terminal.
        keys: where keys come from.
        place: see `Live`.
        is_wide: how it begins.
        on_look: is told each look that is taken.
    """

    looks: Callable[[], Iterable[Look]]
    clock: Clock
    out: Screen
    keys: int
    place: str
    is_wide: bool
    on_look: Callable[[Look], None]


def show_live(showing: Showing) -> None:
    """Show the table until somebody quits, or no more looks come.

    Raises:
        InterruptedRunError: by Ctrl-C or SIGTERM.
    """
    with Terminal(showing.out, showing.keys) as terminal:
        feed = Feed(showing.looks, terminal.wake)
        feed.start()
        _Loop(showing, terminal, feed).run()


class _Loop:
    def __init__(self, showing: Showing, terminal: Terminal, feed: Feed) -> None:
        self._showing = showing
        self._terminal = terminal
        self._feed = feed
        choice = Choice(is_wide=showing.is_wide)
        self._state = Live(terminal.size, showing.place, showing.clock.now(), choice=choice)
        self._drawn: tuple[Size, tuple[Line, ...]] | None = None
        self._next_frame = 0.0

    def run(self) -> None:
        while not self._state.is_over:
            is_over = self._feed.is_over  # asked first: what came before the end is shown
            self._take_news()
            if is_over:
                return
            self._state = resize(tick(self._state, self._showing.clock.now()), self._terminal.size)
            self._draw()
            self._press(self._terminal.wait(self._seconds_left()))
            if self._terminal.is_ended:
                raise InterruptedRunError("interrupted")

    def _take_news(self) -> None:
        look, changes = self._feed.take()
        if look is not None:
            self._showing.on_look(look)
            news = News(look.inventory, look.findings, changes, look.unread)
            self._state = take(self._state, news, self._showing.clock.now())

    def _draw(self) -> None:
        """Not more often than the eye sees, and not what stands there already."""
        begun = self._showing.clock.monotonic()
        if begun < self._next_frame:
            return
        shown = (self._state.size, frame(self._state))
        if shown != self._drawn or self._terminal.is_blank:
            self._terminal.draw(shown[1], shown[0])
            self._drawn = shown
            self._next_frame = begun + _BETWEEN_FRAMES

    def _seconds_left(self) -> float:
        left = self._next_frame - self._showing.clock.monotonic()
        return left if left > 0 else _BETWEEN_TICKS

    def _press(self, keys: Iterable[str]) -> None:
        for key in keys:
            if key == "ctrl-c":
                raise InterruptedRunError("interrupted")
            if key == "ctrl-l":
                self._terminal.clear()
            self._state = press(self._state, key)
