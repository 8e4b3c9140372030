"""The course of a drill in figures: what the calls came to in each phase, and how long it took until others answered.

Pure: answers with the time at which each ended come in, counted from the moment at which the copy was taken away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import msgspec

from meshglobal.domain.call import Answer
from meshglobal.domain.call_identity import cluster_of
from meshglobal.domain.call_statistics import Figures, figures_of
from meshglobal.domain.drill_prediction import Ending

MOST_SLICES = 60
_WIDTHS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


class Phase(StrEnum):
    """A part of a drill."""

    BEFORE = "before"
    AWAY = "away"
    RETURN = "return"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Timed:
    """An answer and when it ended, in seconds from the taking away; before that it is negative."""

    at: float
    answer: Answer


@dataclass(frozen=True, slots=True)
class Marks:
    """When what happened, in seconds from the taking away; None: it did not.

    Attributes:
        gone: no endpoint of the drilled cluster was ready any more.
        put_back: it began to be put back.
        ready: it was ready again.
    """

    gone: float | None = None
    put_back: float | None = None
    ready: float | None = None


class PhaseFigures(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The calls that ended in one phase; ``seconds``: how long it was, null where it did not end."""

    phase: Phase
    seconds: float | None = None
    figures: Figures = Figures()


class Slice(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A moment of the course: from ``start`` on, in seconds from the taking away.

    ``latency``: the longest of a good answer in seconds; null: there was none. ``served_by``: good answers by cluster.
    """

    start: float
    ended: int = 0
    failed: int = 0
    latency: float | None = None
    served_by: dict[str, int] = {}


class Course(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What was observed.

    Attributes:
        observed: what became of the calls while the copy was away.
        is_inferred: whether that others answered follows from there being no endpoint any more, and from nothing else.
        gone_after, ready_after: seconds until no endpoint was left, and from the putting back until it was ready.
        first_remote: seconds until the first good answer of another cluster; null: there was none.
        longest_gap: the longest time without a good answer, in seconds.
        lost: calls that failed since the copy was taken away.
        has_returned: whether the cluster answered again; null: that cannot be told, or was not to be expected.
        width: of a slice, in seconds.
    """

    observed: Ending
    is_inferred: bool = False
    gone_after: float | None = None
    ready_after: float | None = None
    first_remote: float | None = None
    longest_gap: float | None = None
    lost: int = 0
    has_returned: bool | None = None
    phases: tuple[PhaseFigures, ...] = ()
    width: float = 1.0
    slices: tuple[Slice, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What the calls are read by.

    Attributes:
        drilled: the cluster whose copy is away.
        is_expected_back: whether its answers are to be expected before and after.
        names: contexts by the names that answers give.
    """

    drilled: str
    names: Mapping[str, str]
    is_expected_back: bool = True

    def who(self, answer: Answer) -> str | None:
        """The cluster that answered; None: the answer does not say, or a name that nobody knows."""
        return cluster_of(answer.by, self.names) if answer.by else None


def course_of(calls: Sequence[Timed], marks: Marks, setting: Setting) -> Course:
    """Work the figures out."""
    calls = sorted(calls, key=lambda one: one.at)
    away = [one for one in calls if phase_of(one.at, marks) is Phase.AWAY]
    gone = [one for one in away if marks.gone is not None and one.at - one.answer.seconds > marks.gone]
    observed, is_inferred = _observed(away, marks, setting)
    width = _width(calls)
    return Course(
        observed=observed,
        is_inferred=is_inferred,
        gone_after=marks.gone,
        ready_after=_between(marks.put_back, marks.ready),
        first_remote=_first_remote(away, gone, setting),
        longest_gap=_longest_gap(calls, marks),
        lost=sum(not one.answer.is_good for one in calls if one.at >= 0),
        has_returned=_has_returned(calls, marks, setting),
        phases=tuple(_phases(calls, marks, setting)),
        width=width,
        slices=tuple(_slices(calls, width, setting)),
    )


def phase_of(at: float, marks: Marks) -> Phase:
    """The phase in which a call ended."""
    if at < 0:
        return Phase.BEFORE
    if marks.put_back is None or at < marks.put_back:
        return Phase.AWAY
    return Phase.RETURN if marks.ready is None or at < marks.ready else Phase.AFTER


def _settled(away: Sequence[Timed], marks: Marks) -> list[Timed]:
    """The calls that began in the second half of the time without endpoints: proxies need a moment to hear of it.

    Where it is not known when they had gone, in the second half of the whole time.
    """
    end = marks.put_back if marks.put_back is not None else max((one.at for one in away), default=0.0)
    begin = marks.gone if marks.gone is not None else 0.0
    return [one for one in away if one.at - one.answer.seconds >= (begin + end) / 2]


def _observed(away: Sequence[Timed], marks: Marks, setting: Setting) -> tuple[Ending, bool]:
    """What became of the calls once all had heard of it; and whether that others answered is inferred."""
    settled = _settled(away, marks)
    good = [one for one in settled if one.answer.is_good]
    if not good:
        return Ending.OUTAGE if settled else Ending.UNKNOWN, False
    answered = {setting.who(one.answer) for one in good}
    if setting.drilled in answered:
        return Ending.UNAFFECTED, False
    if answered == {None} and marks.gone is None:
        return Ending.UNKNOWN, False
    if not setting.is_expected_back and not any(setting.who(one.answer) == setting.drilled for one in away):
        return Ending.UNAFFECTED, None in answered
    return Ending.FAILOVER, answered == {None}


def _first_remote(away: Sequence[Timed], gone: Sequence[Timed], setting: Setting) -> float | None:
    """The first good answer that another cluster gave or, where answers do not say, that no own endpoint can have."""
    after = {id(one) for one in gone}
    for one in away:
        who = setting.who(one.answer)
        if one.answer.is_good and (who not in (None, setting.drilled) or (who is None and id(one) in after)):
            return one.at
    return None


def _longest_gap(calls: Sequence[Timed], marks: Marks) -> float | None:
    """Between good answers, from the last before the taking away to the end of the drill."""
    good = [one.at for one in calls if one.answer.is_good]
    ends = [at for at in good if at >= 0]
    if not calls or calls[-1].at < 0:
        return None
    last = max((at for at in good if at < 0), default=0.0)
    end = calls[-1].at if marks.ready is None else max(calls[-1].at, marks.ready)
    points = [last, *ends, end] if not ends or ends[-1] < calls[-1].at else [last, *ends]
    return max((later - earlier for earlier, later in pairwise(points)), default=None)


def _has_returned(calls: Sequence[Timed], marks: Marks, setting: Setting) -> bool | None:
    after = [one.answer for one in calls if phase_of(one.at, marks) is Phase.AFTER and one.answer.is_good]
    if not setting.is_expected_back or marks.ready is None:
        return None
    answered = {setting.who(answer) for answer in after}
    if setting.drilled in answered:
        return True
    return None if not answered or None in answered else False


def _phases(calls: Sequence[Timed], marks: Marks, setting: Setting) -> Iterable[PhaseFigures]:
    lengths = {
        Phase.BEFORE: -calls[0].at if calls and calls[0].at < 0 else None,
        Phase.AWAY: marks.put_back,
        Phase.RETURN: _between(marks.put_back, marks.ready),
        Phase.AFTER: _between(marks.ready, calls[-1].at if calls else None),
    }
    for phase in Phase:
        answers = [one.answer for one in calls if phase_of(one.at, marks) is phase]
        yield PhaseFigures(phase=phase, seconds=lengths[phase], figures=figures_of(answers, dict(setting.names)))


def _between(begin: float | None, end: float | None) -> float | None:
    return None if begin is None or end is None else max(0.0, end - begin)


def _width(calls: Sequence[Timed]) -> float:
    length = calls[-1].at - calls[0].at if calls else 0.0
    return next((width for width in _WIDTHS if length / width <= MOST_SLICES), _WIDTHS[-1])


def _slices(calls: Sequence[Timed], width: float, setting: Setting) -> Iterable[Slice]:
    """Every moment from the first call to the last, also those in which nothing ended."""
    numbered: dict[int, list[Answer]] = {}
    for one in calls:
        numbered.setdefault(int(one.at // width), []).append(one.answer)
    for number in range(min(numbered, default=0), max(numbered, default=-1) + 1):
        answers = numbered.get(number, [])
        good = [answer for answer in answers if answer.is_good]
        yield Slice(
            start=round(number * width, 3),
            ended=len(answers),
            failed=len(answers) - len(good),
            latency=max((answer.seconds for answer in good), default=None),
            served_by=dict(sorted(Counter(setting.who(answer) or "unknown" for answer in good).items())),
        )
