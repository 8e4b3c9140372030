"""Becomes the program that it is told to run, after asking the kernel to kill that when the sandbox is gone.

`python -I -S launcher.py PARENT PROGRAM ARGUMENT...`; Linux only. It imports nothing of the project, so that it takes
no longer than an empty Python.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Tie this process to its parent's life, then replace it by the program."""
    parent, program = int(sys.argv[1]), sys.argv[2:]
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel was asked: nobody would be told
        sys.exit(1)
    os.execv(program[0], program)  # noqa: S606 - no shell is wanted; the program is the sandbox's own Envoy


if __name__ == "__main__":
    main()
