"""A word about drills that are open: whatever one looks at may be as it is for that reason alone.

Every command asks for it, so it looks at names of files only and imports nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

_SUFFIX = ".jsonl"


def open_drills(folder: str) -> list[str]:
    """The services, as ``namespace/name``, of which a journal stands in a folder."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - pathlib is not needed for a name
    except OSError:
        return []  # nobody has drilled here; or nobody may look, which `drill restore` says
    return [
        name.removesuffix(_SUFFIX).replace(".", "/", 1)
        for name in names
        if name.endswith(_SUFFIX) and not name.startswith(".")
    ]


def tell_open_drills(environ: Mapping[str, str]) -> None:
    """Say on stderr which drills are open."""
    from meshglobal.settings import drills_folder

    for service in open_drills(str(drills_folder(environ))):
        sys.stderr.write(
            f"warning: a drill of {service} is open; if it does not run any more: meshglobal drill restore\n"
        )
