"""What `verify --watch` prints after its first table: one line a change of a host; on stderr findings and clusters."""

from __future__ import annotations

from collections.abc import Sequence

from meshglobal.domain.changes import Change, FindingChange, HostChange
from meshglobal.domain.finding import Finding
from meshglobal.domain.report import ClusterReport, Report
from meshglobal.domain.verdict import State
from meshglobal.render.report import show_clusters, show_findings, told_by
from meshglobal.render.screen import STYLES, Screen


def show_changes(found: Sequence[Change], out: Screen) -> None:
    """Print each change of a host: time, context, host, old state -> new state, reason; ``-``: it is not there."""
    for one in found:
        if isinstance(one, HostChange):
            reason = f"   {one.reason}" if one.reason else ""
            place = f"{one.time}   {one.host}   {one.context}   "
            out.print_parts((place, ""), state_text(one.before), (" -> ", ""), state_text(one.after), (reason, ""))


def show_aside(found: Sequence[Change], before: Report, after: Report, err: Screen) -> None:
    """Print the findings that came, with their remedies, and those that went; which clusters can be read, or cannot.

    A finding that went is not spoken of where a change of its host was shown.
    """
    hosts = [one.verdict for one in found if isinstance(one, HostChange) and one.verdict is not None]
    old = {one.context: one for one in before.clusters}
    lost = [one for one in after.clusters if one.unread and not _is_alike(one, old.get(one.context))]
    came = [one.finding for one in found if isinstance(one, FindingChange) and one.present]
    show_findings(came, err, told_by(hosts, after.clusters))
    show_clusters(lost, err)
    for cluster in after.clusters:
        was = old.get(cluster.context)
        if not cluster.unread and was is not None and was.unread:
            err.print(f"{cluster.context}: is read again")
    said = {(one.context, one.namespace, one.service) for one in found if isinstance(one, HostChange)}
    for one in found:
        if isinstance(one, FindingChange) and not one.present and _place(one.finding) not in said:
            err.print(f"gone: {one.finding.subject}: {one.finding.message} [{one.finding.code}]")


def _place(finding: Finding) -> tuple[str | None, str | None, str | None]:
    return finding.context, finding.namespace, finding.service


def state_text(state: State | None) -> tuple[str, str]:
    """A state with its style; ``-`` where there is none."""
    return (state.value, STYLES[state.value]) if state is not None else ("-", "")


def _is_alike(now: ClusterReport, before: ClusterReport | None) -> bool:
    """Whether the same kinds are missing, whatever the reason is now."""
    return before is not None and {one.kind for one in now.unread} == {one.kind for one in before.unread}
