"""The result of `call` for people: a table of clusters, or, for one call, what is to be said beside its answer."""

from __future__ import annotations

from collections.abc import Sequence

from meshglobal.domain.call_report import CallReport, Calls
from meshglobal.domain.call_source import Source
from meshglobal.domain.call_statistics import UNKNOWN, Figures
from meshglobal.render.screen import Screen, print_table

_COLUMNS = ("CONTEXT", "FROM", "METHOD", "CALLS", "GOOD", "STATUS", "ANSWERED BY")
_TIMES = ("MIN", "P50", "P90", "P99", "MAX")


def show_calls(report: CallReport, out: Screen, *, wide: bool = False) -> None:
    """Print what was called, and one row a cluster."""
    for url in dict.fromkeys(one.url for one in report.calls if one.url is not None):
        out.print(f"GET {url}")
    is_timed = wide or any(one.count > 1 for one in report.calls)
    columns = (*_COLUMNS[:-1], *(_TIMES if is_timed else ("TIME",)), _COLUMNS[-1])
    remote = any(one.remote is not None for one in report.calls)
    rows = [_row(one, is_timed=is_timed, has_remote=remote) for one in report.calls]
    print_table(out, (*columns, "REMOTE") if remote else columns, rows)


def _row(one: Calls, *, is_timed: bool, has_remote: bool) -> tuple[str, ...]:
    figures = one.figures
    row = (
        one.context,
        source_text(one.source),
        one.method.value if one.method is not None else "-",
        str(figures.ended),
        str(figures.good),
        status_text(figures),
        *times_text(figures, is_timed=is_timed),
        served_text(figures),
    )
    return (*row, one.remote.shown.value if one.remote is not None else "-") if has_remote else row


def source_text(source: Source | None) -> str:
    """Which pod called."""
    if source is None:
        return "-"
    return f"{source.namespace}/{source.pod}" if source.pod is not None else f"{source.namespace}/(made for it)"


def status_text(figures: Figures) -> str:
    """Statuses and troubles with their counts: ``200 x198, timeout x2``."""
    troubles = [(one.kind, one.count) for one in figures.failed if not one.kind.isdecimal()]
    return ", ".join(f"{word} x{count}" for word, count in (*figures.statuses.items(), *troubles)) or "-"


def served_text(figures: Figures) -> str:
    """Who answered how often."""
    return ", ".join(f"{one.name} {one.count}" for one in figures.served_by) or "-"


def times_text(figures: Figures, *, is_timed: bool) -> tuple[str, ...]:
    """How the times are spread, or only the longest."""
    found = figures.latency
    if found is None:
        return ("-",) * (len(_TIMES) if is_timed else 1)
    values = (found.min, found.p50, found.p90, found.p99, found.max)
    return tuple(milliseconds(value) for value in (values if is_timed else values[-1:]))


def milliseconds(seconds: float) -> str:
    """A time in three figures or so: ``1.2ms``, ``87ms``, ``2.5s``."""
    if seconds >= 1:
        return f"{seconds:.2f}s"
    return f"{seconds * 1000:.1f}ms" if seconds < 0.1 else f"{seconds * 1000:.0f}ms"  # noqa: PLR2004 - where a tenth matters


def show_beside(report: CallReport, err: Screen, *, is_single: bool) -> None:
    """Say what the table or the answer does not: who called a single time, what was shown, what could not be called."""
    for one in report.calls:
        if is_single and one.figures.ended:
            err.print(_single(one))
        if one.remote is not None:
            err.print(f"{one.context}: path to other clusters: {one.remote.shown}: {one.remote.reason}")
        if one.source is not None and one.source.enrolled is False:
            err.print(f"warning: {one.context}: the caller {source_text(one.source)} is not in the mesh (R37)")
        if 0 < one.figures.connections < one.figures.ended:
            err.print(f"{one.context}: {one.figures.connections} connections served {one.figures.ended} calls")
    _show_failures(report.calls, err)


def _single(one: Calls) -> str:
    figures = one.figures
    who = served_text(figures).rpartition(" ")[0]
    answered = f", answered by {who}" if who not in ("", UNKNOWN) else ""
    took = times_text(figures, is_timed=False)[0]
    time = f" in {took}" if took != "-" else ""
    return f"{one.context}: from pod {source_text(one.source)} by {one.method}: {_bare(figures)}{time}{answered}"


def _bare(figures: Figures) -> str:
    return status_text(figures).replace(" x1", "")


def _show_failures(calls: Sequence[Calls], err: Screen) -> None:
    from dataclasses import replace

    loud = replace(err, quiet=False)
    for one in calls:
        if one.failure is not None:
            loud.print(f"{one.context}: could not call: {one.failure.message} ({one.failure.cause})")
            if one.failure.next_step:
                err.print(f"  next: {one.failure.next_step}")
