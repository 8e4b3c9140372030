"""Journals of drills: `$XDG_STATE_HOME/meshglobal/drills/NAMESPACE.NAME.jsonl`, one line for what, one for each step.

A journal appears complete or not at all (a link to a finished file), lines are added and synced to the disk, and a last
line that was torn off counts as not written. Its writer holds a lock on it, which the system takes back when it ends:
so a drill that runs is told from one that was killed. The folder is of mode 0700, the files of mode 0600.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from meshglobal.domain.drill import Journal, Stage
from meshglobal.domain.errors import CannotCheckError, ConflictError
from meshglobal.files.syncing import sync_folder, write_synced

SUFFIX = ".jsonl"
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600
_decoder = msgspec.json.Decoder(Journal)


class _Step(msgspec.Struct):
    step: str


@dataclass(slots=True)
class FileJournal:
    """A journal that this process holds; see `OpenJournal`."""

    path: Path
    descriptor: int
    _journal: Journal
    _is_held: bool = field(default=True)

    @property
    def journal(self) -> Journal:
        """What stands in it."""
        return self._journal

    def reach(self, stage: Stage, subject: str = "") -> None:
        """Add a line; it is on disk when this returns.

        Raises:
            CannotCheckError: it cannot be written.
        """
        step = f"{stage.value} {subject}".rstrip()
        try:
            write_synced(self.descriptor, msgspec.json.encode(_Step(step)) + b"\n")
        except OSError as error:
            raise CannotCheckError(f"{self.path}: the journal cannot be written: {error.strerror}") from error
        self._journal = msgspec.structs.replace(self._journal, reached=(*self._journal.reached, step))

    def close(self) -> None:
        """Remove it."""
        if self._is_held:
            self.path.unlink(missing_ok=True)
            sync_folder(self.path.parent)
        self.leave()

    def leave(self) -> None:
        """Let go of it."""
        if self._is_held:
            self._is_held = False
            os.close(self.descriptor)


@dataclass(frozen=True, slots=True)
class FileJournals:
    """The journals in a folder; see `Journals`."""

    folder: Path

    def create(self, journal: Journal) -> FileJournal:
        """Write a new one; see `Journals.create`."""
        path = self.folder / f"{journal.namespace}.{journal.service}{SUFFIX}"
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
            self.folder.chmod(_PRIVATE_FOLDER)
            descriptor = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, _PRIVATE_FILE)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                write_synced(descriptor, msgspec.json.encode(journal) + b"\n")
                os.link(fresh, path)
            except BaseException:
                os.close(descriptor)
                raise
            finally:
                fresh.unlink()
            sync_folder(self.folder)
        except FileExistsError:
            raise _is_open(journal) from None
        except OSError as error:
            raise CannotCheckError(
                f"{self.folder}: the journal of the drill cannot be written: {error.strerror}",
                "set XDG_STATE_HOME to a folder that you may write to; without a journal nothing is changed",
            ) from error
        return FileJournal(path, descriptor, journal)

    def take(self) -> list[FileJournal]:
        """Those that nobody holds; see `Journals.take`."""
        held = ((path, _locked(path)) for path in self._paths())
        return [_opened(path, descriptor) for path, descriptor in held if descriptor is not None]

    def running(self) -> list[str]:
        """Those that somebody holds; see `Journals.running`."""
        found = []
        for path in self._paths():
            if (descriptor := _locked(path)) is None:
                found.append(path.name.removesuffix(SUFFIX).replace(".", "/", 1))
            else:
                os.close(descriptor)
        return found

    def _paths(self) -> Iterator[Path]:
        yield from sorted(self.folder.glob(f"[!.]*{SUFFIX}"))


def _is_open(journal: Journal) -> ConflictError:
    return ConflictError(
        f"a drill of {journal.namespace}/{journal.service} is open already on this machine",
        "let it end or, if it was killed, put everything back: meshglobal drill restore",
    )


def _locked(path: Path) -> int | None:
    """A descriptor of a file under its lock; None: somebody else holds it, or it has just gone."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_nlink:
            return descriptor
    except BlockingIOError:
        pass  # its holder is at work
    os.close(descriptor)
    return None


def _opened(path: Path, descriptor: int) -> FileJournal:
    """What a journal says.

    Raises:
        CannotCheckError: it is none.
    """
    first, *rest = path.read_bytes().split(b"\n")
    try:
        journal = _decoder.decode(first)
        steps = [msgspec.json.decode(line, type=_Step).step for line in rest[:-1]]
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        os.close(descriptor)
        raise CannotCheckError(
            f"{path}: is no journal of a drill: {error}",
            "look at it: it says which values were changed; remove it when they are as they should be",
        ) from error
    return FileJournal(path, descriptor, msgspec.structs.replace(journal, reached=tuple(steps)))
