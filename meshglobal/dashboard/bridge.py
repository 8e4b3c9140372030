"""From worker threads into the event loop, for as long as it runs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable


class Bridge:
    """Calls functions in the loop that it was made in; after `close`, which the loop itself calls, none any more."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._is_closed = False

    def call(self, function: Callable[[], None]) -> bool:
        """Have a function called soon, from any thread; whether it will be."""
        with self._lock:
            if not self._is_closed:
                self._loop.call_soon_threadsafe(function)
            return not self._is_closed

    def close(self) -> None:
        """Let nothing across any more; the loop may end then."""
        with self._lock:
            self._is_closed = True
