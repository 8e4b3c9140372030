"""The journal of changes: `$XDG_STATE_HOME/meshglobal/writes.jsonl`, two lines a change (`domain/write_record.py`).

Lines are only ever added, each synced to the disk before anything else happens; several programs may do so at once.
A line that was torn off when a machine went down is no line: it is counted, and spoils no other. The file is of mode
0600. It is never emptied here.
"""

from __future__ import annotations

import fcntl
import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from meshglobal.domain.errors import CannotCheckError
from meshglobal.domain.write_record import Begun, Ended, WriteRecord
from meshglobal.files.syncing import sync_folder, write_synced

_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600
_MOST_READ = 4 * 1024 * 1024
"""So many of the last bytes are looked at."""
_decoder = msgspec.json.Decoder(Begun | Ended)


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest changes, newest first; ``illegible``: how many lines say nothing."""

    records: tuple[WriteRecord, ...]
    illegible: int = 0


@dataclass(frozen=True, slots=True)
class WriteJournal:
    """The journal in one file."""

    path: Path

    def add(self, line: Begun | Ended) -> None:
        """Add a line; it is on disk when this returns.

        Raises:
            CannotCheckError: it cannot be written.
        """
        try:
            with self._held() as descriptor:
                size = os.fstat(descriptor).st_size
                is_torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
                write_synced(descriptor, (b"\n" if is_torn else b"") + msgspec.json.encode(line) + b"\n")
        except OSError as error:
            raise CannotCheckError(
                f"the journal of changes cannot be written: {error.strerror}",
                "set XDG_STATE_HOME to a folder that you may write to; without a journal nothing is changed",
            ) from error

    def newest(self, most: int) -> Newest:
        """The last changes.

        Raises:
            CannotCheckError: it cannot be read.
        """
        begun: dict[str, Begun] = {}
        ends: dict[str, Ended] = {}
        illegible = 0
        for text in self._lines():
            try:
                line = _decoder.decode(text)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                illegible += 1
                continue
            if isinstance(line, Begun):
                begun[line.id] = line
            else:
                ends[line.id] = line
        chosen = list(reversed(begun.values()))[:most]
        return Newest(tuple(WriteRecord(begun=one, ended=ends.get(one.id)) for one in chosen), illegible)

    @contextmanager
    def _held(self) -> Iterator[int]:
        """The file, which nobody else adds to meanwhile."""
        folder = self.path.parent
        folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
        is_new = not self.path.exists()
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self.path, flags, _PRIVATE_FILE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            os.fchmod(descriptor, _PRIVATE_FILE)
            yield descriptor
            if is_new:
                sync_folder(folder)
        finally:
            os.close(descriptor)

    def _lines(self) -> list[bytes]:
        try:
            with self.path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                file.seek(max(0, size - _MOST_READ))
                text = file.read()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise CannotCheckError(f"the journal of changes cannot be read: {error.strerror}") from error
        lines = text.split(b"\n")
        if size > _MOST_READ:
            del lines[0]  # only its end was read
        return [line for line in lines if line]


def user_name() -> str:
    """Who runs this program, as this machine knows them: the name, or the number where there is none."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"
