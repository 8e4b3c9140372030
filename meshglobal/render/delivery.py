"""Where reports go: files that are there completely or not at all, and that are tried before anything is read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from meshglobal.domain.errors import CannotCheckError, UsageError
from meshglobal.domain.known import Document
from meshglobal.render.catalogue import NAMES, text_of


class Destination(NamedTuple):
    """One report that is wanted: its format and its file."""

    format: str
    path: Path


def destinations(wishes: Sequence[str]) -> list[Destination]:
    """What ``--report FORMAT=FILE`` asks for; each file can be written.

    Raises:
        UsageError: an unknown format, no file, one file for two reports, a file that cannot be written.
    """
    found: dict[Path, Destination] = {}
    for wish in wishes:
        one = _parsed(wish)
        real = Path(os.path.realpath(one.path))
        if real in found:
            raise UsageError(f"--report {wish}: {one.path} is already the file of {found[real].format}")
        found[real] = Destination(one.format, real)
    for wish, one in zip(wishes, found.values(), strict=True):
        try:
            _try(one.path)
        except OSError as error:
            raise UsageError(f"--report {wish}: cannot be written: {error.strerror}") from error
    return list(found.values())


def _parsed(wish: str) -> Destination:
    name, _, file = wish.partition("=")
    known = ", ".join(NAMES)
    if name not in NAMES:
        raise UsageError(f"--report {wish!r}: unknown format {name!r}", f"write FORMAT=FILE; formats: {known}")
    if file in ("", "-"):
        raise UsageError(f"--report {wish!r} names no file", f"write --report {name}=FILE")
    return Destination(name, Path(file))


def deliver(document: Document, wanted: Sequence[Destination]) -> None:
    """Write what a command prints in every format that is wanted.

    Raises:
        CannotCheckError: a file that could be written before cannot be written now.
    """
    for one in wanted:
        content = text_of(one.format, document).encode("utf-8", "replace")
        try:
            _write(one.path, content)
        except OSError as error:
            raise CannotCheckError(f"{one.path} cannot be written: {error.strerror}") from error


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}")


def _is_special(path: Path) -> bool:
    """A pipe or a device: it is written to, never replaced."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _try(path: Path) -> None:
    """Fail as writing would."""
    if path.is_dir():
        raise IsADirectoryError(0, "it is a directory")
    if not _is_special(path):
        probe = _beside(path)
        probe.touch(exist_ok=False)
        probe.unlink()


def _write(path: Path, content: bytes) -> None:
    if _is_special(path):
        path.write_bytes(content)
        return
    new = _beside(path)
    try:
        with new.open("xb") as file:  # readable for others as the umask says: collectors run as somebody else
            file.write(content)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
