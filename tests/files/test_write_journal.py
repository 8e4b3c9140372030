"""The journal of changes on disk: nothing is lost, nothing is spoilt, and nobody else can read it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from meshglobal.domain.errors import CannotCheckError
from meshglobal.domain.failure import Cause, Failure, failure
from meshglobal.domain.kinds import SERVICE
from meshglobal.domain.labels import SERVICE_SCOPE, Section
from meshglobal.domain.plan import DOUBT, KeyChange, Status, Step, StepResult
from meshglobal.domain.report import Write, write_report
from meshglobal.domain.write_record import Begun, Ended, WriteOutcome, outcome_of, touched
from meshglobal.files.write_journal import WriteJournal

STEP = Step("one", SERVICE, "shop", "web", "u1", "7", (KeyChange(Section.LABEL, SERVICE_SCOPE, None, "global"),))
TIME = "2026-01-01T00:00:00Z"


def begun(id_: str, *steps: Step) -> Begun:
    return Begun(id=id_, time=TIME, who="me", source="dashboard", command="meshglobal …", objects=touched(steps))


def write(status: Status, why: Failure | None = None) -> Write:
    return write_report(StepResult(STEP, status, failure=why))


@pytest.fixture
def journal(tmp_path: Path) -> WriteJournal:
    return WriteJournal(tmp_path / "state" / "meshglobal" / "writes.jsonl")


def test_what_was_changed_can_be_put_back_from_it(journal: WriteJournal) -> None:
    journal.add(begun("1", STEP, STEP._replace(name="db", changes=())))
    journal.add(Ended(id="1", time=TIME, outcome=WriteOutcome.WRITTEN, writes=(write(Status.CHANGED),)))
    [record] = journal.newest(10).records
    [one] = record.begun.objects
    assert (one.context, one.kind, one.namespace, one.name, one.uid) == ("one", "Service", "shop", "web", "u1")
    [change] = one.changes
    assert (change.section, change.key, change.before, change.after) == ("labels", SERVICE_SCOPE, None, "global")
    assert record.ended is not None
    assert record.ended.outcome is WriteOutcome.WRITTEN


def test_one_that_broke_off_has_no_end(journal: WriteJournal) -> None:
    journal.add(begun("1", STEP))
    [record] = journal.newest(10).records
    assert record.ended is None


def test_the_newest_come_first_and_no_more_than_asked_for(journal: WriteJournal) -> None:
    for number in range(5):
        journal.add(begun(str(number)))
    assert [record.begun.id for record in journal.newest(3).records] == ["4", "3", "2"]


def test_without_a_file_nothing_was_changed(journal: WriteJournal) -> None:
    assert journal.newest(3).records == ()


def test_a_torn_line_spoils_no_other(journal: WriteJournal) -> None:
    journal.add(begun("1", STEP))
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole + whole[:40])
    assert [record.begun.id for record in journal.newest(3).records] == ["1"]
    journal.add(begun("2", STEP))
    found = journal.newest(3)
    assert ([record.begun.id for record in found.records], found.illegible) == (["2", "1"], 1)


def test_lines_of_others_are_passed_over_and_counted(journal: WriteJournal) -> None:
    journal.add(begun("1"))
    with journal.path.open("ab") as file:
        file.write(b'\xff\xfe\n{"stage":"later","id":"9"}\n[]\n')
    journal.add(begun("2"))
    found = journal.newest(9)
    assert ([record.begun.id for record in found.records], found.illegible) == (["2", "1"], 3)


def test_only_its_owner_may_look_into_it(journal: WriteJournal) -> None:
    before = os.umask(0)
    try:
        journal.add(begun("1"))
    finally:
        os.umask(before)
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.path.parent.stat().st_mode) & 0o077 == 0


def test_many_programs_may_write_at_once(journal: WriteJournal) -> None:
    text = """
import sys
from pathlib import Path
from meshglobal.domain.write_record import Begun
from meshglobal.files.write_journal import WriteJournal
for number in range(20):
    name = f"{sys.argv[2]}-{number}"
    WriteJournal(Path(sys.argv[1])).add(Begun(id=name, time="", who="x" * 5000, source="", command="", objects=()))
"""
    writers = [subprocess.Popen([sys.executable, "-c", text, journal.path, str(one)]) for one in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    found = journal.newest(100)
    assert (len(found.records), found.illegible) == (60, 0)


def test_where_it_cannot_be_written_it_says_so_without_the_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotCheckError, match="cannot be written: File exists") as raised:
        WriteJournal(tmp_path / "file" / "writes.jsonl").add(begun("1"))
    assert str(tmp_path) not in str(raised.value)


def test_it_is_not_written_through_a_link(journal: WriteJournal, tmp_path: Path) -> None:
    journal.path.parent.mkdir(parents=True)
    journal.path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotCheckError):
        journal.add(begun("1"))
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    ("ends", "outcome"),
    [
        ((), WriteOutcome.NOTHING),
        ((Status.UNCHANGED,), WriteOutcome.NOTHING),
        ((Status.CHANGED, Status.UNCHANGED), WriteOutcome.WRITTEN),
        ((Status.CHANGED, Status.CONFLICT), WriteOutcome.PARTLY),
        ((Status.FAILED, Status.UNCHANGED), WriteOutcome.NOTHING),
    ],
)
def test_all_results_together_come_to_one_outcome(ends: tuple[Status, ...], outcome: WriteOutcome) -> None:
    refused = failure(Cause.FORBIDDEN, "no", "one")
    writes = [write(end, refused if end in (Status.CONFLICT, Status.FAILED) else None) for end in ends]
    assert outcome_of(writes) is outcome


def test_a_write_without_an_answer_makes_it_unknown() -> None:
    doubtful = write(Status.FAILED, failure(Cause.TIMEOUT, f"no answer; {DOUBT}", "one"))
    assert outcome_of([doubtful, write(Status.CHANGED)]) is WriteOutcome.UNKNOWN
