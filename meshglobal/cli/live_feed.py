"""What the clusters say comes from a thread of its own, so that keys never wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from meshglobal.app.live import Look
from meshglobal.domain.changes import Change

_MOST_CHANGES = 1_000


class Feed:
    """Takes looks as they come and keeps the newest, with all that changed since somebody last took one.

    ``looks`` is called in the thread; ``wake`` is called after each look, and at the end.
    """

    def __init__(self, looks: Callable[[], Iterable[Look]], wake: Callable[[], None]) -> None:
        self._looks = looks
        self._wake = wake
        self._lock = threading.Lock()
        self._newest: Look | None = None
        self._changes: tuple[Change, ...] = ()
        self._error: BaseException | None = None
        self._is_over = False

    def start(self) -> None:
        """Begin. The thread ends with the looks, and does not keep the process alive."""
        threading.Thread(target=self._run, name="meshglobal-looks", daemon=True).start()

    @property
    def is_over(self) -> bool:
        """Whether no more looks come."""
        with self._lock:
            return self._is_over

    def take(self) -> tuple[Look | None, tuple[Change, ...]]:
        """The newest look, if one has come since the last time, and what changed since.

        Raises:
            MeshglobalError: whatever ended the looks, in the thread of who takes them.
        """
        with self._lock:
            if self._error is not None:
                raise self._error
            found = self._newest, self._changes
            self._newest, self._changes = None, ()
        return found

    def _run(self) -> None:
        try:
            for look in self._looks():
                with self._lock:
                    self._newest = look
                    self._changes = (*self._changes, *look.changes)[-_MOST_CHANGES:]
                self._wake()
        except BaseException as error:  # noqa: BLE001 - raised again by whoever takes the looks
            with self._lock:
                self._error = error
        with self._lock:
            self._is_over = True
        self._wake()
