"""What a drill came to, from its calls; and what puts each value back."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.domain.call import Answer, Trouble
from meshglobal.domain.drill import Field, Move, Seen, Touch, move_for
from meshglobal.domain.drill_course import Course, Marks, Phase, Setting, Timed, course_of
from meshglobal.domain.drill_prediction import Ending
from meshglobal.domain.drill_report import PutBack, exit_code_of
from meshglobal.domain.errors import ExitCode

NAMES = {"c1": "c1", "c2": "c2"}
MARKS = Marks(gone=0.2, put_back=4.0, ready=5.0)
SETTING = Setting("c1", NAMES)
FAILED = Answer(503, 0.01, by="proxy")


def by(name: str, seconds: float = 0.01) -> Answer:
    return Answer(200, seconds, by=name)


def calls(*spans: tuple[float, float, Answer], every: float = 0.1) -> list[Timed]:
    """Calls at regular intervals, all in a span alike."""
    return [
        Timed(round(begin + number * every, 3), answer)
        for begin, end, answer in spans
        for number in range(round((end - begin) / every))
    ]


def whole(during: Answer, at_first: Answer | None = None) -> list[Timed]:
    """Before and after the own cluster answers, meanwhile somebody else."""
    return calls((-1, 0.2, by("c1")), (0.2, 1, at_first or during), (1, 4.5, during), (4.5, 7, by("c1")))


def course(found: Sequence[Timed], marks: Marks = MARKS, setting: Setting = SETTING) -> Course:
    return course_of(found, marks, setting)


def test_another_cluster_takes_over() -> None:
    found = course(whole(by("c2")))
    assert (found.observed, found.is_inferred, found.lost, found.has_returned) == (Ending.FAILOVER, False, 0, True)
    assert found.first_remote == pytest.approx(0.2)
    assert found.longest_gap == pytest.approx(0.1)
    assert (found.gone_after, found.ready_after) == (0.2, 1.0)
    counts = {one.phase: one.figures.ended for one in found.phases}
    assert counts == {Phase.BEFORE: 10, Phase.AWAY: 40, Phase.RETURN: 10, Phase.AFTER: 20}


def test_what_is_lost_before_the_others_take_over_is_counted() -> None:
    found = course(whole(by("c2"), at_first=FAILED))
    assert (found.observed, found.lost) == (Ending.FAILOVER, 8)
    assert found.longest_gap == pytest.approx(0.9)


def test_nobody_answers() -> None:
    found = course(whole(FAILED))
    assert (found.observed, found.first_remote) == (Ending.OUTAGE, None)


def test_the_own_cluster_goes_on_answering() -> None:
    assert course(whole(by("c1"))).observed is Ending.UNAFFECTED


def test_answers_that_say_nothing_must_be_of_others_once_no_endpoint_is_left() -> None:
    nobody = Setting("c1", {})
    found = course(whole(by("c2")), setting=nobody)
    assert (found.observed, found.is_inferred, found.has_returned) == (Ending.FAILOVER, True, None)
    assert found.first_remote == pytest.approx(0.3)


def test_where_endpoints_are_left_they_say_nothing() -> None:
    assert course(whole(by("c2")), Marks(put_back=4.0, ready=5.0), Setting("c1", {})).observed is Ending.UNKNOWN


def test_without_a_call_in_time_nothing_is_known() -> None:
    assert course(calls((-1, 0, by("c1")))).observed is Ending.UNKNOWN


def test_a_call_that_began_before_the_last_endpoint_had_gone_tells_nothing() -> None:
    slow = [Timed(3.9, by("c2", seconds=3.85))]
    assert course([*calls((-1, 0, by("c1"))), *slow]).observed is Ending.UNKNOWN


def test_a_copy_that_gets_no_calls_again_has_not_returned() -> None:
    found = course(calls((-1, 0, by("c1")), (0, 7, by("c2"))))
    assert found.has_returned is False


def touch_of(before: str | None, after: str | None) -> Touch:
    place = {"context": "c1", "kind": "Deployment", "namespace": "shop", "name": "web", "uid": "u"}
    return Touch(**place, field=Field.REPLICAS, before=before, after=after)


RESTORED = PutBack(touch=touch_of("2", "0"), status="put-back")


@pytest.mark.parametrize(
    ("found", "expected", "max_lost", "code"),
    [
        (course(whole(by("c2"))), Ending.FAILOVER, 0, ExitCode.OK),
        (course(whole(by("c2"))), Ending.OUTAGE, 0, ExitCode.FINDINGS),
        (course(whole(by("c2"), at_first=FAILED)), Ending.FAILOVER, 7, ExitCode.FINDINGS),
        (course(whole(by("c2"), at_first=FAILED)), Ending.FAILOVER, 8, ExitCode.OK),
        (course(whole(FAILED)), Ending.OUTAGE, 0, ExitCode.FINDINGS),
        (course(whole(by("c2")), Marks(0.2, 4.0)), Ending.FAILOVER, 0, ExitCode.FINDINGS),
        (course(whole(by("c2")), Marks(None, 4.0, 5.0), Setting("c1", {})), Ending.FAILOVER, 0, ExitCode.CANNOT_CHECK),
    ],
    ids=["as predicted", "otherwise", "one too many", "as many as may be", "outage", "not ready", "unknown"],
)
def test_the_exit_code_says_whether_it_was_as_predicted(
    found: Course, expected: Ending, max_lost: int, code: ExitCode
) -> None:
    assert exit_code_of(expected, found, max_lost, [RESTORED]) is code


def test_what_is_not_put_back_comes_first() -> None:
    left = msgspec.structs.replace(RESTORED, status="foreign")
    assert exit_code_of(Ending.FAILOVER, course(whole(by("c2"))), 0, [left]) is ExitCode.CONFLICT


@given(
    st.lists(
        st.builds(
            Timed,
            st.floats(-10, 300, allow_nan=False),
            st.builds(
                Answer,
                st.sampled_from([0, 200, 404, 503]),
                st.floats(0, 30),
                st.sampled_from([None, Trouble.RESET, Trouble.TIMEOUT]),
                by=st.sampled_from(["", "c1", "c2", "somebody"]),
            ),
        ),
        max_size=40,
    ),
    st.builds(Marks, *[st.one_of(st.none(), st.floats(0, 200))] * 3),
)
def test_no_call_is_counted_twice_or_forgotten(found: list[Timed], marks: Marks) -> None:
    done = course(found, marks)
    assert sum(one.figures.ended for one in done.phases) == len(found)
    assert sum(one.ended for one in done.slices) == len(found)
    assert sum(one.failed for one in done.slices) == sum(not one.answer.is_good for one in found)
    assert done.lost == sum(not one.answer.is_good for one in found if one.at >= 0)
    assert len(done.slices) <= 62


VALUES = st.sampled_from([None, "0", "1", "2"])
MARK = "id=ours"


@given(VALUES, VALUES, VALUES, st.sampled_from(["u", "another"]), st.sampled_from([None, MARK, "id=theirs"]))
def test_only_what_is_ours_is_put_back(
    before: str | None, after: str | None, now: str | None, uid: str, claim: str | None
) -> None:
    touch = touch_of(before, after)
    move = move_for(touch, Seen(uid, now, claim), MARK)
    assert (move is Move.GONE) == (uid == "another")
    if uid == "u":
        assert (move is Move.NOTHING) == (now == before)
        assert (move is Move.PUT_BACK) == (now != before and now == after and claim == MARK)
    assert move_for(touch, None, MARK) is Move.GONE
