"""`--report markdown=FILE`: for a step summary or a comment, in GitHub's dialect.

Long results are cut, with their number: a step summary may have one mebibyte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from meshglobal.domain.finding import Finding
from meshglobal.render.legible import one_line
from meshglobal.render.result import Result

_MOST = 200
_MEANS_SOMETHING = re.compile(r"([\\`*_{}\[\]<>#|~!$&@])")


def text_of(result: Result) -> str:
    """The result as Markdown."""
    return "\n".join(_lines(result)) + "\n"


def _lines(result: Result) -> Iterator[str]:
    yield f"## meshglobal {_escaped(result.command)}: {result.ending}"
    yield ""
    if result.error is not None:
        yield f"**{_escaped(result.error.message) or 'error'}**"
        yield from ("", _escaped(result.error.hint)) if result.error.hint else ()
        return
    yield f"{_escaped(result.summary)} (exit code {result.exit_code})"
    if result.cause:
        yield from ("", f"{_escaped(result.cause)}{_next(result.remedy)}")
    unwritten = [
        f"- {_escaped(context)}: {_escaped(name)}: {_escaped(text)}{_next(step)}"
        for context, name, text, step in result.unwritten()
    ]
    yield from _section("Not written", unwritten)
    yield from _told(result)
    yield from _findings(result.findings)
    linkless = [f"- {_escaped(one)} with {_escaped(peer)}: {tie}" for one, peer, tie in result.links if tie != "linked"]
    yield from _section("Not linked", linkless)
    waived = [
        f"- **{_escaped(one.code)}** {_escaped(one.subject)}: {_escaped(one.reason)}{_until(one.expires)}"
        for one in result.waived
    ]
    yield from _section("Waived", waived)
    gaps = [f"- {_escaped(context)}: {_escaped(text)}" for context, text, _ in result.unread()]
    yield from _section("Not read", gaps)


def _told(result: Result) -> Iterator[str]:
    rows = [
        f"| {_escaped(one.title)} | {_escaped(one.context)} | {one.state} | {_escaped(one.reason)} |"
        for one in result.not_fine
    ]
    head = (f"| {result.subject.title} | cluster | state | reason |", "|---|---|---|---|")
    yield from _section(result.subject.heading, rows, head)


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    lines = []
    for one in findings:
        about = ": ".join(filter(None, [_escaped(one.subject), _escaped(one.message)]))
        text = f"- {one.level.value} **{one.code}** {about}"
        lines.append(f"{text}{_next(one.remedy)}")
    yield from _section("Findings", lines)


def _next(remedy: str) -> str:
    return f"  \n  next: {_code(remedy)}" if remedy else ""


def _until(day: str) -> str:
    return f" (until {_escaped(day)})" if day else ""


def _section(title: str, lines: Sequence[str], head: Sequence[str] = ()) -> Iterator[str]:
    if lines:
        yield from ("", f"### {title}", "", *head, *lines[:_MOST])
    if len(lines) > _MOST:
        yield from ("", f"… and {len(lines) - _MOST} more")


def _escaped(text: str) -> str:
    """Text that shows itself: no mark-up, no table border, no reference to a person or an issue."""
    return _MEANS_SOMETHING.sub(r"\\\1", one_line(text))


def _code(text: str) -> str:
    """A command as a code span; its fence is longer than any run of backticks in it."""
    line = one_line(text)
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    return f"{fence} {line} {fence}" if "`" in line else f"{fence}{line}{fence}"
