"""The result of a drill for people: what was predicted, what came of it, a table of its phases and a small plot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshglobal.domain.call_statistics import Figures
from meshglobal.domain.drill_course import Course, PhaseFigures, Slice
from meshglobal.domain.drill_prediction import Ending
from meshglobal.domain.drill_report import Drill, PutBack, Restoration
from meshglobal.render.screen import Screen, print_table

_COLUMNS = ("PHASE", "SECONDS", "CALLS", "FAILED", "P50", "P99", "MAX", "ANSWERED-BY")
_BARS = "▁▂▃▄▅▆▇█"
_LETTERS = "123456789abcdefghijklmnopqrstuvw"
_WORDS = {
    Ending.FAILOVER: "other clusters answer",
    Ending.OUTAGE: "nobody answers",
    Ending.UNAFFECTED: "the calls go on as before",
    Ending.UNKNOWN: "not known",
}
_STATUSES = {
    "put-back": "put back: {after}",
    "unchanged": "as before: {after}",
    "foreign": "left alone, somebody else has changed it: {now} (before the drill: {after})",
    "gone": "gone: it was deleted or made anew meanwhile",
    "failed": "could not be put back to {after}: {why}",
}


def show_plan(drill: Drill, out: Screen) -> None:
    """What is predicted and what would be changed, before it is."""
    if (expected := drill.expected) is None:
        return
    out.print(f"{drill.namespace}/{drill.service} in {drill.context}: {_calls(drill)}")
    out.print(f"predicted: {_WORDS[expected.ending]}: {expected.why} ({expected.distribution}, R28)")
    for touch in drill.touches:
        out.print(f"takes away: {touch.subject}: {touch.shown(touch.before)}, meanwhile {_meanwhile(touch.after)}")
    for note in drill.notes:
        out.print(f"note: {note}")


def _meanwhile(value: str | None) -> str:
    return "not set" if value is None else value


def _calls(drill: Drill) -> str:
    caller = f"{drill.caller} in {drill.caller_context}" if drill.caller else "a caller that is not chosen yet"
    return f"{drill.rate:g} calls a second to http://{drill.host}:{drill.port}{drill.path} from {caller}"


def show_refusals(drill: Drill, out: Screen) -> None:
    """Why nothing was taken away."""
    for one in drill.refusals:
        out.print(f"error: refused: {one.message}")
        if one.next_step:
            out.print(f"hint: {one.next_step}")


def show_drill(drill: Drill, out: Screen) -> None:
    """Print what was observed."""
    course = drill.course
    if course is None:
        out.print("nothing was changed" if not drill.restored else "nothing was taken away")
        return
    out.print(verdict_of(drill), style="green" if drill.exit_code == 0 else "bold red")
    out.print()
    print_table(out, _COLUMNS, [_row(one) for one in course.phases])
    out.print()
    for name, value in facts_of(drill):
        out.print(f"{name:<40} {value}")
    out.print()
    for line in plot_of(course):
        out.print(line)


def verdict_of(drill: Drill) -> str:
    """One sentence."""
    expected, course = drill.expected, drill.course
    if expected is None or course is None:
        return "; ".join(one.message for one in drill.refusals) or "nothing was observed"
    seen = _WORDS[course.observed]
    is_as_predicted = course.observed is expected.ending
    first = f"as predicted: {seen}" if is_as_predicted else f"predicted: {_WORDS[expected.ending]}; observed: {seen}"
    lost = f"{course.lost or 'no'} call{'' if course.lost == 1 else 's'} lost"
    back = {True: "it answers again", False: "it does NOT answer again", None: ""}[course.has_returned]
    if course.ready_after is None:
        back = "it is NOT ready again"
    return "; ".join(filter(None, (first, lost, back)))


def facts_of(drill: Drill) -> Iterator[tuple[str, str]]:
    """The figures of the whole, by name."""
    course = drill.course
    if course is None:
        return
    inferred = " (inferred: no own endpoint was left)" if course.is_inferred else ""
    yield "no endpoint left after", _seconds(course.gone_after)
    yield "first answer of another cluster after", _seconds(course.first_remote) + inferred
    yield "longest without a good answer", _seconds(course.longest_gap)
    yield "calls lost", f"{course.lost} (allowed: {drill.max_lost}){_kinds(course)}"
    yield "ready again, from the putting back", _seconds(course.ready_after)


def _kinds(course: Course) -> str:
    counts: dict[str, int] = {}
    for phase in course.phases:
        for failed in phase.figures.failed if phase.phase != "before" else ():
            counts[failed.kind] = counts.get(failed.kind, 0) + failed.count
    return f": {', '.join(f'{count} {kind}' for kind, count in counts.items())}" if counts else ""


def _row(phase: PhaseFigures) -> tuple[str, ...]:
    figures = phase.figures
    latency = figures.latency
    times = ("-", "-", "-") if latency is None else tuple(map(milliseconds, (latency.p50, latency.p99, latency.max)))
    seconds = "-" if phase.seconds is None else f"{phase.seconds:.1f}"
    failed = str(figures.ended - figures.good)
    return phase.phase.value, seconds, str(figures.ended), failed, *times, served_by(figures)


def served_by(figures: Figures) -> str:
    """Who answered how often."""
    counts: dict[str, int] = {}
    for one in figures.served_by:
        name = one.context or one.name
        counts[name] = counts.get(name, 0) + one.count
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "-"


def milliseconds(seconds: float) -> str:
    """A time as people read it: ``4.2ms``, ``41ms``, ``1.30s``."""
    if seconds >= 1:
        return f"{seconds:.2f}s"
    return f"{seconds * 1000:.1f}ms" if seconds < 0.01 else f"{seconds * 1000:.0f}ms"  # noqa: PLR2004 - a figure after the point


def _seconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.2f}s"


def plot_of(course: Course) -> Iterator[str]:
    """Three lines, a character for each slice: the longest answer, who answered, and where the copy was taken away."""
    slices = course.slices
    if not slices:
        return
    names = sorted({name for one in slices for name in one.served_by})
    most = max((one.latency or 0.0 for one in slices), default=0.0)
    yield f"latency      {''.join(_bar(one, most) for one in slices)}  highest {milliseconds(most)}; x: a call failed"
    yield f"answered by  {''.join(_who(one, names) for one in slices)}  {_legend(names)}"
    start = next((number for number, one in enumerate(slices) if one.start >= 0), 0)
    yield f"             {' ' * start}^ taken away; a character is {course.width:g}s"


def _bar(one: Slice, most: float) -> str:
    if one.failed:
        return "x"
    if one.latency is None or not most:
        return " "
    return _BARS[min(len(_BARS) - 1, int(one.latency / most * len(_BARS)))]


def _who(one: Slice, names: Sequence[str]) -> str:
    if not one.served_by:
        return "." if not one.ended else "x"
    return "*" if len(one.served_by) > 1 else _LETTERS[names.index(next(iter(one.served_by))) % len(_LETTERS)]


def _legend(names: Sequence[str]) -> str:
    known = [f"{_LETTERS[number % len(_LETTERS)]}: {name}" for number, name in enumerate(names)]
    return ", ".join([*known, "*: several"] if len(names) > 1 else known)


def put_back_line(one: PutBack) -> str:
    """One value that was touched, for people."""
    touch = one.touch
    why = one.failure.message if one.failure is not None else ""
    words = _STATUSES[one.status].format(after=touch.shown(touch.before), now=touch.shown(one.now), why=why)
    return f"{touch.context}: {touch.subject} {words}"


def show_unrestored(values: Sequence[PutBack], out: Screen) -> None:
    """What is not as it was, on stderr."""
    for one in values:
        if not one.is_done:
            out.print(f"error: {put_back_line(one)}")
            if one.failure is not None and one.failure.next_step:
                out.print(f"hint: {one.failure.next_step}")


def show_restoration(found: Restoration, out: Screen) -> None:
    """What `drill restore` did."""
    if not found.drills:
        out.print("no drill is open")
    for drill in found.drills:
        out.print(f"{drill.namespace}/{drill.service} in {drill.context}, begun {drill.created} by {drill.by}:")
        for one in drill.values:
            out.print(f"  {put_back_line(one)}")
        out.print(f"  {'all is as before; the drill is closed' if drill.is_closed else 'the drill is still open'}")
