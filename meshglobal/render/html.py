"""`--report html=FILE`: one page that needs nothing else: no script, no network, light and dark.

Meaning is carried by words; colour only underlines it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from meshglobal.domain.finding import Finding
from meshglobal.domain.report import Report
from meshglobal.domain.verdict import State, Verdict
from meshglobal.domain.waivers import Waived
from meshglobal.render.legible import legible, one_line
from meshglobal.render.outcome import counts, ending, host_of, not_ready, unread

_STYLE = """\
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem;
  color: light-dark(#1b1f24, #e6e8eb); background: light-dark(#fff, #14171a); }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem; overflow-wrap: anywhere;
  border-bottom: 1px solid light-dark(#d0d7de, #3a4048); }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
summary { cursor: pointer; }
.Ready, .passed { color: light-dark(#116329, #6fdd8b); }
.Partial, .warning { color: light-dark(#7d4e00, #e3b341); }
.Missing, .Drift, .Stale, .error, .failed { color: light-dark(#a40e26, #ff8e8a); }
.Unknown, .unknown { color: light-dark(#6639ba, #d2a8ff); }
"""
# Nothing is loaded and nothing runs, even if something should slip through.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def text_of(report: Report) -> str:
    """The report as an HTML document."""
    title = _text(f"meshglobal {report.command}: {ending(report)}")
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
    return "\n".join([*head, *_body(report), "</body>", "</html>"]) + "\n"


def _body(report: Report) -> Iterator[str]:
    if report.error is not None:
        yield f'<p class="error">{_text(report.error.message)}</p>'
        yield f"<p>{_text(report.error.hint)}</p>"
        return
    yield f"<p>{_text(counts(report))} (exit code {report.exit_code})</p>"
    yield from _section("Findings", map(_finding, report.findings), ("level", "code", "where", "what"))
    columns = ("host", "cluster", "state", "entry", "reason")
    yield from _section("Not Ready", map(_host, not_ready(report)), columns)
    yield from _section("Waived", map(_waived, report.waived), ("code", "where", "why", "until"))
    yield from _section("Not read", map(_gap, unread(report)), ("cluster", "why", "next"))
    ready = [_host(one) for one in report.hosts if one.state is State.READY]
    if ready:
        yield f"<details>\n<summary>{len(ready)} Ready</summary>"
        yield from _table(ready, columns)
        yield "</details>"


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
    remedy = f"<br>next: <code>{_text(finding.remedy)}</code>" if finding.remedy else ""
    return _row(
        _word(finding.level.value),
        f"{finding.code} {_text(finding.slug)}",
        _text(finding.subject),
        _text(finding.message) + remedy,
    )


def _host(verdict: Verdict) -> str:
    return _row(
        _text(host_of(verdict)),
        _text(verdict.context),
        _word(verdict.state.value),
        _text(verdict.entry or "-"),
        _text(verdict.reason),
    )


def _waived(one: Waived) -> str:
    return _row(_text(one.code), _text(one.subject), _text(one.reason), _text(one.expires or "-"))


def _gap(gap: tuple[str, str, str]) -> str:
    return _row(*map(_text, gap))


def _word(word: str) -> str:
    """A state or level, with the colour of its name."""
    return f'<strong class="{word}">{word}</strong>'


def _text(text: str) -> str:
    return escape(one_line(legible(text)))
