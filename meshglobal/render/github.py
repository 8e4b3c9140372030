"""`--report github=FILE`: workflow commands that GitHub Actions turns into annotations when they are printed."""

from __future__ import annotations

from meshglobal.domain.verdict import Severity
from meshglobal.render.legible import legible
from meshglobal.render.result import Result, severity_of

_ERROR, _WARNING = "error", "warning"  # unknown is a warning, too: never shown as if all were well


def text_of(result: Result) -> str:
    """One line for each thing that is wrong, errors first: GitHub shows the first ten of each kind."""
    lines = []
    if result.error is not None:
        lines.append(_line(_ERROR, "meshglobal", result.error.message, result.error.hint))
    for context, name, text, step in result.unwritten():
        lines.append(_line(_ERROR, f"{name} in {context}", text, step))
    for finding in result.findings:
        word = _word(severity_of(finding.level))
        title = f"{finding.code} {finding.slug}"
        lines.append(_line(word, title, _about(finding.subject, finding.message), finding.remedy))
    for one in result.unexplained:
        title = f"{one.state} in {one.context}"
        lines.append(_line(_word(one.severity), title, _about(one.title, one.reason), one.remedy))
    lines += [_line(_WARNING, f"{context} not read", text, step) for context, text, step in result.unread()]
    return "".join(sorted(lines, key=lambda line: not line.startswith(f"::{_ERROR}")))


def _word(severity: Severity) -> str:
    return _ERROR if severity is Severity.ERROR else _WARNING


def _about(subject: str, text: str) -> str:
    return ": ".join(filter(None, [subject, text]))


def _line(word: str, title: str, message: str, remedy: str = "") -> str:
    text = f"{message}\nnext: {remedy}" if remedy else message
    return f"::{word} title={_property(title)}::{_data(text)}\n"


def _data(text: str) -> str:
    return legible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
