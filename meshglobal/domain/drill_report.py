"""What `drill` prints: the prediction, why it was refused or what was observed, and what was put back."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from meshglobal.domain.drill import Mode, Touch
from meshglobal.domain.drill_course import Course
from meshglobal.domain.drill_prediction import Ending, Prediction
from meshglobal.domain.errors import ExitCode
from meshglobal.domain.failure import Failure
from meshglobal.domain.finding import Finding
from meshglobal.domain.report import API_VERSION, ClusterReport, Problem
from meshglobal.domain.waivers import Waived


class Reason(StrEnum):
    """Why a drill is refused."""

    NOT_GLOBAL = "not-global"
    NOTHING_TO_TAKE = "nothing-to-take"
    OUTAGE = "outage"
    UNKNOWN = "unknown"
    OWNED = "owned"
    PROTECTED = "protected"
    OPEN = "open"
    OTHER_PODS = "other-pods"
    FAILING = "failing"


_CODES = {
    Reason.NOT_GLOBAL: ExitCode.FINDINGS,
    Reason.OUTAGE: ExitCode.FINDINGS,
    Reason.NOTHING_TO_TAKE: ExitCode.FINDINGS,
    Reason.FAILING: ExitCode.FINDINGS,
    Reason.UNKNOWN: ExitCode.CANNOT_CHECK,
    Reason.OPEN: ExitCode.CONFLICT,
}


class Refusal(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Why nothing was taken away; ``next_step``: what to do, or the option that lets it happen all the same."""

    reason: Reason
    message: str
    next_step: str = ""

    @property
    def code(self) -> ExitCode:
        """What a run ends with for it: a finding, what could not be checked, or what nobody agreed to."""
        return _CODES.get(self.reason, ExitCode.USAGE)


class ProspectReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What one cluster can do for the caller; ``can_serve`` and ``ready`` are null where that is not known."""

    context: str
    ready: int | None = None
    can_serve: bool | None = None
    why: str = ""


class Expected(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The prediction: which clusters may answer before, and while the copy is away."""

    ending: Ending
    distribution: str
    before: tuple[str, ...] = ()
    during: tuple[str, ...] = ()
    why: str = ""
    clusters: tuple[ProspectReport, ...] = ()


class PutBack(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What became of one touched value.

    ``status``: ``put-back``, ``unchanged`` (it was as before), ``foreign`` (somebody else's value was left), ``gone``
    (the object is not there any more), ``failed``. ``now``: what stands there.
    """

    touch: Touch
    status: str
    now: str | None = None
    failure: Failure | None = None

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do about it."""
        return self.status in ("put-back", "unchanged", "gone")


class Drill(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The whole result of a drill.

    Attributes:
        context, mode: whose copy is taken away, and how.
        caller: namespace and name of the pod that calls, in ``caller_context``; null: none was chosen.
        host, port, path: what it calls.
        rate: calls a second.
        is_dry_run: only the prediction was wanted.
        expected: null where it did not come to a prediction.
        refusals: why nothing was changed; empty: nothing stood in the way.
        course: what was observed; null where nothing was.
        restored: every value that was touched. ``remains``: what stays behind all the same, as sentences.
        max_lost: how many calls may fail.
    """

    api_version: str = API_VERSION
    kind: str = "Drill"
    command: str = "drill"
    exit_code: int = 0
    fail_on: str = "error"
    error: Problem | None = None
    namespace: str = ""
    service: str = ""
    context: str = ""
    mode: Mode = Mode.SCALE
    caller: str | None = None
    caller_context: str = ""
    host: str = ""
    port: int | None = None
    path: str = "/"
    rate: float = 0.0
    max_lost: int = 0
    is_dry_run: bool = False
    clusters: tuple[ClusterReport, ...] = ()
    expected: Expected | None = None
    touches: tuple[Touch, ...] = ()
    notes: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    course: Course | None = None
    restored: tuple[PutBack, ...] = ()
    remains: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    waived: tuple[Waived, ...] = ()


def expected_of(prediction: Prediction) -> Expected:
    """The prediction as the document has it."""
    return Expected(
        ending=prediction.ending,
        distribution=prediction.mode,
        before=prediction.before,
        during=prediction.during,
        why=prediction.why,
        clusters=tuple(
            ProspectReport(context=one.context, ready=one.ready, can_serve=one.can_serve, why=one.why)
            for one in prediction.prospects
        ),
    )


def refused_code(refusals: Sequence[Refusal]) -> ExitCode:
    """What a refused run ends with: a finding first, then what could not be checked, then what needs a word."""
    codes = {one.code for one in refusals}
    order = (ExitCode.CONFLICT, ExitCode.FINDINGS, ExitCode.CANNOT_CHECK, ExitCode.USAGE)
    return next((code for code in order if code in codes), ExitCode.OK)


def exit_code_of(expected: Ending, course: Course, max_lost: int, restored: Sequence[PutBack]) -> ExitCode:
    """0: as predicted, and no more lost than allowed. What could not be put back comes before everything else."""
    if not all(one.is_done for one in restored):
        return ExitCode.CONFLICT
    is_as_before = course.ready_after is not None and course.has_returned is not False
    if course.lost > max_lost or not is_as_before:
        return ExitCode.FINDINGS
    if course.observed is Ending.UNKNOWN:
        return ExitCode.CANNOT_CHECK
    if course.observed is not expected:
        return ExitCode.FINDINGS
    return ExitCode.OK


class Restored(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One drill that was open, and what became of what it had touched."""

    id: str
    namespace: str
    service: str
    context: str
    created: str
    by: str
    is_closed: bool
    values: tuple[PutBack, ...] = ()


class Restoration(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `drill restore` prints."""

    api_version: str = API_VERSION
    kind: str = "Restoration"
    command: str = "drill"
    exit_code: int = 0
    error: Problem | None = None
    drills: tuple[Restored, ...] = ()
