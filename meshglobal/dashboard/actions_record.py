"""Writes the journal of changes around each change."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from meshglobal.app.ports import Clock
from meshglobal.dashboard.actions_documents import JournalEntry, JournalShown
from meshglobal.domain.errors import CannotCheckError, MeshglobalError
from meshglobal.domain.plan import Step
from meshglobal.domain.report import Note, Report
from meshglobal.domain.write_record import Begun, Ended, WriteOutcome, WriteRecord, outcome_of, touched
from meshglobal.files.write_journal import WriteJournal

SOURCE = "dashboard"
_MOST_SHOWN = 200


@dataclass(slots=True)
class Record:
    """One change that is being made."""

    id: str
    journal: WriteJournal
    now: Callable[[], str]
    _is_ended: bool = False
    _problem: str = ""

    def end(self, report: Report) -> None:
        """All has been written that will be; a journal that cannot be written any more is said in `noted`."""
        self.close(Ended(id=self.id, time=self.now(), outcome=outcome_of(report.writes), writes=report.writes))

    def close(self, line: Ended) -> None:
        """Add the second line, unless it is there."""
        if self._is_ended:
            return
        self._is_ended = True
        try:
            self.journal.add(line)
        except CannotCheckError as error:
            self._problem = f"{error}: it does not say how this change ended"

    def noted(self, report: Report) -> Report:
        """The report, with a remark if the journal is not complete."""
        if not self._problem:
            return report
        note = Note(severity="warning", message=self._problem, rule="", context=None, namespace=None, service=None)
        return msgspec.structs.replace(report, notes=(*report.notes, note))


@dataclass(frozen=True, slots=True)
class Recorder:
    """The journal, as the one user of this program writes it."""

    journal: WriteJournal
    clock: Clock
    who: str
    _running: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def recording(self, command: str, steps: Sequence[Step]) -> Iterator[Record]:
        """Write down what is about to be changed, before anything is; and at the latest afterwards how it ended.

        Raises:
            CannotCheckError: it cannot be written down: nothing must be changed.
        """
        record = Record(secrets.token_hex(8), self.journal, self._now)
        objects = touched(steps)
        with self._lock:
            self._running.add(record.id)
        try:
            self.journal.add(
                Begun(id=record.id, time=self._now(), who=self.who, source=SOURCE, command=command, objects=objects)
            )
            yield record
        except MeshglobalError as error:
            record.close(Ended(id=record.id, time=self._now(), outcome=WriteOutcome.UNKNOWN, message=str(error)))
            raise
        finally:
            with self._lock:
                self._running.discard(record.id)

    def shown(self) -> JournalShown:
        """The newest changes.

        Raises:
            CannotCheckError: the journal cannot be read.
        """
        with self._lock:
            running = set(self._running)
        found = self.journal.newest(_MOST_SHOWN)
        return JournalShown(
            entries=tuple(_entry(one, is_running=one.begun.id in running) for one in found.records),
            illegible=found.illegible,
        )

    def _now(self) -> str:
        return datetime.fromtimestamp(self.clock.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _entry(record: WriteRecord, *, is_running: bool) -> JournalEntry:
    begun, ended = record.begun, record.ended
    return JournalEntry(
        id=begun.id,
        time=begun.time,
        who=begun.who,
        source=begun.source,
        command=begun.command,
        state="ended" if ended is not None else "running" if is_running else "unknown",
        ended_at=ended.time if ended is not None else None,
        outcome=ended.outcome if ended is not None else None,
        message=ended.message if ended is not None else "",
        objects=begun.objects,
        writes=ended.writes if ended is not None else (),
    )
