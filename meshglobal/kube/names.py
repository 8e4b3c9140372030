"""Whether hostnames resolve, by the system's resolver: side by side, and for a few seconds at most."""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

_SECONDS = 3.0
_NOT_THERE = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
Lookup = Callable[[str, None], Any]


class SystemResolver:
    """Names by the system's resolver. ``seconds``: for all of them together; ``lookup``: as `socket.getaddrinfo`."""

    def __init__(self, seconds: float = _SECONDS, lookup: Lookup = socket.getaddrinfo) -> None:
        self._seconds = seconds
        self._lookup = lookup

    def resolve(self, names: Sequence[str]) -> dict[str, bool | None]:
        """Whether each name resolves; see `Resolver.resolve`. What takes longer is left to itself."""
        answers: queue.SimpleQueue[tuple[str, bool | None]] = queue.SimpleQueue()
        found: dict[str, bool | None] = dict.fromkeys(names)
        for name in found:
            threading.Thread(target=self._look_up, args=(name, answers), name=f"name {name}", daemon=True).start()
        end = time.monotonic() + self._seconds
        for _ in range(len(found)):
            try:
                name, is_there = answers.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                break
            found[name] = is_there
        return found

    def _look_up(self, name: str, answers: queue.SimpleQueue[tuple[str, bool | None]]) -> None:
        try:
            self._lookup(name, None)
        except socket.gaierror as error:
            answers.put((name, False if error.errno in _NOT_THERE else None))
        except (OSError, UnicodeError):
            answers.put((name, None))
        else:
            answers.put((name, True))
