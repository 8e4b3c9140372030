"""A finding whose words stand in the table, or beside a cluster, is not told again: only its remedy is."""

from __future__ import annotations

import io
import shlex

from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.report import ClusterReport, Unread
from meshglobal.domain.verdict import State, Verdict
from meshglobal.render.report import show_clusters, show_findings, told_by
from meshglobal.render.screen import screen

REASON = "resolution is DNS, not STATIC (R11)"
HOSTS = tuple(
    Verdict(namespace="shop", service=f"s{number}", context="c1", state=State.DRIFT, reason=f"{REASON}; and more")
    for number in range(5)
)
WRONG = [
    Finding(
        code="MG204",
        slug="generated-resolution",
        level=Level.ERROR,
        message=REASON,
        remedy=f"kubectl delete serviceentry {one.service}",
        context=one.context,
        namespace=one.namespace,
        service=one.service,
    )
    for one in HOSTS
]


def printed(findings: list[Finding], hosts: tuple[Verdict, ...], *clusters: ClusterReport) -> list[str]:
    stream = io.StringIO()
    show_findings(findings, screen(stream, "never", {}), told_by(hosts, clusters))
    return stream.getvalue().splitlines()


def test_the_table_says_why_and_a_few_remedies_follow() -> None:
    assert printed(WRONG, HOSTS) == [
        "next: kubectl delete serviceentry s0 [MG204]",
        "next: kubectl delete serviceentry s1 [MG204]",
        "next: kubectl delete serviceentry s2 [MG204]",
        "next: 2 more like it; -o json has them all [MG204]",
    ]


def test_without_a_table_the_finding_is_told() -> None:
    assert printed(WRONG, ())[0] == f"error: c1 shop/s0, c1 shop/s1, c1 shop/s2 and 2 more: {REASON} [MG204]"


def test_of_another_service_or_cluster_nothing_is_taken_as_told() -> None:
    assert len(printed(WRONG[:2], HOSTS[:1])) == len(["the remedy", "the other finding", "its remedy"])


def test_what_is_said_of_a_cluster_is_not_said_again() -> None:
    why = failure(Cause.REFUSED, "connection refused", "c3")
    cluster = ClusterReport(context="c3", reached=False, unread=(Unread(None, None, why),))
    lost = Finding(
        code="MG601", slug="unreachable", level=Level.UNKNOWN, message=why.message, remedy="look", context="c3"
    )
    assert printed([lost], (), cluster) == []
    assert printed([lost], ()) == ["unknown: c3: connection refused [MG601]", "  next: look"]


def test_commands_of_ours_that_differ_in_the_cluster_alone_are_one() -> None:
    unlabelled = [
        Finding(
            code="MG101",
            slug="label-missing",
            level=Level.WARNING,
            message="not labelled",
            remedy=f"meshglobal expose svc {service} -n shop --context {context}",
            context=context,
            namespace="shop",
            service=service,
        )
        for service, context in (("a", "c1"), ("b", "c1"), ("a", "c2"), ("a", "c3"))
    ]
    assert printed(unlabelled, ())[1:] == [
        "  next: meshglobal expose svc a -n shop --context c1,c2,c3",
        "  next: meshglobal expose svc b -n shop --context c1",
    ]


def test_names_of_contexts_that_a_shell_would_take_apart_are_quoted_together() -> None:
    named = [
        Finding(
            code="MG101",
            slug="label-missing",
            level=Level.WARNING,
            message="not labelled",
            remedy=f"meshglobal expose svc a -n shop --context {shlex.quote(context)}",
            context=context,
            namespace="shop",
            service="a",
        )
        for context in ("c1", "c 2")
    ]
    assert printed(named, ())[1:] == ["  next: meshglobal expose svc a -n shop --context 'c1,c 2'"]


def test_remedies_of_findings_that_are_worded_alike_are_all_told_while_they_are_few() -> None:
    assert printed(WRONG[:2], ())[1:] == [
        "  next: kubectl delete serviceentry s0",
        "  next: kubectl delete serviceentry s1",
    ]


def test_what_could_not_be_read_alike_in_many_clusters_is_said_once_with_one_next_step() -> None:
    contexts = [f"c{number}" for number in range(1, 21)]
    lost = failure(Cause.REFUSED, "connection refused", "c3")
    unread = (
        Unread("Service", None, failure(Cause.FORBIDDEN, "services is forbidden", "")),
        Unread("Segment", None, failure(Cause.FORBIDDEN, "segments is forbidden", "")),
    )
    clusters = [ClusterReport(context=context, reached=True, unread=unread) for context in contexts]
    clusters[2] = ClusterReport(context="c3", reached=False, unread=(Unread(None, None, lost),))
    stream = io.StringIO()
    show_clusters(clusters, screen(stream, "never", {}))
    named = "c1, c2, c4 and 16 more"
    assert stream.getvalue().splitlines() == [
        f"{named}: Service could not be read: services is forbidden (forbidden)",
        f"{named}: Segment could not be read: segments is forbidden (forbidden)",
        f"  next: {unread[0].failure.next_step}",
        "c3: could not be read: connection refused (refused)",
        f"  next: {lost.next_step}",
    ]
