"""What was written, in kubectl's words, one line a cluster: ``cluster1: service/productpage labeled``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshglobal.domain.blast import Blast
from meshglobal.domain.labels import Section
from meshglobal.domain.plan import Status, Step, StepResult
from meshglobal.render.screen import Screen

_SUFFIX = {"none": "", "client": " (dry run)", "server": " (server dry run)"}
_VERBS = {
    (Section.LABEL, True): "labeled",
    (Section.LABEL, False): "unlabeled",
    (Section.ANNOTATION, True): "annotated",
    (Section.ANNOTATION, False): "annotation removed",
}
_STYLES = {"  -": "red", "  +": "green"}
_MOST = 20


def result_line(result: StepResult, dry_run: str) -> str:
    """One line about one object that was written, or needed no write."""
    step = result.step
    subject = f"{step.context}: {step.kind.word}/{step.name}"
    if result.status is Status.UNCHANGED:
        return f"{subject} not labeled (unchanged)"
    verbs = dict.fromkeys(_VERBS[change.section, change.after is not None] for change in step.changes)
    return f"{subject} {', '.join(verbs)}{_SUFFIX[dry_run]}"


def show_diff(steps: Sequence[Step], out: Screen) -> None:
    """Print the changes as a diff of the keys concerned."""
    for line in diff_lines(steps):
        out.print(line, style=_STYLES.get(line[:3], ""))


def diff_lines(steps: Sequence[Step]) -> Iterator[str]:
    """The changes as a diff of the keys concerned: an object a line, below it what it loses (-) and gets (+)."""
    for step in steps:
        place = f" in namespace {step.namespace}" if step.namespace else ""
        yield f"{step.context}: {step.kind.word}/{step.name}{place}"
        for change in step.changes:
            for sign, value in (("-", change.before), ("+", change.after)):
                if value is not None:
                    yield f"  {sign} {change.section.value}: {change.key}={value}"


def extent(steps: Sequence[Step]) -> str:
    """How much would be changed, for who must agree: ``change 2 objects in 2 clusters``."""
    objects, clusters = len(steps), len({step.context for step in steps})
    return f"change {objects} object{'s' * (objects != 1)} in {clusters} cluster{'s' * (clusters != 1)}"


def blast_lines(blast: Blast, unread: Sequence[str] = ()) -> Iterator[str]:
    """The blast radius, a line each; long lists are cut with a count. ``unread``: clusters that could not be read."""
    parts = (
        ("turns global", {str(key): contexts for key, contexts in blast.starts.items()}),
        ("stops being global", {str(key): contexts for key, contexts in blast.stops.items()}),
        ("is taken over (its cluster-local name answers globally)", {str(k): v for k, v in blast.taken_over.items()}),
        ("gathers the endpoints of several clusters", dict(blast.merges)),
    )
    for what, subjects in parts:
        for subject, contexts in list(subjects.items())[:_MOST]:
            yield f"  {subject} {what}: {_some(contexts)}"
        if len(subjects) > _MOST:
            yield f"  and {len(subjects) - _MOST} more that {what}"
    for host in blast.vanishes[:_MOST]:
        yield f"  {host} is no longer published by any selected cluster{_unless(unread)}"
    for host, conflict in list(blast.conflicts.items())[:_MOST]:
        yield f"  {host}: ports disagree: {conflict} (R16)"


def _unless(unread: Sequence[str]) -> str:
    return f", unless by {_some(unread)}, which could not be read" if unread else ""


def _some(contexts: Sequence[str], most: int = 5) -> str:
    shown = ", ".join(contexts[:most])
    return shown if len(contexts) <= most else f"{shown} and {len(contexts) - most} more"
