"""`kubectl_complete-meshglobal`: completion for `kubectl meshglobal`, as kubectl asks its plugins for it.

kubectl passes the words typed so far, the last one incomplete, and reads one candidate a line; the last line is a
directive of its completion library (4: do not offer files).
"""

from __future__ import annotations

import os
import shlex
import sys

from meshglobal.cli.main import build
from meshglobal.cli.run import run

_NO_FILES = ":4"


def main() -> None:
    """Print the candidates for kubectl's words."""
    words = ["meshglobal", *sys.argv[1:]]
    environ = {
        "_MESHGLOBAL_COMPLETE": "complete_bash",
        "COMP_WORDS": shlex.join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    os.environ.update(environ)
    try:
        run(build(), [], "meshglobal", os.environ)
    except SystemExit:  # how completion ends
        sys.stdout.write("\n")
    sys.stdout.write(f"{_NO_FILES}\n")
    sys.stdout.flush()
    os._exit(0)
