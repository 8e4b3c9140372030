"""What `diagnose`, `check` and `list` print, for the tests of formats: with everything in it, and drawn."""

from __future__ import annotations

import msgspec
from hypothesis import strategies as st
from sample_reports import drawn_clusters, drawn_findings, drawn_verdicts, drawn_waived, finding, full, texts, verdict

from meshglobal.domain.diagnosis import Chain, ChainLink, Diagnosis, Outcome, RootCause, root_cause
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.finding import Level
from meshglobal.domain.fleet import Direction, FleetCheck, Member
from meshglobal.domain.inventory import Cell, GlobalService, Inventory
from meshglobal.domain.links import Tie
from meshglobal.domain.plan import Status
from meshglobal.domain.report import Report, Summary, Write, summarise
from meshglobal.domain.verdict import State
from meshglobal.domain.waivers import Waived

BROKEN, OK, UNCHECKED = Outcome.BROKEN, Outcome.OK, Outcome.UNCHECKED
CLUSTERS = full().clusters


def link(
    name: str, outcome: Outcome, message: str = "", level: Level | None = None, code: str | None = None
) -> ChainLink:
    remedy = f"meshglobal explain {code}" if code else "kubectl get pods"
    return ChainLink(
        name=name,
        outcome=outcome,
        message=message,
        level=level,
        code=code,
        remedy=remedy if outcome is BROKEN else "",
    )


def diagnosis() -> Diagnosis:
    """A chain that a finding explains, one that none explains, one waived, one unknown, and one that holds."""
    waived = msgspec.structs.replace(link("peering", BROKEN, "no Gateway", Level.ERROR, "MG303"), waived="being built")
    after = link("peering", UNCHECKED, "something before it is broken")
    chains = (
        Chain(context="cluster1", links=(link("entry", BROKEN, "no ServiceEntry", Level.ERROR, "MG201"), after)),
        Chain(context="cluster2", links=(link("scope", BROKEN, "not published: 'x' | \"y\"", Level.WARNING), after)),
        Chain(context="cluster3", links=(link("reachable", BROKEN, "connection refused", Level.UNKNOWN, "MG601"),)),
        Chain(context="cluster4", links=(link("endpoints", UNCHECKED, "forbidden", Level.UNKNOWN),)),
        Chain(context="cluster5", links=(waived,)),
        Chain(context="cluster6", links=(link("reachable", OK), link("service", UNCHECKED, "there is none"))),
    )
    findings = (
        finding("MG201", "generated-entry-missing", Level.ERROR, "cluster1", "productpage", "no ServiceEntry"),
        finding("MG302", "eastwest-gateway-not-ready", Level.ERROR, "cluster6", None, "of no concern to this service"),
        finding("MG601", "unreachable", Level.UNKNOWN, "cluster3", None, "connection refused"),
        finding("MG117", "ports-differ", Level.WARNING, None, "productpage", "ports differ"),
    )
    excuse = Waived(
        code="MG303",
        subject="cluster5",
        message="no Gateway",
        reason="being built",
        fingerprint="0123456789abcdef",
        level=Level.ERROR,
        context="cluster5",
    )
    return Diagnosis(
        exit_code=1,
        namespace="bookinfo",
        service="productpage",
        hosts=("productpage.bookinfo.mesh.internal",),
        clusters=CLUSTERS,
        chains=chains,
        cause=root_cause(chains),
        findings=findings,
        waived=(excuse,),
        summary=Summary(clusters=6, clusters_read=4),
    )


