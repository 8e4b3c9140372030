"""What the formats of `--report` say alike: which hosts and findings count, and the run in one line."""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.domain.errors import ExitCode
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.report import Report
from meshglobal.domain.verdict import Severity, State, Verdict

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


def severity_of(finding: Finding) -> Severity:
    """How bad a finding is, on the scale of the verdicts."""
    return _SEVERITIES[finding.level]


def fails(severity: Severity, report: Report) -> bool:
    """Whether a report shows this as failed.

    What is an error is always shown so, also where ``--fail-on never`` lets it pass.
    """
    lowest = {"warning": Severity.WARNING, "unknown": Severity.UNKNOWN}.get(report.fail_on, Severity.ERROR)
    return severity >= lowest


def ending(report: Report) -> str:
    """The result of the run in a few words."""
    return _ENDINGS.get(ExitCode(report.exit_code), "failed")


def host_of(verdict: Verdict) -> str:
    """The host expected; for an entry that nobody expects the host found; else the service's name."""
    if verdict.host is not None:
        return verdict.host
    return verdict.found_hosts[0] if verdict.found_hosts else f"{verdict.namespace}/{verdict.service}"


def not_ready(report: Report) -> list[Verdict]:
    """The hosts that are not Ready, the worst first."""
    wrong = [verdict for verdict in report.hosts if verdict.state is not State.READY]
    return sorted(wrong, key=lambda verdict: -verdict.severity)


def unexplained(report: Report) -> list[Verdict]:
    """Those that no finding on the same service and cluster explains, being at least as bad; but for waived ones."""
    waived = {one.fingerprint for one in report.waived}
    explained: dict[tuple[str | None, ...], Severity] = {}
    for finding in report.findings:
        place = (finding.context, finding.namespace, finding.service)
        explained[place] = max(severity_of(finding), explained.get(place, Severity.OK))
    return [
        one
        for one in not_ready(report)
        if one.fingerprint not in waived
        and explained.get((one.context, one.namespace, one.service), Severity.OK) < one.severity
    ]


def counts(report: Report) -> str:
    """How many hosts are in which state, and how many clusters were read."""
    summary = report.summary
    named = [(state, getattr(summary, state.value.lower())) for state in State]
    hosts = ", ".join(f"{count} {state.value}" for state, count in named if count) or "no global host"
    return f"{hosts}; {summary.clusters_read} of {summary.clusters} clusters read"


def unread(report: Report) -> Iterator[tuple[str, str, str]]:
    """What could not be read: context, what and why in one sentence, the next step."""
    for cluster in report.clusters:
        for gap in cluster.unread:
            what = f"{gap.kind} could not be read" if gap.kind else "could not be read"
            yield cluster.context, f"{what}: {gap.failure.message} ({gap.failure.cause})", gap.failure.next_step
