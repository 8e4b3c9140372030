"""`diagnose` and `check` for people and for machines, letter by letter."""

from __future__ import annotations

import io
import re

import msgspec
import pytest
from golden_files import assert_golden

from meshglobal.domain.diagnosis import Chain, ChainLink, Diagnosis, Outcome, root_cause
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.fleet import Direction, FleetCheck, Member
from meshglobal.domain.links import Tie
from meshglobal.domain.report import ClusterReport, Summary, Unread
from meshglobal.render.diagnosis import show_diagnosis
from meshglobal.render.documents import write_document
from meshglobal.render.fleet import show_fleet
from meshglobal.render.screen import Screen

DEAD = failure(Cause.REFUSED, "connection refused (127.0.0.1:6443)", "cluster3")
FINDING = Finding(
    code="MG303",
    slug="peer-not-linked",
    level=Level.ERROR,
    message="no Gateway of class istio-remote leads to cluster2 (network n2): its services are not seen here",
    remedy="istioctl multicluster link --contexts cluster1,cluster2 --namespace istio-eastwest",
    context="cluster1",
    evidence=(Evidence(context="cluster1", kind="Gateway", field="metadata.labels[topology.istio.io/network]"),),
    rule="R34",
)
CLUSTERS = (
    ClusterReport(context="cluster1", uid="uid-1"),
    ClusterReport(context="cluster2", uid="uid-2"),
    ClusterReport(context="cluster3", reached=False, unread=(Unread(None, None, DEAD),)),
)


def link(name: str, outcome: Outcome, message: str = "", level: Level | None = None) -> ChainLink:
    return ChainLink(name=name, outcome=outcome, message=message, level=level)


GONE = ChainLink(
    name="peers joined",
    outcome=Outcome.BROKEN,
    message="no WorkloadEntry for the endpoints of cluster2 (R19)",
    level=Level.ERROR,
    cause=FINDING.message,
    code=FINDING.code,
    remedy=FINDING.remedy,
)
CHAINS = (
    Chain(
        context="cluster1",
        links=(
            link("reachable", Outcome.OK),
            GONE,
            link("peering", Outcome.UNCHECKED, "something before it is broken"),
        ),
    ),
    Chain(
        context="cluster2",
        links=(link("reachable", Outcome.OK), link("endpoints", Outcome.UNCHECKED, "forbidden", Level.UNKNOWN)),
    ),
    Chain(context="cluster3", links=(link("reachable", Outcome.BROKEN, DEAD.message, Level.UNKNOWN),)),
)
DIAGNOSIS = Diagnosis(
    exit_code=1,
    namespace="bookinfo",
    service="productpage",
    hosts=("productpage.bookinfo.mesh.internal",),
    clusters=CLUSTERS,
    chains=CHAINS,
    cause=root_cause(CHAINS),
    findings=(FINDING,),
)
CHECK = FleetCheck(
    exit_code=1,
    clusters=CLUSTERS,
    members=(
        Member(
            context="cluster1",
            reached=True,
            control_plane_ready=1,
            control_plane_total=2,
            network="n1",
            segment="acme",
            gateway="ready",
            addresses=("192.0.2.1",),
            peers=2,
        ),
        Member(context="cluster2", reached=True, network="n2", gateway="missing", linked=1, peers=2),
        Member(context="cluster3", reached=False, peers=2),
    ),
    peering=(
        Direction(context="cluster1", peer="cluster2", state=Tie.MISSING),
        Direction(context="cluster1", peer="cluster3", state=Tie.DISCONNECTED),
        Direction(context="cluster2", peer="cluster1", state=Tie.LINKED),
        Direction(context="cluster2", peer="cluster3", state=Tie.FAILED),
        Direction(context="cluster3", peer="cluster1", state=Tie.UNKNOWN),
        Direction(context="cluster3", peer="cluster2", state=Tie.UNKNOWN),
    ),
    findings=(FINDING,),
    summary=Summary(clusters=3, clusters_read=2),
)


def paper() -> tuple[Screen, io.StringIO]:
    stream = io.StringIO()
    return Screen(stream, is_terminal=False, is_coloured=False), stream


@pytest.mark.parametrize("form", ["table", "wide"])
def test_the_clusters_in_a_table(form: str) -> None:
    out, stream = paper()
    show_fleet(CHECK, out, wide=form == "wide")
    assert_golden(f"fleet-{form}.txt", stream.getvalue())


@pytest.mark.parametrize("form", ["table", "wide"])
def test_the_chains_and_their_cause(form: str) -> None:
    out, stream = paper()
    show_diagnosis(DIAGNOSIS, out, wide=form == "wide")
    assert_golden(f"diagnosis-{form}.txt", stream.getvalue())


@pytest.mark.parametrize(("name", "document"), [("fleet", CHECK), ("diagnosis", DIAGNOSIS)])
def test_the_documents_of_chains(name: str, document: FleetCheck | Diagnosis) -> None:
    stream = io.StringIO()
    write_document(document, "json", stream)
    assert_golden(f"{name}.json", stream.getvalue())


def test_an_error_comes_before_what_is_unknown_and_what_is_first_in_the_chain_before_the_rest() -> None:
    found = root_cause(CHAINS)
    assert found is not None
    assert (found.contexts, found.link, found.code) == (("cluster1",), "peers joined", "MG303")
    again = root_cause(CHAINS[::-1])
    assert again == found
    assert root_cause(CHAINS[1:2]) is None


@pytest.mark.parametrize("form", ["table", "wide"])
def test_of_many_chains_those_without_a_flaw_and_those_alike_are_one(form: str) -> None:
    out, stream = paper()
    fine = (ChainLink(name="reachable", outcome=Outcome.OK), ChainLink(name="scope", outcome=Outcome.OK))
    doubtful = (fine[0], ChainLink(name="scope", outcome=Outcome.UNCHECKED, message="forbidden"))
    chains = [Chain(context=f"c{number}", links=fine) for number in range(1, 13)]
    for number in (5, 7, 8, 9):
        chains[number - 1] = Chain(context=f"c{number}", links=doubtful)
    show_diagnosis(msgspec.structs.replace(DIAGNOSIS, chains=tuple(chains), cause=None), out, wide=form == "wide")
    printed = stream.getvalue()
    places = "c5" if form == "wide" else "c5, c7, c8 and 1 more"
    assert f"\n{places}:\n  reachable  ok\n  scope      not checked  forbidden\n" in printed
    assert ("\nc12:\n" in printed) is (form == "wide")
    assert ("\n8 of 12 clusters: all ok (-o wide shows each)\n" in printed) is (form == "table")


def test_links_of_which_nothing_is_known_are_not_counted_as_none() -> None:
    out, stream = paper()
    members = tuple(
        Member(context=context, reached=True, peers=2, linked=linked)
        for context, linked in zip("abc", (1, 0, 0), strict=True)
    )
    seen = {("a", "b"): Tie.LINKED, ("b", "a"): Tie.MISSING, ("b", "c"): Tie.MISSING}
    peering = tuple(
        Direction(context=one, peer=other, state=seen.get((one, other), Tie.UNKNOWN))
        for one in "abc"
        for other in "abc"
        if one != other
    )
    show_fleet(FleetCheck(members=members, peering=peering), out)
    rows = {line.split()[0]: line for line in stream.getvalue().splitlines() if line}
    assert re.search(r" 1/2, 1 \? +0$", rows["a"])
    assert re.search(r" 0/2 +0$", rows["b"])
    assert re.search(r" \? +0$", rows["c"])
    assert "1 of 6 links (3 not known)" in stream.getvalue()
