"""`--report markdown=FILE`: for a step summary or a comment, in GitHub's dialect.

Long results are cut, with their number: a step summary may have one mebibyte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from meshglobal.domain.finding import Finding
from meshglobal.domain.report import Report
from meshglobal.render.legible import one_line
from meshglobal.render.outcome import counts, ending, host_of, not_ready, unread

_MOST = 200
_MEANS_SOMETHING = re.compile(r"([\\`*_{}\[\]<>#|~!$&@])")


def text_of(report: Report) -> str:
    """The report as Markdown."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"## meshglobal {_escaped(report.command)}: {ending(report)}"
    yield ""
    if report.error is not None:
        yield f"**{_escaped(report.error.message) or 'error'}**"
        yield from ("", _escaped(report.error.hint)) if report.error.hint else ()
        return
    yield f"{counts(report)} (exit code {report.exit_code})"
    yield from _hosts(report)
    yield from _findings(report.findings)
    waived = [
        f"- **{_escaped(one.code)}** {_escaped(one.subject)}: {_escaped(one.reason)}{_until(one.expires)}"
        for one in report.waived
    ]
    yield from _section("Waived", waived)
    gaps = [f"- {_escaped(context)}: {_escaped(text)}" for context, text, _ in unread(report)]
    yield from _section("Not read", gaps)


def _hosts(report: Report) -> Iterator[str]:
    rows = [
        f"| {_escaped(host_of(one))} | {_escaped(one.context)} | {one.state.value} | {_escaped(one.reason)} |"
        for one in not_ready(report)
    ]
    if rows:
        yield from _section("Not Ready", rows, ("| host | cluster | state | reason |", "|---|---|---|---|"))


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    lines = []
    for one in findings:
        text = f"- {one.level.value} **{one.code}** {_escaped(one.subject)}: {_escaped(one.message)}"
        lines.append(f"{text}  \n  next: {_code(one.remedy)}" if one.remedy else text)
    yield from _section("Findings", lines)


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
