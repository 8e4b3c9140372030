"""From what a command prints to the shape of all reports: hosts of `verify` and `list`, chains, clusters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from meshglobal.checks.waivers.mg690_waiver_expired import CHECK as WAIVER_EXPIRED
from meshglobal.domain.changes import shown_host
from meshglobal.domain.diagnosis import Chain, ChainLink, Diagnosis, Outcome
from meshglobal.domain.drill_report import Drill
from meshglobal.domain.excused import link_code, link_fingerprint
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.fleet import FleetCheck, Member
from meshglobal.domain.inventory import Inventory
from meshglobal.domain.known import Document, hosts_of
from meshglobal.domain.links import Tie
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.report import Report
from meshglobal.domain.verdict import Severity, State, Verdict
from meshglobal.domain.waivers import Waived
from meshglobal.render.diagnosis import without_cause
from meshglobal.render.drill_result import result_of_drill
from meshglobal.render.result import CHAIN, CLUSTER, HOST, Result, Told, read_words, severity_of

_WORDS = {Severity.OK: "fine", Severity.UNKNOWN: "unknown", Severity.WARNING: "doubtful", Severity.ERROR: "wrong"}


def result_of(document: Document) -> Result:
    """The result of any reading command."""
    if isinstance(document, Diagnosis):
        return _of_diagnosis(document)
    if isinstance(document, FleetCheck):
        return _of_check(document)
    if isinstance(document, Drill):
        return result_of_drill(document)
    return _of_hosts(document)


def _of_hosts(document: Report | Inventory) -> Result:
    """`list` and `describe` never fail for what they show; what is an error is shown as one all the same."""
    hosts = hosts_of(document)
    fail_on, error = (document.fail_on, document.error) if isinstance(document, Report) else ("never", None)
    return Result(
        document=document,
        subject=HOST,
        command=document.command,
        exit_code=document.exit_code,
        fail_on=fail_on,
        error=error,
        clusters=document.clusters,
        writes=document.writes if isinstance(document, Report) else (),
        told=tuple(_told_hosts(hosts, document.findings, document.waived)),
        findings=document.findings,
        waived=document.waived,
        summary=_counts(document),
    )


def _told_hosts(hosts: Sequence[Verdict], findings: Sequence[Finding], waived: Sequence[Waived]) -> Iterator[Told]:
    """A finding on the same service and cluster explains a host, if it is at least as bad."""
    reasons = {one.fingerprint: one.reason for one in waived}
    explained: dict[tuple[str | None, ...], Severity] = {}
    for finding in findings:
        place = (finding.context, finding.namespace, finding.service)
        explained[place] = max(severity_of(finding.level), explained.get(place, Severity.OK))
    for one in hosts:
        place = (one.context, one.namespace, one.service)
        yield Told(
            context=one.context,
            namespace=one.namespace,
            service=one.service,
            title=shown_host(one),
            host=one.host or "",
            detail=one.entry or "",
            state=one.state.value,
            severity=one.severity,
            reason=one.reason,
            code=one.code,
            fingerprint=one.fingerprint,
            waived=reasons.get(one.fingerprint, ""),
            is_explained=explained.get(place, Severity.OK) >= one.severity,
        )


def _counts(document: Report | Inventory) -> str:
    """How many hosts are in which state, and how many clusters were read."""
    summary = document.summary
    named = [(state, getattr(summary, state.value.lower())) for state in State]
    hosts = ", ".join(f"{count} {state.value}" for state, count in named if count) or "no global host"
    return f"{hosts}; {summary.clusters_read} of {summary.clusters} clusters read"


def _of_diagnosis(document: Diagnosis) -> Result:
    key = ServiceKey(document.namespace, document.service)
    told = tuple(_told_chain(chain, key, document.findings) for chain in document.chains)
    states = Counter(one.state for one in told)
    counts = ", ".join(f"{count} {state}" for state, count in states.items())
    first = document.cause or document.doubt
    return Result(
        document=document,
        subject=CHAIN,
        command=document.command,
        exit_code=document.exit_code,
        fail_on=document.fail_on,
        error=document.error,
        clusters=document.clusters,
        told=told,
        findings=tuple(_counted(document)),
        waived=document.waived,
        summary=f"{key}: {counts}; {read_words(document.clusters)}",
        cause=_cause(document),
        remedy=first.remedy if first is not None else "",
    )


def _cause(document: Diagnosis) -> str:
    """The cause, or that there is none and what is doubtful all the same."""
    found = []
    if document.cause is None:
        found.append(without_cause(document))
    for word, one in (("cause", document.cause), ("doubt", document.doubt)):
        if one is not None:
            code = f" [{one.code}]" if one.code else ""
            parts = (word, ", ".join(one.contexts), one.link, one.message)
            found.append(": ".join(filter(None, parts)) + code)
    return "; ".join(found)


def _told_chain(chain: Chain, key: ServiceKey, findings: Sequence[Finding]) -> Told:
    link = _first(chain)
    severity = Severity.OK if link is None else severity_of(link.level or Level.ERROR)
    is_explained = link is not None and any(one.code == link.code for one in findings if _is_at(one, chain.context))
    return Told(
        context=chain.context,
        namespace=key.namespace,
        service=key.name,
        title=str(key),
        detail=link.name if link is not None else "",
        state=link.outcome.value if link is not None else Outcome.OK.value,
        severity=severity,
        reason=_reason(link) if link is not None else "",
        code=link_code(link.name) if link is not None else "",
        fingerprint=link_fingerprint(chain.context, key, link.name) if link is not None else "",
        remedy=link.remedy if link is not None and not is_explained else "",
        waived=link.waived if link is not None else "",
        is_explained=is_explained,
    )


def _reason(link: ChainLink) -> str:
    waived = f" (waived: {link.waived})" if link.waived else ""
    return f"{': '.join(filter(None, [link.name, link.message]))}{waived}"


def _first(chain: Chain) -> ChainLink | None:
    """What is to be said of a chain: its broken link, else the first one that should have been checked."""
    return chain.broken or next((one for one in chain.links if one.level is Level.UNKNOWN), None)


def _is_at(finding: Finding, context: str) -> bool:
    return finding.context in (context, None)


def _counted(document: Diagnosis) -> Iterator[Finding]:
    """The findings on the service, and those that break its chains, as bad as they are for these.

    What else is wrong with the clusters is for `check` to say: it does not count here.
    """
    levels = {(chain.context, link.code): link.level for chain in document.chains if (link := chain.broken) is not None}
    for one in document.findings:
        if one.service is not None or one.code == WAIVER_EXPIRED.code:
            yield one
            continue
        behind = [level for (context, code), level in levels.items() if code == one.code and _is_at(one, context)]
        if behind:
            yield msgspec.structs.replace(one, level=behind[0] or one.level)


def _of_check(document: FleetCheck) -> Result:
    linked = sum(one.state is Tie.LINKED for one in document.peering)
    count = len(document.findings)
    found = f"{count} finding{'' if count == 1 else 's'}" if count else "nothing wrong found"
    links = f"{linked} of {len(document.peering)} links, " if document.peering else ""
    return Result(
        document=document,
        subject=CLUSTER,
        command=document.command,
        exit_code=document.exit_code,
        fail_on=document.fail_on,
        error=document.error,
        clusters=document.clusters,
        told=tuple(_told_member(one, document) for one in document.members),
        findings=document.findings,
        waived=document.waived,
        summary=f"{found}; {links}{read_words(document.clusters)}",
        links=tuple((one.context, one.peer, one.state.value) for one in document.peering),
    )


def _told_member(member: Member, document: FleetCheck) -> Told:
    """A cluster is as bad as the worst that was found there; what was not read completely is not fine."""
    own = [severity_of(one.level) for one in document.findings if one.context == member.context]
    is_unread = any(one.context == member.context and (one.unread or not one.reached) for one in document.clusters)
    severity = max([*own, Severity.UNKNOWN if is_unread else Severity.OK])
    return Told(
        context=member.context,
        title=member.network or "-",
        detail=member.segment or "-",
        state=_WORDS[severity],
        severity=severity,
        reason=_facts(member) if member.reached else "could not be reached",
        is_explained=True,
    )


def _facts(member: Member) -> str:
    ready, total = member.control_plane_ready, member.control_plane_total
    control_plane = f"control plane {ready}/{total} ready" if ready is not None else "control plane not seen"
    return f"{control_plane}; east-west gateway {member.gateway}; linked with {member.linked} of {member.peers} peers"
