"""`--report github=FILE`: workflow commands that GitHub Actions turns into annotations when they are printed."""

from __future__ import annotations

from meshglobal.domain.report import Report
from meshglobal.domain.verdict import Severity
from meshglobal.render.legible import legible
from meshglobal.render.outcome import host_of, severity_of, unexplained, unread

_ERROR, _WARNING = "error", "warning"  # unknown is a warning, too: never shown as if all were well


def text_of(report: Report) -> str:
    """One line for each thing that is wrong, errors first: GitHub shows the first ten of each kind."""
    lines = []
    if report.error is not None:
        lines.append(_line(_ERROR, "meshglobal", report.error.message, report.error.hint))
    for finding in report.findings:
        word = _word(severity_of(finding))
        title = f"{finding.code} {finding.slug}"
        lines.append(_line(word, title, _about(finding.subject, finding.message), finding.remedy))
    for verdict in unexplained(report):
        title = f"{verdict.state.value} in {verdict.context}"
        lines.append(_line(_word(verdict.severity), title, _about(host_of(verdict), verdict.reason)))
    lines += [_line(_WARNING, f"{context} not read", text, step) for context, text, step in unread(report)]
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
