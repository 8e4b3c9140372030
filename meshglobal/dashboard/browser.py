"""Opens the page in the user's browser, without telling the token to who lists processes."""

from __future__ import annotations

import html
import os
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_KEPT = 60.0  # seconds; a browser that has not started by then will not open it any more
_REDIRECT = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={url}"><title>…</title>\n'


def has_display(environ: Mapping[str, str]) -> bool:
    """Whether a browser would have somewhere to show itself."""
    return sys.platform in ("darwin", "win32") or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


@contextmanager
def opened(url: str, on_failure: Callable[[], None]) -> Iterator[None]:
    """Open an address while it lasts; ``on_failure`` is called, in another thread, if no browser can be started.

    A browser gets what it shall open as an argument, and every user of the machine can read arguments. So it gets a
    file that only its owner can read and that leads on; the file is gone after a minute, or when this ends.
    """
    folder = tempfile.TemporaryDirectory(prefix="meshglobal-", ignore_cleanup_errors=True)
    path = Path(folder.name) / "open.html"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(_REDIRECT.format(url=html.escape(url)))

    def start() -> None:
        if not webbrowser.open(path.as_uri()):
            on_failure()

    # A text browser would not come back before it is closed.
    threading.Thread(target=start, name="meshglobal-browser", daemon=True).start()
    timer = threading.Timer(_KEPT, folder.cleanup)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        folder.cleanup()
