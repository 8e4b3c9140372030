"""What a transfer measures: sizes in bytes, times in seconds since its start."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Figures:
    """The figures of one transfer; `-w` and the progress meter show them."""

    began: float = field(default_factory=time.monotonic)
    name_known: float = 0.0
    connected: float = 0.0
    sending: float = 0.0
    first_byte: float = 0.0
    redirected: float = 0.0
    total: float = 0.0
    downloaded: int = 0
    uploaded: int = 0
    announced: int | None = None
    to_upload: int = 0
    head_size: int = 0
    request_size: int = 0
    headers: int = 0
    redirects: int = 0
    connects: int = 0

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.began

    def speed(self, size: int) -> int:
        """Return how many bytes a second that is by now."""
        return int(size / (self.total or max(self.elapsed, 1e-6)))
