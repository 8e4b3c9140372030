"""How much time is left, and waiting that ends early when everything is closed."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment (of `time.monotonic`) by which everything ends; ``closed`` ends it earlier."""

    at: float
    closed: threading.Event = field(default_factory=threading.Event)

    @property
    def left(self) -> float:
        """Seconds until then, 0 afterwards."""
        return 0.0 if self.closed.is_set() else max(0.0, self.at - time.monotonic())

    def wait(self, seconds: float) -> bool:
        """Wait, at most until the deadline; whether there is time left."""
        self.closed.wait(min(seconds, self.left))
        return self.left > 0
