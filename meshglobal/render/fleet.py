"""The result of `check` for people: a line for each cluster, and with `-o wide` who is linked with whom."""

from __future__ import annotations

from collections.abc import Sequence

from meshglobal.domain.finding import Finding
from meshglobal.domain.fleet import Direction, FleetCheck, Member
from meshglobal.domain.links import Tie
from meshglobal.render.screen import Screen, print_table

_COLUMNS = ("CONTEXT", "REACHED", "CONTROL-PLANE", "NETWORK", "SEGMENT", "GATEWAY", "PEERS", "FINDINGS")
_WORDS = {
    Tie.LINKED: "linked",
    Tie.MISSING: "missing",
    Tie.DISCONNECTED: "disconnected",
    Tie.FAILED: "failed",
    Tie.UNKNOWN: "?",
}


def show_fleet(check: FleetCheck, out: Screen, *, wide: bool = False) -> None:
    """Print the clusters; ``wide``: more of each, and the directed matrix of links (row looks at column)."""
    columns = (*_COLUMNS, "VERSION", "ADDRESSES") if wide else _COLUMNS
    unread = {cluster.context for cluster in check.clusters if cluster.unread}
    print_table(out, columns, [_row(one, check, unread, wide=wide) for one in check.members])
    if wide and len(check.members) > 1:
        out.print()
        _show_matrix(check, out)
    out.print()
    out.print(_summary_line(check))


def _row(member: Member, check: FleetCheck, unread: set[str], *, wide: bool) -> tuple[str, ...]:
    is_known = member.context not in unread
    row = (
        member.context,
        "yes" if member.reached else "no",
        _control_plane(member, is_known=is_known),
        member.network or ("-" if is_known else "?"),
        member.segment or ("-" if is_known else "?"),
        member.gateway if member.gateway != "unknown" else "?",
        _peers(member, check.peering) if member.reached else "?",
        str(sum(_concerns(one, member.context) for one in check.findings)),
    )
    versions = ", ".join(member.versions) or ("-" if is_known else "?")
    return (*row, versions, ", ".join(member.addresses) or "-") if wide else row


def _peers(member: Member, peering: Sequence[Direction]) -> str:
    """Of how many peers it is known that the cluster is linked with them, and of how many nothing is known."""
    unknown = sum(one.context == member.context and one.state is Tie.UNKNOWN for one in peering)
    if unknown and unknown == member.peers:
        return "?"
    return f"{member.linked}/{member.peers}{f', {unknown} ?' if unknown else ''}"


def _control_plane(member: Member, *, is_known: bool) -> str:
    if member.control_plane_ready is None:
        return "-" if is_known else "?"
    return f"{member.control_plane_ready}/{member.control_plane_total}"


def _concerns(finding: Finding, context: str) -> bool:
    """Whether a finding is about a cluster; one about the mesh is about each cluster in its evidence."""
    if finding.context is not None:
        return finding.context == context
    return any(seen.context == context for seen in finding.evidence)


def _show_matrix(check: FleetCheck, out: Screen) -> None:
    contexts = [member.context for member in check.members]
    said = {(one.context, one.peer): _WORDS[one.state] for one in check.peering}
    rows = [(context, *(said.get((context, peer), "-") for peer in contexts)) for context in contexts]
    print_table(out, ("FROM \\ TO", *contexts), rows)


def _summary_line(check: FleetCheck) -> str:
    count, linked = len(check.findings), sum(one.state is Tie.LINKED for one in check.peering)
    found = f"{count} finding{'' if count == 1 else 's'}" if count else "nothing wrong found"
    unknown = sum(one.state is Tie.UNKNOWN for one in check.peering)
    not_known = f" ({unknown} not known)" if unknown else ""
    links = f"{linked} of {len(check.peering)} links{not_known}, " if check.peering else ""
    return f"{found}; {links}{check.summary.clusters_read} of {check.summary.clusters} clusters read"
