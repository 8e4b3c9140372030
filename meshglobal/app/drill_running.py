"""The run of a drill: mark, call, take away, look, put back, look again. A transaction, whatever comes in between."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from meshglobal.app.drill_calls import Heard, SteadyCalls
from meshglobal.app.drill_findings import drill_findings
from meshglobal.app.drill_order import DrillPlan, Tools
from meshglobal.app.drill_ports import OpenJournal, Wrote
from meshglobal.app.drill_restoring import changes_of, marks_of, restore
from meshglobal.app.drill_watching import is_gone, is_ready, watched_until
from meshglobal.domain.drill import Journal, Mode, Stage, Touch, claim_of
from meshglobal.domain.drill_course import Marks, Setting, Timed, course_of
from meshglobal.domain.drill_plan import claim_touch
from meshglobal.domain.drill_report import Drill, PutBack, Reason, Refusal, exit_code_of, refused_code
from meshglobal.domain.errors import CannotCheckError, ConflictError, ExitCode, InterruptedRunError
from meshglobal.domain.view import ClusterView

_START = 120.0  # seconds until the first answer: a container may have to be pulled


class _RefusedError(Exception):
    """Nothing was taken away after all."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


@dataclass(slots=True)
class _Run:
    """A drill at work. Times on the clock's monotonic scale; None: not yet."""

    plan: DrillPlan
    tools: Tools
    held: OpenJournal
    calls: SteadyCalls | None = None
    taken: float | None = None
    gone: float | None = None
    put_back: float | None = None
    ready: float | None = None
    restored: tuple[PutBack, ...] = ()
    is_closed: bool = False
    is_over: bool = False
    remains: list[str] = field(default_factory=list)


def run_drill(plan: DrillPlan, tools: Tools) -> Drill:
    """Carry a plan out that nothing speaks against; everything is put back when this returns or raises.

    Raises:
        ConflictError: another drill is open, or somebody changed what was to be taken away.
        CannotCheckError: the journal or a mark could not be written.
        InterruptedRunError: after all was put back, or with what could not be.
    """
    run = _Run(plan, tools, tools.journals.create(_journal(plan, tools)))
    try:
        try:
            _claim(run)
            _call(run)
            _take_away(run)
            _look(run)
            _restore(run, waits=True)
        except BaseException:
            with tools.unbroken():
                _restore(run)
            raise
    except _RefusedError as refused:
        return _refused(run, refused.refusal)
    except InterruptedRunError:
        with tools.unbroken():
            _restore(run)  # once more, should it have come before that was unbroken
        raise InterruptedRunError(_how_it_ended(run), "" if run.is_closed else _HINT) from None
    return _observed(run)


_HINT = "put the rest back: meshglobal drill restore"


def _how_it_ended(run: _Run) -> str:
    if run.is_closed:
        return "interrupted; everything was put back"
    left = ", ".join(f"{one.touch.subject} ({one.status})" for one in run.restored if not one.is_done)
    return f"interrupted; not everything could be put back: {left or 'the marks of the drill'}"


