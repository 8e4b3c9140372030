"""The chart of a drill for the page of `--report html`: a picture in the page itself, with the same in words below."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from meshglobal.domain.drill_course import Course, Slice
from meshglobal.domain.drill_report import Drill
from meshglobal.render.drill import facts_of, milliseconds, served_by, verdict_of
from meshglobal.render.legible import one_line

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 960, 240, 60, 30, 12
_COLOURS = ("#3572b0", "#2e8540", "#b25d00", "#7b4fa3", "#0f7f83", "#a8456b")
_FAILED = "#c62828"


def chart_of(drill: Drill) -> Iterator[str]:
    """The section of a page."""
    course = drill.course
    if course is None or not course.slices:
        return
    yield "<h2>Course</h2>"
    yield f"<p>{_text(verdict_of(drill))}</p>"
    names = sorted({name for one in course.slices for name in one.served_by})
    yield f"<p>{' '.join(_key(name, _colour(names, name)) for name in names)} {_key('failed', _FAILED)}</p>"
    yield from _picture(course, names)
    yield "<table>"
    for name, value in facts_of(drill):
        yield f'<tr><th scope="row">{_text(name)}</th><td>{_text(value)}</td></tr>'
    for phase in course.phases:
        ended = f"{phase.figures.ended} calls, {phase.figures.ended - phase.figures.good} failed"
        words = f"{ended}; answered by: {served_by(phase.figures)}"
        yield f'<tr><th scope="row">{_text(phase.phase.value)}</th><td>{_text(words)}</td></tr>'
    yield "</table>"


def _key(name: str, colour: str) -> str:
    return f'<span style="color: {colour}">&#9632;</span> {_text(name)}'


def _colour(names: list[str], name: str) -> str:
    return _COLOURS[names.index(name) % len(_COLOURS)]


def _picture(course: Course, names: list[str]) -> Iterator[str]:
    slices = course.slices
    most = max((one.latency or 0.0 for one in slices), default=0.0) or 1.0
    step = (_WIDTH - _LEFT) / len(slices)
    label = f"Longest answer in each {course.width:g}s, by the cluster that answered"
    yield f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(label)}" width="100%">'
    yield f'<text x="{_LEFT - 6}" y="{_TOP + 10}" text-anchor="end" fill="currentColor" font-size="12">'
    yield f"{_text(milliseconds(most))}</text>"
    for number, one in enumerate(slices):
        yield from _column(one, _LEFT + number * step, step, most, names)
    floor = _HEIGHT - _BOTTOM
    yield f'<line x1="{_LEFT}" y1="{floor}" x2="{_WIDTH}" y2="{floor}" stroke="currentColor"/>'
    yield from _marks(course, step)
    yield "</svg>"


def _column(one: Slice, left: float, step: float, most: float, names: list[str]) -> Iterator[str]:
    """A slice: as high as its longest answer, shared among those who answered; red to the top where a call failed."""
    room = _HEIGHT - _BOTTOM - _TOP
    title = f"<title>{_text(f'{one.start:g}s: {one.ended} calls, {one.failed} failed')}</title>"
    if one.failed:
        yield _box((left, _TOP), (step, room), _FAILED, title)
    height = room * min(1.0, (one.latency or 0.0) / most)
    total, low = sum(one.served_by.values()), float(_HEIGHT - _BOTTOM)
    for name, count in one.served_by.items():
        part = height * count / total
        low -= part
        yield _box((left, low), (step, part), _colour(names, name), title)


def _box(at: tuple[float, float], size: tuple[float, float], colour: str, title: str) -> str:
    place = f'x="{at[0]:.1f}" y="{at[1]:.1f}" width="{max(1.0, size[0] - 1):.1f}" height="{max(1.0, size[1]):.1f}"'
    return f'<rect {place} fill="{colour}">{title}</rect>'


def _marks(course: Course, step: float) -> Iterator[str]:
    """When the copy was taken away, and when it was put back."""
    first = course.slices[0].start
    away = next((phase.seconds for phase in course.phases if phase.phase == "away"), None)
    moments = [(0.0, "taken away")] + ([] if away is None else [(away, "put back")])
    for at, word in moments:
        x = _LEFT + (at - first) / course.width * step
        floor = _HEIGHT - _BOTTOM
        yield f'<line x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{floor}" stroke="currentColor" stroke-dasharray="4"/>'
        yield f'<text x="{x:.1f}" y="{_HEIGHT - 8}" fill="currentColor" font-size="12">{word}</text>'


def _text(text: str) -> str:
    return escape(one_line(text))
