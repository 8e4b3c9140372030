"""`list --watch`, also called `top`: a table that lives where one can draw, else lines."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshglobal.cli.options import Output
from meshglobal.domain.errors import ExitCode, InterruptedRunError

if TYPE_CHECKING:
    from meshglobal.app.live import Look
    from meshglobal.app.selecting import Request
    from meshglobal.cli.session import Session
    from meshglobal.domain.inventory import Inventory
    from meshglobal.domain.waivers import Allowances


@dataclass(frozen=True, slots=True)
class ListWatch:
    """What is followed, and how it is shown.

    Attributes:
        request: which services.
        allowed: what is let pass.
        seconds: until it ends; None: it goes on.
        leave: writes the files of ``--report``.
        is_logging: requests are logged to stderr.
    """

    run: Session
    output: Output
    request: Request
    allowed: Allowances
    seconds: float | None
    leave: Callable[[Inventory], None]
    is_logging: bool = False


def watch_services(watch: ListWatch) -> int:
    """Show the global services until somebody quits or the time is over: then the exit code of the last state.

    Ctrl-C is a usual way to end it, so nothing more is said then.
    """
    try:
        return _show(watch)
    except InterruptedRunError:
        sys.stdout.flush()
        return int(ExitCode.INTERRUPTED)


def _show(watch: ListWatch) -> int:
    from meshglobal.cli.live_lines import Lines, show_lines
    from meshglobal.cli.live_terminal import is_capable, keyboard

    if _is_drawable(watch) and is_capable(watch.run.out, os.environ):
        with keyboard() as keys:
            if keys is not None:
                return _show_table(watch, keys)
    lines = Lines(watch.run, watch.output, watch.request.place, watch.leave)
    return show_lines(_looks(watch), lines)


def _is_drawable(watch: ListWatch) -> bool:
    """Whether it is for people, and nothing else writes on the same terminal."""
    return watch.output is not Output.JSON and not (watch.is_logging and sys.stderr.isatty())


def _looks(watch: ListWatch) -> Iterator[Look]:
    from meshglobal.app.live import LiveOrder, looks
    from meshglobal.domain.strictness import Strictness

    run = watch.run
    order = LiveOrder(watch.request, Strictness(allowances=watch.allowed), is_fleet=False, thin=True)
    deadline = math.inf if watch.seconds is None else run.clock.monotonic() + watch.seconds
    return looks(run.fleet, run.clock, run.mesh, order, deadline)


def _show_table(watch: ListWatch, keys: int) -> int:
    from meshglobal.cli.live_screen import Showing, show_live

    run = watch.run
    last: Look | None = None

    def on_look(look: Look) -> None:
        nonlocal last
        last = look
        watch.leave(look.inventory)

    is_wide = watch.output is Output.WIDE
    show_live(Showing(lambda: _looks(watch), run.clock, run.out, keys, watch.request.place, is_wide, on_look))
    return _say_unread(last, run)


def _say_unread(last: Look | None, run: Session) -> int:
    """Say what could not be read, which the screen showed and which is why it may end with 3."""
    from meshglobal.render.report import show_clusters

    if last is None:
        run.err.print("no cluster had answered yet")
        return int(ExitCode.CANNOT_CHECK)
    show_clusters([one for one in last.inventory.clusters if one.context not in last.unread], run.err)
    if last.unread:
        run.err.print(f"not read yet: {', '.join(last.unread)}")
    return last.inventory.exit_code