def check() -> FleetCheck:
    """A cluster that is fine, one in doubt, one that is wrong, one out of reach; links of all kinds."""
    member = Member(
        context="cluster1",
        reached=True,
        control_plane_ready=1,
        control_plane_total=1,
        versions=("1.30.2",),
        network="n1",
        segment="acme",
        gateway="ready",
        linked=1,
        peers=2,
    )
    replace = msgspec.structs.replace
    return FleetCheck(
        exit_code=1,
        clusters=CLUSTERS,
        members=(
            member,
            replace(member, context="cluster2", network="n2", gateway="missing"),
            replace(member, context="cluster0", network=None, control_plane_ready=None),
            Member(context="cluster3", reached=False, peers=2),
        ),
        peering=(
            Direction(context="cluster1", peer="cluster2", state=Tie.LINKED),
            Direction(context="cluster1", peer="cluster3", state=Tie.MISSING),
            Direction(context="cluster2", peer="cluster1", state=Tie.UNKNOWN),
        ),
        findings=(
            finding("MG301", "eastwest-gateway-missing", Level.ERROR, "cluster2", None, "no east-west gateway"),
            finding("MG306", "root-certificates-differ", Level.ERROR, None, None, "roots differ"),
            finding("MG310", "network-label-missing", Level.WARNING, "cluster0", None, "no network label"),
            finding("MG601", "unreachable", Level.UNKNOWN, "cluster3", None, "connection refused"),
        ),
        waived=(
            Waived(
                code="MG303",
                subject="cluster1",
                message="no Gateway leads to cluster3",
                reason="being built",
                expires="2030-12-31",
                fingerprint="0123456789abcdef",
                level=Level.ERROR,
                context="cluster1",
            ),
        ),
        summary=Summary(clusters=3, clusters_read=1),
    )


def inventory() -> Inventory:
    """One service in two states."""
    hosts = (
        verdict("cluster1", "productpage", State.READY),
        verdict("cluster2", "productpage", State.MISSING, "no ServiceEntry in istio-system"),
    )
    cells = (*(Cell(context=one.context, state=one.state, hosts=(one,)) for one in hosts), Cell(context="cluster3"))
    return Inventory(
        command="list",
        exit_code=3,
        clusters=CLUSTERS,
        services=(GlobalService(namespace="bookinfo", name="productpage", cells=cells),),
        findings=full().findings[1:2],
        summary=summarise(hosts, CLUSTERS),
    )


def written() -> Report:
    """What `expose` did in one cluster, and could not do in another."""
    refused = failure(Cause.REJECTED, "admission webhook 'policy' denied it | <b>", "cluster2")
    write = Write(context="cluster1", kind="Service", namespace="bookinfo", name="productpage", status=Status.CHANGED)
    return Report(
        command="expose",
        exit_code=4,
        clusters=CLUSTERS[:1],
        writes=(write, msgspec.structs.replace(write, context="cluster2", status=Status.FAILED, failure=refused)),
    )


_maybe = st.none() | texts
_levels = st.none() | st.sampled_from(Level)
_links = st.builds(
    ChainLink,
    name=st.sampled_from(["reachable", "scope", "entry"]),
    outcome=st.sampled_from(Outcome),
    message=texts,
    level=_levels,
    cause=texts,
    code=st.none() | st.sampled_from(["MG101", "MG117"]),
    remedy=texts,
    waived=texts,
)
_causes = st.none() | st.builds(
    RootCause,
    contexts=st.lists(texts, max_size=2).map(tuple),
    link=texts,
    level=st.sampled_from(Level),
    message=texts,
    code=_maybe,
    remedy=texts,
)
_codes = st.sampled_from([0, 1, 3])
_fail_on = st.sampled_from(["unknown", "warning", "error", "never"])


def _some(strategy: st.SearchStrategy[object], most: int = 3) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


documents = st.one_of(
    st.builds(
        Diagnosis,
        exit_code=_codes,
        fail_on=_fail_on,
        namespace=texts,
        service=texts,
        clusters=_some(drawn_clusters()),
        chains=_some(st.builds(Chain, context=texts, links=_some(_links))),
        cause=_causes,
        doubt=_causes,
        findings=_some(drawn_findings()),
        waived=_some(drawn_waived(), 2),
    ),
    st.builds(
        FleetCheck,
        exit_code=_codes,
        fail_on=_fail_on,
        clusters=_some(drawn_clusters()),
        members=_some(st.builds(Member, context=texts, reached=st.booleans(), network=_maybe, segment=_maybe)),
        peering=_some(st.builds(Direction, context=texts, peer=texts, state=st.sampled_from(Tie))),
        findings=_some(drawn_findings()),
        waived=_some(drawn_waived(), 2),
    ),
    st.builds(
        Inventory,
        command=st.sampled_from(["list", "describe"]),
        exit_code=st.sampled_from([0, 3]),
        clusters=_some(drawn_clusters()),
        services=_some(
            st.builds(
                GlobalService,
                namespace=texts,
                name=texts,
                cells=_some(st.builds(Cell, context=texts, hosts=_some(drawn_verdicts(), 2))),
            ),
            2,
        ),
        findings=_some(drawn_findings()),
        waived=_some(drawn_waived(), 2),
    ),
)
