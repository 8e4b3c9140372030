"""Why a sandbox cannot be started, found or ended.

::

    SandboxError
    ├── AskedWrongError   what was asked for cannot be: a name, a scenario, a switch, another shape
    └── NotRunningError   there is no running sandbox of this name
"""

from __future__ import annotations


class SandboxError(Exception):
    """One sentence, and optionally the next step as `hint`."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class AskedWrongError(SandboxError):
    """What was asked for cannot be; nothing was started or changed."""


class NotRunningError(SandboxError):
    """No sandbox of this name runs."""
