"""Whatever ends a drill, and however often it is put back: all is as before, or somebody is told that it is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.app.drill_ports import Written, Wrote
from meshglobal.app.drill_restoring import changes_of, marks_of, restore
from meshglobal.domain.drill import CLAIM, Field, Journal, Mode, Seen, Stage, Touch
from meshglobal.domain.failure import Cause, Failure, failure
from meshglobal.files.drill_journal import FileJournals

MARK = "id=ours"
NAMES = ("web-v1", "web-v2")
State = dict[tuple[str, Field], str | None]
BEFORE: State = {
    ("web-v1", Field.REPLICAS): "2",
    ("web-v1", Field.ANNOTATION): None,
    ("web-v2", Field.REPLICAS): "1",
    ("web-v2", Field.ANNOTATION): None,
}


class KilledError(BaseException):
    """The process is gone."""


@dataclass
class Objects:
    """Two Deployments in memory, and hands that are taken away after so many writes."""

    values: State = field(default_factory=lambda: dict(BEFORE))
    writes_left: int = 1000
    is_written_at_last: bool = False
    is_reachable: bool = True

    def see(self, touch: Touch) -> Seen | Failure | None:
        if not self.is_reachable:
            return failure(Cause.REFUSED, "connection refused", touch.context)
        return Seen("uid", self.values[touch.name, touch.field], self.values[touch.name, Field.ANNOTATION])

    def put(self, touch: Touch, expected: str | None, wanted: str | None) -> Written:
        now = self.values[touch.name, touch.field]
        if now not in (expected, wanted):
            return Written(Wrote.FOREIGN, now)
        if not self.writes_left:
            if self.is_written_at_last:
                self.values[touch.name, touch.field] = wanted
            raise KilledError
        self.writes_left -= 1
        self.values[touch.name, touch.field] = wanted
        return Written(Wrote.DONE, wanted)


def touch(name: str, where: Field, before: str | None, after: str | None) -> Touch:
    key = CLAIM if where is Field.ANNOTATION else ""
    place = {"context": "c1", "kind": "Deployment", "namespace": "shop", "name": name, "uid": "uid"}
    return Touch(**place, field=where, key=key, before=before, after=after)


JOURNAL = Journal(
    id="ours",
    created="2026-01-01T00:00:00Z",
    by="me@here",
    kubeconfig=None,
    namespace="shop",
    service="web",
    context="c1",
    mode=Mode.SCALE,
    touches=(
        *(touch(name, Field.ANNOTATION, None, MARK) for name in NAMES),
        *(touch(name, Field.REPLICAS, BEFORE[name, Field.REPLICAS], "0") for name in NAMES),
    ),
)


def drill_then_restore(objects: Objects, journals: FileJournals) -> None:
    """As a drill does it, without the calls."""
    held = journals.create(JOURNAL)
    try:
        for one in (*marks_of(JOURNAL), *changes_of(JOURNAL)):
            held.reach(Stage.TAKE_AWAY, one.subject)
            assert objects.put(one, one.before, one.after).end is Wrote.DONE
        assert restore(objects, held)[1]
    finally:
        held.leave()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drills")


@given(
    first=st.integers(0, 8),
    last=st.sampled_from(["written", "not written"]),
    again=st.lists(st.integers(0, 3), max_size=3),
)
def test_killed_at_any_write_and_again_while_it_is_put_back(
    folder: Path, first: int, last: str, again: list[int]
) -> None:
    objects, journals = Objects(writes_left=first, is_written_at_last=last == "written"), FileJournals(folder)
    try:
        drill_then_restore(objects, journals)
    except KilledError:
        for writes in again:
            objects.writes_left = writes
            for held in journals.take():
                try:
                    restore(objects, held)
                except KilledError:
                    held.leave()
        objects.writes_left = 1000
        for held in journals.take():
            values, is_closed = restore(objects, held)
            assert is_closed
            assert all(one.is_done for one in values)
    assert objects.values == BEFORE
    assert journals.take() == []
    assert list(folder.iterdir()) == []


@given(writes=st.integers(3, 4), name=st.sampled_from(NAMES), theirs=st.sampled_from(["3", "7"]))
def test_what_somebody_else_wrote_is_left_and_said_until_told_otherwise(
    folder: Path, writes: int, name: str, theirs: str
) -> None:
    objects, journals = Objects(writes_left=writes), FileJournals(folder)
    with pytest.raises(KilledError):
        drill_then_restore(objects, journals)
    objects.writes_left = 1000
    objects.values[name, Field.REPLICAS] = theirs
    (held,) = journals.take()
    values, is_closed = restore(objects, held)
    assert not is_closed
    assert [one.touch.name for one in values if one.status == "foreign"] == [name]
    assert objects.values[name, Field.REPLICAS] == theirs
    values, is_closed = restore(objects, held, gives_up=True)
    assert is_closed
    assert objects.values == BEFORE | {(name, Field.REPLICAS): theirs}


def test_without_the_mark_the_drills_own_value_may_be_somebody_elses(folder: Path) -> None:
    objects, journals = Objects(), FileJournals(folder)
    held = journals.create(JOURNAL)
    objects.values["web-v1", Field.REPLICAS] = "0"  # somebody else's zero: no mark was made
    values, is_closed = restore(objects, held)
    assert not is_closed
    assert {one.touch.name: one.status for one in values} == {"web-v1": "foreign", "web-v2": "unchanged"}
    values, is_closed = restore(objects, held, overwrite=True)
    assert is_closed
    assert objects.values == BEFORE


def test_what_cannot_be_reached_stays_open(folder: Path) -> None:
    objects, journals = Objects(is_reachable=False), FileJournals(folder)
    held = journals.create(JOURNAL)
    values, is_closed = restore(objects, held)
    assert not is_closed
    assert {one.status for one in values} == {"failed"}
    objects.is_reachable = True
    assert restore(objects, held)[1]
