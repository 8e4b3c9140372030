"""What a run says, as one document: the same for people, for `-o json` and for the page.

`Report` is what `verify`, `expose` and `unexpose` print; its JSON Schema is published in `docs/schema`. Field names on
the wire are camelCase. A field that was not determined is null or empty, never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from meshglobal.domain.errors import ExitCode, MeshglobalError
from meshglobal.domain.failure import Failure
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.plan import KeyChange, Status, StepResult
from meshglobal.domain.snapshot import ClusterSnapshot
from meshglobal.domain.verdict import Severity, State, Verdict
from meshglobal.domain.waivers import Waived

API_VERSION = "meshglobal.dev/v1"


class Unread(msgspec.Struct, frozen=True, rename="camel"):
    """One reading that failed: ``kind`` is null when the whole cluster could not be reached."""

    kind: str | None
    namespace: str | None
    failure: Failure


class ClusterReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One selected cluster: whether it was reached, and what could not be read there."""

    context: str
    uid: str | None = None
    aliases: tuple[str, ...] = ()
    reached: bool = True
    unread: tuple[Unread, ...] = ()


class Change(msgspec.Struct, frozen=True, rename="camel"):
    """One label or annotation of a write: ``before`` and ``after`` are null where it is not set."""

    section: str
    key: str
    before: str | None
    after: str | None


class Write(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What was done, or would be, to one object in one cluster."""

    context: str
    kind: str
    namespace: str | None
    name: str
    status: Status
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()
    failure: Failure | None = None


class Note(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A remark that changes no verdict: a doubtful setting, with the rule it comes from."""

    severity: str
    message: str
    rule: str = ""
    context: str | None = None
    namespace: str | None = None
    service: str | None = None


class Problem(msgspec.Struct, frozen=True, rename="camel"):
    """Why the run could not go on."""

    message: str
    hint: str = ""


class Summary(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Counts: global hosts by state (each host and cluster once), and clusters."""

    ready: int = 0
    partial: int = 0
    missing: int = 0
    drift: int = 0
    stale: int = 0
    unknown: int = 0
    clusters: int = 0
    clusters_read: int = 0


class Report(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The whole result of a run.

    ``exit_code`` is what the process ends with, ``fail_on`` the lowest severity that makes it 1 (or ``never``);
    ``expected_hosts`` the global hosts of what was written; ``waived`` what was found and does not count.
    """

    api_version: str = API_VERSION
    kind: str = "Report"
    command: str = ""
    exit_code: int = 0
    fail_on: str = "error"
    error: Problem | None = None
    dry_run: str = "none"
    clusters: tuple[ClusterReport, ...] = ()
    writes: tuple[Write, ...] = ()
    expected_hosts: tuple[str, ...] = ()
    hosts: tuple[Verdict, ...] = ()
    findings: tuple[Finding, ...] = ()
    waived: tuple[Waived, ...] = ()
    notes: tuple[Note, ...] = ()
    summary: Summary = Summary()


def cluster_report(cluster: ClusterSnapshot) -> ClusterReport:
    """A cluster of the snapshot as the report shows it."""
    return ClusterReport(
        context=cluster.context,
        uid=cluster.uid or None,
        aliases=cluster.aliases,
        reached=cluster.is_reached,
        unread=tuple(
            Unread(
                gap.query.kind.name if gap.query is not None else None,
                gap.query.namespace if gap.query is not None else None,
                gap.failure,
            )
            for gap in cluster.gaps
        ),
    )


def write_report(result: StepResult) -> Write:
    """A step's end as the report shows it."""
    step = result.step
    return Write(
        context=step.context,
        kind=step.kind.name,
        namespace=step.namespace or None,
        name=step.name,
        status=result.status,
        changes=tuple(map(change_report, step.changes)),
        warnings=result.warnings,
        failure=result.failure,
    )


def change_report(change: KeyChange) -> Change:
    """A changed key as the report shows it."""
    return Change(change.section.value, change.key, change.before, change.after)


def summarise(verdicts: Sequence[Verdict], clusters: Sequence[ClusterReport]) -> Summary:
    """Count the states."""
    return summary_of(Counter(verdict.state for verdict in verdicts), clusters)


def summary_of(counts: Counter[State], clusters: Sequence[ClusterReport]) -> Summary:
    """The summary of states that have been counted."""
    return Summary(
        ready=counts[State.READY],
        partial=counts[State.PARTIAL],
        missing=counts[State.MISSING],
        drift=counts[State.DRIFT],
        stale=counts[State.STALE],
        unknown=counts[State.UNKNOWN],
        clusters=len(clusters),
        clusters_read=sum(cluster.reached and not cluster.unread for cluster in clusters),
    )


def error_report(command: str, error: MeshglobalError) -> Report:
    """The document of a run that could not go on."""
    return Report(command=command, exit_code=int(error.code), error=Problem(str(error), error.hint))


class Thresholds(msgspec.Struct, frozen=True):
    """When a run fails: at which severity, and how much of the fleet must have been read.

    ``fail_on`` None: findings never fail. ``min_coverage`` in percent of the selected clusters.
    """

    fail_on: Severity | None = Severity.ERROR
    min_coverage: float = 100.0

    @property
    def is_everything_wanted(self) -> bool:
        """Whether anything unknown counts as "could not check"; not so where a part of the fleet is enough."""
        return self.min_coverage >= 100.0  # noqa: PLR2004 - percent

    @property
    def word(self) -> str:
        """``fail_on`` as it is written on the command line."""
        return self.fail_on.name.lower() if self.fail_on is not None else "never"


_SEVERITY_OF = {
    Level.UNKNOWN: Severity.UNKNOWN,
    Level.WARNING: Severity.WARNING,
    Level.ERROR: Severity.ERROR,
}


def exit_code(
    verdicts: Sequence[Verdict], summary: Summary, thresholds: Thresholds, findings: Sequence[Finding] = ()
) -> ExitCode:
    """What a reading run ends with: findings before what could not be checked, both before success.

    Something unknown counts as "could not check" unless enough clusters were read for ``min_coverage``.
    """
    worst = max(
        (*(verdict.severity for verdict in verdicts), *(_SEVERITY_OF[finding.level] for finding in findings)),
        default=Severity.OK,
    )
    if thresholds.fail_on is not None and worst is not Severity.OK and worst >= thresholds.fail_on:
        return ExitCode.FINDINGS
    covered = 100.0 * summary.clusters_read / summary.clusters if summary.clusters else 0.0
    if covered < thresholds.min_coverage:
        return ExitCode.CANNOT_CHECK
    if thresholds.is_everything_wanted and summary.unknown:
        return ExitCode.CANNOT_CHECK
    return ExitCode.OK


class Version(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `version` prints."""

    api_version: str = API_VERSION
    kind: str = "Version"
    version: str
    python: str
    libraries: dict[str, str]


class ContextReport(msgspec.Struct, frozen=True, rename="camel"):
    """A selected context: its server's URL, and its own namespace if it names one."""

    context: str
    server: str
    namespace: str | None


class Contexts(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `config contexts` prints; ``source`` says who selected them."""

    api_version: str = API_VERSION
    kind: str = "Contexts"
    source: str
    contexts: tuple[ContextReport, ...] = ()
