"""Steady calls during a drill: a series of curl in a pod, each answer of which is heard with the time of its coming."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from meshglobal.app.call_ports import Callers, End, Job, Running, Stream
from meshglobal.app.ports import Clock
from meshglobal.domain.call import Answer
from meshglobal.domain.call_identity import Identify
from meshglobal.domain.call_order import CallOrder
from meshglobal.domain.call_output import CallReader

_LOOK = 0.1  # seconds between looks whether the series has ended by itself


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer and when it ended, on the clock's monotonic scale."""

    at: float
    answer: Answer


class SteadyCalls:
    """One series of calls, heard as it goes on."""

    def __init__(self, callers: Callers, job: Job, order: CallOrder, identify: Identify, clock: Clock) -> None:
        self._reader = CallReader(order, identify)
        self._clock = clock
        self._heard: list[Heard] = []
        self._news = threading.Condition()
        self._end: End | None = None
        self._running: Running = callers.start(job, self._take)

    @property
    def heard(self) -> Sequence[Heard]:
        """What has been heard so far."""
        with self._news:
            return tuple(self._heard)

    def wait(self, is_enough: Callable[[Sequence[Heard]], bool], until: float) -> bool:
        """Wait until what was heard is enough; False: it is not by then, or no more will come."""
        while True:
            with self._news:
                if is_enough(self._heard):
                    return True
                left = until - self._clock.monotonic()
                if left <= 0:
                    return False
                self._news.wait(min(left, _LOOK))
            if self.has_ended:
                with self._news:
                    return is_enough(self._heard)

    @property
    def has_ended(self) -> bool:
        """Whether the series is over by itself."""
        if self._end is None:
            self._end = self._running.wait(0)
        return self._end is not None

    @property
    def lacks_program(self) -> bool:
        """Whether it ended because the container has no curl."""
        return self.has_ended and self._end is not None and self._end.lacks_program

    def stop(self) -> End:
        """End the series, and take away what was made for it."""
        if self._end is None:
            self._end = self._running.stop()
        return self._end

    @property
    def said(self) -> str:
        """What curl said that belongs to no call: why it did not run."""
        return " ".join(" ".join(self._reader.stray).split())

    def _take(self, stream: Stream, data: bytes) -> None:
        now = self._clock.monotonic()
        answers = self._reader.said(data) if stream is Stream.STDERR else self._reader.gave(data)
        with self._news:
            self._heard += [Heard(now, answer) for answer in answers]
            self._news.notify_all()
