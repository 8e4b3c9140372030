"""The journal of a drill on disk: complete or not there, held by one process, readable by its owner alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from meshglobal.domain.drill import Field, Journal, Mode, Stage, Touch
from meshglobal.domain.errors import CannotCheckError, ConflictError
from meshglobal.files.drill_journal import FileJournals

TOUCH = Touch(
    context="c1", kind="Deployment", namespace="shop", name="web", uid="u", field=Field.REPLICAS, before="2", after="0"
)
JOURNAL = Journal(
    id="1",
    created="2026-01-01T00:00:00Z",
    by="me@here",
    kubeconfig="/home/you/.kube/config",
    namespace="shop",
    service="web",
    context="c1",
    mode=Mode.SCALE,
    touches=(TOUCH,),
)


@pytest.fixture
def journals(tmp_path: Path) -> FileJournals:
    return FileJournals(tmp_path / "state" / "drills")


def path_of(journals: FileJournals) -> Path:
    return journals.folder / "shop.web.jsonl"


def test_it_is_read_again_with_the_steps_that_were_reached(journals: FileJournals) -> None:
    held = journals.create(JOURNAL)
    held.reach(Stage.CLAIM, "deployment/web")
    held.reach(Stage.CALL)
    held.leave()
    (again,) = journals.take()
    assert again.journal.reached == ("claim deployment/web", "call")
    assert again.journal.touches == (TOUCH,)
    again.close()
    assert journals.take() == []


def test_nobody_else_may_look_into_it(journals: FileJournals) -> None:
    before = os.umask(0)
    try:
        journals.create(JOURNAL)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path_of(journals).stat().st_mode) == 0o600
    assert stat.S_IMODE(journals.folder.stat().st_mode) == 0o700


def test_a_second_one_of_the_same_service_is_refused(journals: FileJournals) -> None:
    journals.create(JOURNAL)
    with pytest.raises(ConflictError, match="a drill of shop/web is open already"):
        journals.create(JOURNAL)
    assert [one.name for one in journals.folder.iterdir()] == ["shop.web.jsonl"]


def test_one_that_is_held_by_another_process_is_left_alone(journals: FileJournals) -> None:
    journals.create(JOURNAL).leave()
    hold = (
        "import fcntl, os, sys; d = os.open(sys.argv[1], os.O_RDWR); fcntl.flock(d, fcntl.LOCK_EX);"
        " print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", hold, str(path_of(journals))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert journals.take() == []
        assert journals.running() == ["shop/web"]
        process.kill()
    assert journals.running() == []
    assert len(journals.take()) == 1


def test_a_last_line_that_was_torn_off_counts_as_not_written(journals: FileJournals) -> None:
    held = journals.create(JOURNAL)
    held.reach(Stage.CLAIM, "deployment/web")
    held.leave()
    with path_of(journals).open("ab") as file:
        file.write(b'{"step":"ca')
    (again,) = journals.take()
    assert again.journal.reached == ("claim deployment/web",)


def test_what_is_no_journal_is_said_and_left_alone(journals: FileJournals) -> None:
    journals.folder.mkdir(parents=True)
    path_of(journals).write_text("not ours\n")
    with pytest.raises(CannotCheckError, match="is no journal of a drill"):
        journals.take()
    assert path_of(journals).read_text() == "not ours\n"


def test_where_nothing_can_be_written_nothing_is_begun(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotCheckError, match="the journal of the drill cannot be written"):
        FileJournals(tmp_path / "file" / "drills").create(JOURNAL)