def _journal(plan: DrillPlan, tools: Tools) -> Journal:
    order, since = plan.order, datetime.fromtimestamp(tools.clock.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    drill = secrets.token_hex(6)
    marks = {
        one.place: claim_touch(one, claim_of(drill, tools.who.by, since, _noted(plan, one))) for one in plan.touches
    }
    return Journal(
        id=drill,
        created=since,
        by=tools.who.by,
        kubeconfig=tools.who.kubeconfig,
        namespace=order.key.namespace,
        service=order.key.name,
        context=order.context,
        mode=order.mode,
        touches=(*marks.values(), *plan.touches),
    )


def _noted(plan: DrillPlan, touch: Touch) -> str | None:
    return touch.before if plan.order.mode is Mode.SCALE else None


def _claim(run: _Run) -> None:
    """Mark the objects, so that others see that a drill is on, on this machine or another."""
    for mark in marks_of(run.held.journal):
        run.held.reach(Stage.CLAIM, mark.subject)
        _written(run, mark)


def _written(run: _Run, touch: Touch) -> None:
    written = run.tools.hands.put(touch, touch.before, touch.after)
    where = f"{touch.context}: {touch.subject}"
    if written.end is Wrote.FAILED and written.failure is not None:
        raise CannotCheckError(f"{where} could not be changed: {written.failure.message}", written.failure.next_step)
    if written.end is Wrote.GONE:
        raise ConflictError(f"{where} is not there any more", "run the drill again")
    if written.end is Wrote.FOREIGN:
        what = "is part of another drill" if touch.is_claim else "was changed meanwhile"
        raise ConflictError(f"{where} {what}: {touch.shown(written.now)}", "look, then run the drill again")


def _call(run: _Run) -> None:
    """Begin the calls, and see that they are answered before anything is taken away."""
    tools, times = run.tools, run.plan.order.times
    run.held.reach(Stage.CALL)
    run.calls = calls = tools.call()
    if not calls.wait(bool, tools.clock.monotonic() + _START):
        raise _RefusedError(_no_calls(calls))
    tools.say(f"calling {run.plan.draft.host} from {run.plan.draft.caller} in {run.plan.draft.caller_context}")
    calls.wait(lambda _: False, tools.clock.monotonic() + times.before)
    failed = [one.answer for one in calls.heard if not one.answer.is_good]
    if failed and not run.plan.order.leave.outage:
        said = failed[0].message or f"HTTP {failed[0].status}"
        raise _RefusedError(
            Refusal(
                reason=Reason.FAILING,
                message=f"{len(failed)} of {len(calls.heard)} calls failed before anything was taken away: {said}",
                next_step=f"meshglobal diagnose svc {run.plan.order.key.name} -n {run.plan.order.key.namespace}",
            )
        )


def _no_calls(calls: SteadyCalls) -> Refusal:
    end = calls.stop()
    why = end.failure.message if end.failure is not None else calls.said
    return Refusal(
        reason=Reason.FAILING,
        message=f"no call was made: {why or 'curl said nothing'}",
        next_step=end.failure.next_step if end.failure is not None else "try one: meshglobal call svc",
    )


def _take_away(run: _Run) -> None:
    for touch in changes_of(run.held.journal):
        run.held.reach(Stage.TAKE_AWAY, touch.subject)
        run.taken = run.taken or run.tools.clock.monotonic()
        run.tools.say(f"{touch.context}: {touch.subject}: {touch.shown(touch.before)}, now {touch.after or 'not set'}")
        _written(run, touch)
    run.held.reach(Stage.AWAY)


def _look(run: _Run) -> None:
    """Let the calls go on while the copy is away; note when its last endpoint has gone."""
    clock, calls, order = run.tools.clock, run.calls, run.plan.order
    until = clock.monotonic() + order.times.away
    if order.mode is Mode.SCALE and _watched(run, is_gone(order.key), until):
        run.gone = clock.monotonic()
        run.tools.say(f"no endpoint is left there after {_since(run, run.gone):.2f}s")
    if calls is not None:
        calls.wait(lambda _: False, until)


def _since(run: _Run, now: float) -> float:
    return now - (run.taken or now)


def _watched(run: _Run, is_so: Callable[[ClusterView], bool], until: float) -> bool:
    order = run.plan.order
    return watched_until(run.tools.fleet, run.plan.mesh, (run.plan.draft.context, order.key), is_so, until)


def _restore(run: _Run, *, waits: bool = False) -> None:
    """Put everything back and end the calls; ``waits``: until it is there again, and answers.

    It may be broken off, and done again: what was put back already is left alone.
    """
    if run.is_over:
        return
    clock = run.tools.clock
    run.put_back = run.put_back or clock.monotonic()
    run.restored, run.is_closed = restore(run.tools.hands, run.held, lambda: _return(run) if waits else None)
    if run.calls is not None:
        run.remains = [end.remains] if (end := run.calls.stop()).remains else []
    if not run.is_closed:
        run.held.leave()
    run.is_over = True


def _return(run: _Run) -> None:
    clock, times = run.tools.clock, run.plan.order.times
    run.tools.say(f"put back after {_since(run, clock.monotonic()):.2f}s; waiting until it is ready")
    is_there = is_ready(run.plan.order.key, run.plan.touches)
    if not _watched(run, is_there, clock.monotonic() + times.ready):
        run.tools.say(f"it was not ready within {times.ready:g}s")
        return
    run.ready = ready = clock.monotonic()
    run.tools.say(f"ready again after {_since(run, ready):.2f}s")
    if run.calls is None:
        return
    run.calls.wait(lambda _: False, ready + times.after)
    setting = _setting(run.plan)
    if setting.is_expected_back:
        run.calls.wait(lambda heard: _answers_again(heard, ready, setting), ready + times.answers)


def _answers_again(heard: Sequence[Heard], since: float, setting: Setting) -> bool:
    """Whether the drilled cluster answered; or whether answers do not say who gave them."""
    after = [one.answer for one in heard if one.at >= since and one.answer.is_good]
    return bool(after) and any(setting.who(answer) in (None, setting.drilled) for answer in after)


def _setting(plan: DrillPlan) -> Setting:
    is_expected = plan.order.context in plan.prediction.before
    return Setting(plan.order.context, plan.names, is_expected)


def _observed(run: _Run) -> Drill:
    plan, taken = run.plan, run.taken or 0.0
    heard = run.calls.heard if run.calls is not None else ()
    marks = Marks(*(None if at is None else at - taken for at in (run.gone, run.put_back, run.ready)))
    course = course_of([Timed(one.at - taken, one.answer) for one in heard], marks, _setting(plan))
    code = exit_code_of(plan.prediction.ending, course, plan.order.max_lost, run.restored)
    if not run.is_closed:
        code = ExitCode.CONFLICT
    drill = msgspec.structs.replace(
        plan.draft, exit_code=int(code), course=course, restored=run.restored, remains=tuple(run.remains)
    )
    return msgspec.structs.replace(drill, findings=drill_findings(plan, drill))


def _refused(run: _Run, refusal: Refusal) -> Drill:
    code = refused_code([refusal]) if run.is_closed else ExitCode.CONFLICT
    return msgspec.structs.replace(
        run.plan.draft,
        exit_code=int(code),
        refusals=(refusal,),
        restored=run.restored,
        remains=tuple(run.remains),
    )
