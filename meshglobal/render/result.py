"""The one shape that all formats of `--report` are made from, whatever command was run.

A result says something of each subject in each cluster: of a global host, of a service's chain, or of the cluster
itself; beside that stand findings, and what could not be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from meshglobal.domain.errors import ExitCode
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.known import Document
from meshglobal.domain.report import ClusterReport, Problem, Write
from meshglobal.domain.verdict import Severity
from meshglobal.domain.waivers import Waived

_SEVERITIES = {Level.ERROR: Severity.ERROR, Level.WARNING: Severity.WARNING, Level.UNKNOWN: Severity.UNKNOWN}
_ENDINGS = {
    ExitCode.OK: "passed",
    ExitCode.FINDINGS: "failed",
    ExitCode.USAGE: "could not run",
    ExitCode.CANNOT_CHECK: "could not check everything",
    ExitCode.CONFLICT: "conflict",
    ExitCode.TIMEOUT: "ran out of time",
    ExitCode.INTERRUPTED: "interrupted",
}


class Subject(NamedTuple):
    """What a command speaks of: its metric, and how its columns and its section of what is not fine are called."""

    metric: str
    title: str
    detail: str
    heading: str


HOST = Subject("meshglobal_host_state", "host", "entry", "Not Ready")
CHAIN = Subject("meshglobal_chain_state", "service", "link", "Not ok")
DRILL = Subject("meshglobal_drill_state", "service", "mode", "Not as it should be")
CLUSTER = Subject("meshglobal_cluster_state", "network", "segment", "Not fine")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is said of one subject in one cluster.

    Attributes:
        namespace, service: of the service that it belongs to; empty for a cluster.
        title, detail: what the columns of its `Subject` hold.
        host: the global host that is expected; empty where there is none.
        state: in the command's own word.
        code: the state as a rule of SARIF.
        waived: why it does not count; empty: it does.
        is_explained: whether a finding of the same result says as much.
    """

    context: str
    namespace: str = ""
    service: str = ""
    title: str
    host: str = ""
    detail: str = ""
    state: str
    severity: Severity
    reason: str = ""
    code: str = ""
    fingerprint: str = ""
    remedy: str = ""
    waived: str = ""
    is_explained: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run came to.

    Attributes:
        document: of `-o json`.
        summary: counts, in one line.
        cause, remedy: the one thing to mend first, in a sentence, where the command looks for one.
        links: cluster, peer and what the one says of the other.
    """

    document: Document
    subject: Subject
    command: str
    exit_code: int
    fail_on: str = "error"
    error: Problem | None = None
    clusters: tuple[ClusterReport, ...] = ()
    writes: tuple[Write, ...] = ()
    told: tuple[Told, ...] = ()
    findings: tuple[Finding, ...] = ()
    waived: tuple[Waived, ...] = ()
    summary: str = ""
    cause: str = ""
    remedy: str = ""
    links: tuple[tuple[str, str, str], ...] = ()

    @property
    def fine(self) -> list[Told]:
        """What nothing is wrong with."""
        return [one for one in self.told if one.severity is Severity.OK]

    @property
    def not_fine(self) -> list[Told]:
        """The rest, the worst first."""
        return sorted((one for one in self.told if one.severity is not Severity.OK), key=lambda one: -one.severity)

    @property
    def unexplained(self) -> list[Told]:
        """Of the rest, what no finding explains and no waiver lets pass."""
        return [one for one in self.not_fine if not one.is_explained and not one.waived]

    @property
    def ending(self) -> str:
        """The result of the run in a few words."""
        return _ENDINGS.get(ExitCode(self.exit_code), "failed")

    def unwritten(self) -> Iterator[tuple[str, str, str, str]]:
        """What could not be written: context, object, why, the next step."""
        for one in self.writes:
            if one.failure is not None:
                name = f"{one.kind.lower()}/{one.name} {one.status.value}"
                yield one.context, name, one.failure.message, one.failure.next_step

    def fails(self, severity: Severity) -> bool:
        """Whether this is shown as failed.

        What is an error is always shown so, also where ``--fail-on never`` lets it pass.
        """
        lowest = {"warning": Severity.WARNING, "unknown": Severity.UNKNOWN}.get(self.fail_on, Severity.ERROR)
        return severity >= lowest

    def unread(self) -> Iterator[tuple[str, str, str]]:
        """What could not be read: context, what and why in one sentence, the next step."""
        for cluster in self.clusters:
            for gap in cluster.unread:
                what = f"{gap.kind} could not be read" if gap.kind else "could not be read"
                yield cluster.context, f"{what}: {gap.failure.message} ({gap.failure.cause})", gap.failure.next_step


def severity_of(level: Level) -> Severity:
    """How bad a finding of a level is, on the scale of the verdicts."""
    return _SEVERITIES[level]


def read_words(clusters: tuple[ClusterReport, ...]) -> str:
    """How many clusters were read completely."""
    return f"{sum(one.reached and not one.unread for one in clusters)} of {len(clusters)} clusters read"
