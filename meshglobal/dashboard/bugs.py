"""Where defects of ours go that the web server catches: one line on stderr, without what they might quote."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from pathlib import Path


def bug_line(error: BaseException) -> str:
    """Which error, and where in the code; not its message, which might hold what nobody may see."""
    frame = traceback.extract_tb(error.__traceback__)[-1] if error.__traceback__ is not None else None
    where = f" in {frame.name} ({Path(frame.filename).name}:{frame.lineno})" if frame is not None else ""
    return f"internal error: {type(error).__name__}{where}"


def bug_log() -> logging.Logger:
    """A log of which only errors are shown, each in one line; with MESHGLOBAL_DEBUG with its traceback."""
    log = logging.getLogger("meshglobal.dashboard")
    log.setLevel(logging.ERROR)
    log.propagate = False
    if not log.handlers:
        log.addHandler(_OneLine())
    return log


class _OneLine(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return
        if os.environ.get("MESHGLOBAL_DEBUG"):
            traceback.print_exception(error)
        sys.stderr.write(f"error: {bug_line(error)}\n")
