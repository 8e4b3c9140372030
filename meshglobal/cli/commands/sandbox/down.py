"""`sandbox down`: end a sandbox and remove its files."""

from __future__ import annotations

import os
import sys

from meshglobal.cli.commands.sandbox.choices import Name
from meshglobal.domain.errors import ExitCode


def down(*, name: Name = "default") -> int:
    """End a sandbox: exactly its process, then its files. Fine if none is running."""
    from meshglobal.sandbox.runtime.ending import bring_down
    from meshglobal.sandbox.runtime.place import place_of

    was_running = bring_down(place_of(name, os.environ))
    sys.stdout.write(f"sandbox {name} ended\n" if was_running else f"sandbox {name} is not running\n")
    return ExitCode.OK
