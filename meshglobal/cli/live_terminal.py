"""A terminal that is used as a whole: every line drawn, every key read, and all of it given back, however it ends."""

from __future__ import annotations

import os
import select
import signal
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Self

from meshglobal.cli.live_input import KeyReader
from meshglobal.render.live_state import Size
from meshglobal.render.live_text import Line

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.live import Live as RichLive

    from meshglobal.render.screen import Screen

ESC_WITHIN = 0.05
"""Seconds within which the rest of a key's sequence comes."""
_NO_SIZE = Size(80, 24)
_LOCAL_FLAGS = 3
_CONTROL_CHARACTERS = 6
_DUMB = frozenset({"", "dumb", "unknown"})


def is_capable(out: Screen, environ: Mapping[str, str]) -> bool:
    """Whether stdout is a terminal on which one can draw."""
    return out.file.isatty() and environ.get("TERM", "") not in _DUMB


@contextmanager
def keyboard() -> Iterator[int | None]:
    """A file descriptor that keys come from: stdin, else the terminal of this process; None where there is none."""
    if os.isatty(0):
        yield 0
        return
    try:
        descriptor = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        yield None
        return
    try:
        yield descriptor
    finally:
        os.close(descriptor)


class Frame:
    """Lines as Rich takes them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The pieces of the lines."""
        from rich.segment import Segment

        del options
        for number, spans in enumerate(self._lines):
            if number:
                yield Segment.line()
            for text, style in spans:
                yield Segment(text, console.get_style(style) if style else None)


class Terminal:
    """Draws on a terminal and waits for what happens there.

    While it is open, no signal interrupts what is being done: SIGINT and SIGTERM set ``is_ended``, and whoever waits
    wakes up. On SIGTSTP it gives the terminal back until the process goes on. ``is_blank``: nothing is drawn yet.
    """

    def __init__(self, out: Screen, keys: int) -> None:
        from rich.console import Console

        self._out = out
        self._keys = keys
        self._reader = KeyReader()
        self._console = Console(
            file=out.file,
            force_terminal=True,
            no_color=not out.is_coloured,
            color_system="standard" if out.is_coloured else None,
            markup=False,
            highlight=False,
            legacy_windows=False,
        )
        self._live: RichLive | None = None
        self._attributes = termios.tcgetattr(keys)
        self._stack = ExitStack()
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._waker, False)
        self._shall_stop = False
        self._shall_begin_anew = False
        self.is_ended = False
        self.is_blank = True

    def __enter__(self) -> Self:
        """Take the terminal."""
        with ExitStack() as stack:
            stack.callback(os.close, self._woken)
            stack.callback(os.close, self._waker)
            for number, handler in (
                (signal.SIGINT, self._end),
                (signal.SIGTERM, self._end),
                (signal.SIGWINCH, self._resized),
                (signal.SIGTSTP, self._stop),
                (signal.SIGCONT, self._continued),
            ):
                stack.callback(signal.signal, number, signal.signal(number, handler))
            stack.callback(self._give_back)
            self._take()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the terminal back as it was."""
        self._stack.close()

    @property
    def size(self) -> Size:
        """As it is now."""
        try:
            found = Size(*os.get_terminal_size(self._out.file.fileno()))
        except OSError:
            return _NO_SIZE
        return found if min(found) > 0 else _NO_SIZE

    def wake(self) -> None:
        """Let whoever waits go on; from any thread, and from handlers of signals."""
        try:
            os.write(self._waker, b"\0")
        except BlockingIOError:
            return  # enough lies there to wake anybody up

    def draw(self, lines: Sequence[Line], size: Size) -> None:
        """Draw the whole screen."""
        self._console.size = (size.width, size.height)
        if self._live is not None:
            self._live.update(Frame(lines), refresh=True)
            self.is_blank = False

    def wait(self, seconds: float) -> list[str]:
        """Wait for keys, for `wake` or for a signal; the keys that were pressed."""
        if self._reader.is_waiting:
            seconds = min(seconds, ESC_WITHIN)
        ready, _, _ = select.select([self._keys, self._woken], [], [], max(0.0, seconds))
        if self._woken in ready:
            os.read(self._woken, 1 << 12)
        self._stop_if_asked()
        if self._keys in ready:
            return self._read()
        return self._reader.flushed() if not ready else []

    def clear(self) -> None:
        """Wipe the screen; the next frame is drawn whatever it is."""
        self._console.clear(home=True)
        self.is_blank = True

    def _read(self) -> list[str]:
        try:
            data = os.read(self._keys, 1 << 10)
        except OSError:
            data = b""
        self.is_ended |= not data  # the terminal is gone
        return self._reader.keys(data)

    def _take(self) -> None:
        from rich.live import Live as RichLive

        attributes = termios.tcgetattr(self._keys)
        attributes[_LOCAL_FLAGS] &= ~(termios.ECHO | termios.ICANON)
        characters = list(attributes[_CONTROL_CHARACTERS])
        characters[termios.VMIN], characters[termios.VTIME] = 1, 0
        attributes[_CONTROL_CHARACTERS] = characters
        termios.tcsetattr(self._keys, termios.TCSADRAIN, attributes)
        self._live = RichLive(
            Frame(()),
            console=self._console,
            screen=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._live.start()
        self.is_blank = True

    def _give_back(self) -> None:
        """At once, even where the terminal takes no more output."""
        try:
            if self._live is not None:
                self._live.stop()
                self._live = None
        finally:
            termios.tcsetattr(self._keys, termios.TCSANOW, self._attributes)

    def _stop_if_asked(self) -> None:
        """Stop as any program does on Ctrl-Z; take the terminal again when the process goes on."""
        if self._shall_stop:
            self._shall_stop = False
            self._give_back()
            handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            signal.raise_signal(signal.SIGTSTP)
            signal.signal(signal.SIGTSTP, handler)
            self._shall_begin_anew = True
        if self._shall_begin_anew:
            self._shall_begin_anew = False
            self._give_back()
            self._take()

    def _end(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.is_ended = True
        self.wake()

    def _resized(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.wake()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._shall_stop = True
        self.wake()

    def _continued(self, number: int, frame: FrameType | None) -> None:
        """Somebody may have changed the terminal's settings meanwhile."""
        del number, frame
        self._shall_begin_anew = True
        self.wake()
