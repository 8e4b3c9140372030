"""`--report html=FILE`: one page that needs nothing else: no script, no network, light and dark.

Meaning is carried by words; colour only underlines it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from meshglobal.domain.drill_report import Drill
from meshglobal.domain.finding import Finding
from meshglobal.domain.waivers import Waived
from meshglobal.render.drill_chart import chart_of
from meshglobal.render.legible import legible, one_line
from meshglobal.render.result import Result, Subject, Told

_STYLE = """\
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem;
  color: light-dark(#1b1f24, #e6e8eb); background: light-dark(#fff, #14171a); }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem; overflow-wrap: anywhere;
  border-bottom: 1px solid light-dark(#d0d7de, #3a4048); }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
summary { cursor: pointer; }
.ok { color: light-dark(#116329, #6fdd8b); }
.warning { color: light-dark(#7d4e00, #e3b341); }
.error { color: light-dark(#a40e26, #ff8e8a); }
.unknown { color: light-dark(#6639ba, #d2a8ff); }
"""
# Nothing is loaded and nothing runs, even if something should slip through.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def text_of(result: Result) -> str:
    """The result as an HTML document."""
    title = _text(f"meshglobal {result.command}: {result.ending}")
    head = (
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>\n{_STYLE}</style>",
        "</head>",
        "<body>",
        f"<h1>{title}</h1>",
    )
    return "\n".join([*head, *_body(result), "</body>", "</html>"]) + "\n"


def _body(result: Result) -> Iterator[str]:
    if result.error is not None:
        yield f'<p class="error">{_text(result.error.message)}</p>'
        yield f"<p>{_text(result.error.hint)}</p>"
        return
    yield f"<p>{_text(result.summary)} (exit code {result.exit_code})</p>"
    if result.cause:
        yield f"<p>{_text(result.cause)}{_next(result.remedy)}</p>"
    yield from _section("Not written", map(_gap, result.unwritten()), ("cluster", "object", "why", "next"))
    yield from _section("Findings", map(_finding, result.findings), ("level", "code", "where", "what"))
    if isinstance(result.document, Drill):
        yield from chart_of(result.document)
    columns = _columns(result.subject)
    yield from _section(result.subject.heading, map(_told, result.not_fine), columns)
    linkless = [_row(*map(_text, link)) for link in result.links if link[2] != "linked"]
    yield from _section("Not linked", linkless, ("cluster", "with", "link"))
    yield from _section("Waived", map(_waived, result.waived), ("code", "where", "why", "until"))
    yield from _section("Not read", map(_gap, result.unread()), ("cluster", "why", "next"))
    if result.fine:
        yield f"<details>\n<summary>{len(result.fine)} {_text(result.fine[0].state)}</summary>"
        yield from _table([_told(one) for one in result.fine], columns)
        yield "</details>"


def _columns(subject: Subject) -> tuple[str, ...]:
    return subject.title, "cluster", "state", subject.detail, "reason"


def _section(title: str, rows: Iterable[str], columns: Sequence[str]) -> Iterator[str]:
    shown = list(rows)
    if shown:
        yield f"<h2>{title}</h2>"
        yield from _table(shown, columns)


def _table(rows: Sequence[str], columns: Sequence[str]) -> Iterator[str]:
    heads = "".join(f'<th scope="col">{column}</th>' for column in columns)
    yield f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>"
    yield from rows
    yield "</tbody>\n</table>"


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _finding(finding: Finding) -> str:
    return _row(
        _word(finding.level.value, finding.level.value),
        f"{finding.code} {_text(finding.slug)}",
        _text(finding.subject),
        _text(finding.message) + _next(finding.remedy),
    )


def _next(remedy: str) -> str:
    return f"<br>next: <code>{_text(remedy)}</code>" if remedy else ""


def _told(told: Told) -> str:
    return _row(
        _text(told.title),
        _text(told.context),
        _word(told.state, told.severity.name.lower()),
        _text(told.detail or "-"),
        _text(told.reason),
    )


def _waived(one: Waived) -> str:
    return _row(_text(one.code), _text(one.subject), _text(one.reason), _text(one.expires or "-"))


def _gap(gap: Sequence[str]) -> str:
    return _row(*map(_text, gap))


def _word(word: str, severity: str) -> str:
    """A state or level, in the colour of its severity."""
    return f'<strong class="{severity}">{_text(word)}</strong>'


def _text(text: str) -> str:
    return escape(one_line(legible(text)))
