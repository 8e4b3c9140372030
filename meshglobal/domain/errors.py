"""The one tree of exceptions: each says that we cannot go on, and each has the exit code of `commands.md`.

::

    MeshglobalError                    70
    ├── UsageError                      2   bad flags, names, values; refused before anything is sent
    ├── NotFoundError                   1   what was named does not exist in any cluster that could be read
    ├── CannotCheckError                3   nothing useful could be read (no kubeconfig, no cluster answered)
    ├── RefusedError                    2   a write that would prompt, off a terminal and without --yes
    ├── ConflictError                   4   somebody else changed what we were about to change
    └── InterruptedRunError           130   Ctrl-C or SIGTERM

What goes wrong in one cluster while the others answer is no exception: it is a `Failure` in that cluster's outcome.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process ends with; the same in every output format."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    CANNOT_CHECK = 3
    CONFLICT = 4
    TIMEOUT = 5
    BUG = 70
    INTERRUPTED = 130


class MeshglobalError(Exception):
    """Why we cannot go on: one sentence (what and where), and optionally what to do next.

    Attributes:
        hint: the next step, a sentence or a command; empty when there is none.
        code: the exit code.
    """

    code = ExitCode.BUG

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(MeshglobalError):
    """A flag, a name or a value that cannot be; nothing was sent."""

    code = ExitCode.USAGE


class NotFoundError(MeshglobalError):
    """What was named is in no cluster that could be read."""

    code = ExitCode.FINDINGS


class CannotCheckError(MeshglobalError):
    """Nothing useful could be read."""

    code = ExitCode.CANNOT_CHECK


class RefusedError(MeshglobalError):
    """A write that was not agreed to; nothing was sent."""

    code = ExitCode.USAGE


class ConflictError(MeshglobalError):
    """What we were about to change was changed by somebody else."""

    code = ExitCode.CONFLICT


class InterruptedRunError(MeshglobalError):
    """The user ended the run."""

    code = ExitCode.INTERRUPTED
