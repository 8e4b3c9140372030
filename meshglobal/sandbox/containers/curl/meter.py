"""curl's progress meter."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from meshglobal.sandbox.containers.curl.figures import Figures
    from meshglobal.sandbox.containers.streams import Writer

_HEAD: Final = (
    "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
    "                                 Dload  Upload   Total   Spent    Left  Speed\n"
)
_NO_TIME: Final = "--:--:--"
_K: Final = 1024
_HOUR, _DAYS_FROM = 3600, 100
_WIDEST: Final = 100_000


def size_text(size: int) -> str:
    """Return a number of bytes in five characters."""
    if size < _WIDEST:
        return f"{size:5d}"
    if size < 10_000 * _K:
        return f"{size // _K:4d}k"
    if size < 100 * _K * _K:
        return f"{size // (_K * _K):2d}.{size % (_K * _K) * 10 // (_K * _K):d}M"
    return f"{size // (_K * _K):4d}M"


def time_text(seconds: float) -> str:
    """Return a time in eight characters; less than a second is no time."""
    whole = int(seconds)
    if whole <= 0:
        return _NO_TIME
    hours = whole // _HOUR
    if hours < _DAYS_FROM:
        return f"{hours:2d}:{whole % _HOUR // 60:02d}:{whole % 60:02d}"
    return f"{hours // 24:3d}d {hours % 24:02d}h"


def row(figures: Figures) -> str:
    """Return one line of the meter."""
    down, up = figures.downloaded, figures.uploaded
    wanted_down = down if figures.announced is None else figures.announced
    wanted_up = figures.to_upload or up
    total = wanted_down + wanted_up
    speed = figures.speed(down) if down else 0
    estimate = wanted_down / speed if speed and figures.announced is not None else 0.0
    spent = figures.total or figures.elapsed
    left = estimate - spent if int(estimate) else 0.0
    return (
        f"\r{_percent(down + up, total):3d} {size_text(total)}  "
        f"{_percent(down, figures.announced or 0):3d} {size_text(down)}  "
        f"{_percent(up, figures.to_upload):3d} {size_text(up)}  "
        f"{size_text(speed)}  {size_text(figures.speed(up) if up else 0)} "
        f"{time_text(estimate)} {time_text(spent)} {time_text(left)} {size_text(speed)}"
    )


def _percent(part: int, whole: int) -> int:
    return part * 100 // whole if whole > 0 else 0


@dataclass(slots=True)
class Meter:
    """Draws the meter of one transfer, every second and at its end, or nothing at all."""

    to: Writer
    figures: Figures
    is_on: bool

    @contextlib.asynccontextmanager
    async def drawn(self) -> AsyncIterator[None]:
        """Draw the meter while something goes on."""
        if not self.is_on:
            yield
            return
        await self.to.write(_HEAD.encode())
        await self._draw()
        ticking = asyncio.create_task(self._tick())
        try:
            yield
        finally:
            ticking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ticking
            await self._draw()
            await self.to.write(b"\n")

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            await self._draw()

    async def _draw(self) -> None:
        await self.to.write(row(self.figures).encode())
