"""Writing that a crash of the machine does not undo: for files that say what has to be put right after one."""

from __future__ import annotations

import os
from pathlib import Path


def write_synced(descriptor: int, line: bytes) -> None:
    """Write all of it to where the file stands, and wait until the disk has it."""
    while line:
        line = line[os.write(descriptor, line) :]
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names of a folder's files."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
