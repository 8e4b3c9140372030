"""The result of `verify`, `expose` and `unexpose` for people: hosts by cluster, what could not be read, remarks."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from meshglobal.domain.diagnosis import for_all
from meshglobal.domain.failure import Failure
from meshglobal.domain.finding import Finding
from meshglobal.domain.report import ClusterReport, Note, Report, Summary
from meshglobal.domain.verdict import State, Verdict
from meshglobal.domain.waivers import Waived
from meshglobal.render.screen import Screen, age, print_table

_COLUMNS = ("HOST", "CONTEXT", "STATE", "ENTRY", "AGE", "REASON")
Subject = tuple[str | None, str | None, str | None]
Told = Mapping[Subject, str]
_MANY = 8
_FEW = 3
_ANY = "\0"
"""Stands for a context; no command has this letter."""


def show_report(report: Report, out: Screen, now: float, *, wide: bool = False, place: str = "") -> None:
    """Print the hosts' table and the summary on ``out``; on a terminal each reason has a line of its own.

    ``place`` says where was looked, in case that nothing was found.
    """
    if report.hosts:
        rows = list(_rows(report.hosts, now, wide=wide, is_terminal=out.is_terminal))
        if out.is_terminal:
            print_table(out, _COLUMNS[:-1], [row[:-1] for row in rows], [row[-1] for row in rows])
        else:
            print_table(out, _COLUMNS, rows)
        out.print()
    out.print(_summary_line(report.summary, report.hosts, place))


def show_clusters(clusters: Sequence[ClusterReport], err: Screen) -> None:
    """Say which clusters, or which kinds in them, could not be read, and what to do next: all that is alike once.

    A quiet screen shows what could not be read all the same: it may be why the run failed.
    """
    loud = replace(err, quiet=False)
    steps: dict[str, dict[str, list[str]]] = {}
    for cluster in clusters:
        reasons: dict[Failure, list[str]] = {}
        for unread in cluster.unread:
            reasons.setdefault(unread.failure, []).append(unread.kind or "")
        for failure, kinds in reasons.items():
            what = " ".join(filter(None, [", ".join(dict.fromkeys(filter(None, kinds))), "could not be read"]))
            alike = steps.setdefault(failure.next_step, {})
            alike.setdefault(f"{what}: {failure.message} ({failure.cause})", []).append(cluster.context)
    for step, alike in steps.items():
        for said, contexts in alike.items():
            named = contexts if len(contexts) <= _MANY else contexts[:_FEW]
            loud.print(f"{', '.join(named)}{_more(contexts, len(named))}: {said}")
        if step:
            err.print(f"  next: {step}")


def told_by(hosts: Sequence[Verdict], clusters: Sequence[ClusterReport]) -> Told:
    """What `show_report` says of these hosts and `show_clusters` of these clusters, by whom it is about."""
    told: dict[Subject, str] = {}
    for one in hosts:
        subject = (one.context, one.namespace, one.service)
        told[subject] = f"{told.get(subject, '')}\n{one.reason}"
    for cluster in clusters:
        told[cluster.context, None, None] = "\n".join(unread.failure.message for unread in cluster.unread)
    return told


def show_findings(findings: Sequence[Finding], err: Screen, told: Told | None = None) -> None:
    """Print findings, each once for all clusters and services in which it is worded alike, with its remedy.

    Of what is ``told`` elsewhere in the same words, only the remedy is shown.
    """
    together: dict[tuple[str, str, str], list[Finding]] = {}
    remedies: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.message in (told or {}).get((finding.context, finding.namespace, finding.service), ""):
            if finding.remedy and finding.service is not None:  # for clusters, `show_clusters` says the next step
                remedies.setdefault(finding.code, []).append(finding)
        else:
            together.setdefault((finding.level, finding.code, finding.message), []).append(finding)
    for code, told_elsewhere in remedies.items():
        for way in _ways(told_elsewhere):
            err.print(f"next: {way} [{code}]")
    for (level, code, message), alike in together.items():
        places = list(dict.fromkeys(finding.subject for finding in alike))
        rule = f" ({alike[0].rule})" if alike[0].rule else ""
        where = f"{', '.join(places[:_FEW])}{_more(places)}: " if any(places) else ""
        err.print(f"{level}: {where}{message} [{code}]{rule}")
        for way in _ways(alike):
            err.print(f"  next: {way}")


def _ways(findings: Sequence[Finding]) -> list[str]:
    """A few remedies; commands of ours that differ in the cluster alone are one for all of these clusters."""
    together: dict[str, dict[str, None]] = {}
    for one in findings:
        if one.remedy:
            together.setdefault(for_all(one.remedy, one.context or "", (_ANY,)), {})[one.context or ""] = None
    ways = [way.replace(shlex.quote(_ANY), shlex.quote(",".join(contexts))) for way, contexts in together.items()]
    rest = [f"{len(ways) - _FEW} more like it; -o json has them all"] if len(ways) > _FEW else []
    return [*ways[:_FEW], *rest]


def show_waived(waived: Sequence[Waived], err: Screen) -> None:
    """Say what was found and does not count, in one line for each reason."""
    together: dict[tuple[str, str], dict[str, None]] = {}
    for one in waived:
        together.setdefault((one.reason, one.expires), {})[f"{one.subject} [{one.code}]".strip()] = None
    for (reason, expires), found in together.items():
        until = f", until {expires}" if expires else ""
        places = list(found)
        err.print(f"waived ({reason}{until}): {', '.join(places[:_FEW])}{_more(places)}")


def _more(places: Sequence[str], named: int = _FEW) -> str:
    return f" and {len(places) - named} more" if len(places) > named else ""


def show_notes(notes: Sequence[Note], err: Screen) -> None:
    """Print remarks, one a line."""
    for note in notes:
        where = f"{note.namespace}/{note.service}" if note.service else note.namespace or ""
        place = f" in {note.context}" if note.context else ""
        rule = f" ({note.rule})" if note.rule else ""
        subject = f"{where}{place}".strip()
        err.print(f"{note.severity}: {f'{subject}: ' if subject else ''}{note.message}{rule}")


def _rows(verdicts: Sequence[Verdict], now: float, *, wide: bool, is_terminal: bool) -> Iterator[tuple[str, ...]]:
    for _, group in groupby(verdicts, key=lambda one: (one.namespace, one.service, one.host)):
        together = list(group)
        is_first = True
        for row in _host_rows(together, now, wide=wide):
            yield row if is_first or not is_terminal else ("", *row[1:])
            is_first = False


def _host_rows(verdicts: Sequence[Verdict], now: float, *, wide: bool) -> Iterator[tuple[str, ...]]:
    ready = [one for one in verdicts if one.state is State.READY]
    shown: Sequence[Verdict] = verdicts
    if not wide and len(verdicts) > _MANY:
        shown = [one for one in verdicts if one.state is not State.READY]
        if ready:
            entry = ready[0].entry or "-"
            yield (_host(ready[0]), f"{len(ready)} of {len(verdicts)} clusters", State.READY.value, entry, "", "")
    for one in shown:
        reason = one.reason
        if one.host is not None and one.found_hosts and one.host not in one.found_hosts:
            reason = f"{reason}; found {', '.join(one.found_hosts)}" if one.found_hosts[0] not in reason else reason
        yield (_host(one), one.context, one.state.value, one.entry or "-", age(one.entry_created, now), reason)


def _host(verdict: Verdict) -> str:
    """The host expected; for an entry that nobody expects the host found; else the service's name."""
    if verdict.host is not None:
        return verdict.host
    return verdict.found_hosts[0] if verdict.found_hosts else f"{verdict.namespace}/{verdict.service}"


def _summary_line(summary: Summary, verdicts: Sequence[Verdict], place: str) -> str:
    counts = [
        f"{count} {word}"
        for count, word in (
            (summary.ready, "ready"),
            (summary.partial, "partial"),
            (summary.missing, "missing"),
            (summary.drift, "drift"),
            (summary.stale, "stale"),
            (summary.unknown, "unknown"),
        )
        if count
    ]
    read = f"{summary.clusters_read} of {summary.clusters} clusters read"
    if not counts:
        return f"{_nothing(summary, place)}; {read}"
    hosts = len({(one.namespace, one.service, one.host) for one in verdicts})
    return f"{', '.join(counts)}; {hosts} host{'' if hosts == 1 else 's'} in {read}"


def _nothing(summary: Summary, place: str) -> str:
    """Absence may only be claimed where everything was read."""
    if not summary.clusters_read:
        return "nothing could be read"
    unread = " in what could be read" if summary.clusters_read < summary.clusters else ""
    return f"no global service {place}".rstrip() + unread
