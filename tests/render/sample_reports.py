"""Reports for the tests of formats: one with everything in it, one that could not go on, and drawn ones."""

from __future__ import annotations

from hypothesis import strategies as st

from meshglobal.domain.errors import CannotCheckError
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.report import ClusterReport, Report, Unread, error_report, summarise
from meshglobal.domain.verdict import State, Verdict
from meshglobal.domain.waivers import Waived

HOSTILE = "<script>alert('x')</script>|`rm -rf`\"\\\n::error::%0A]]>&amp; \x00\x1b[31m\u202e\ufffe @all #1 *b* ✓ 漢"


def verdict(context: str, service: str, state: State, reason: str = "", host: str | None = "") -> Verdict:
    return Verdict(
        namespace="bookinfo",
        service=service,
        context=context,
        state=state,
        reason=reason,
        host=f"{service}.bookinfo.mesh.internal" if host == "" else host,
        entry=f"autogen.bookinfo.{service}" if state in (State.READY, State.PARTIAL) else None,
        publishers=("cluster1",),
    )


def finding(code: str, slug: str, level: Level, context: str | None, service: str | None, message: str) -> Finding:
    return Finding(
        code=code,
        slug=slug,
        level=level,
        message=message,
        remedy=f"meshglobal describe svc {service} -n bookinfo" if service else "",
        context=context,
        namespace="bookinfo" if service else None,
        service=service,
        evidence=(Evidence(context=context or "cluster1", kind="Service", namespace="bookinfo", field="spec.ports"),),
        rule="R16",
    )


def full() -> Report:
    """Every state; findings with and without a cluster and a service; clusters that could not be read."""
    dead = failure(Cause.REFUSED, "connection refused (127.0.0.1:6443)", "cluster3")
    forbidden = failure(Cause.FORBIDDEN, "services is forbidden", "cluster2")
    clusters = (
        ClusterReport(context="cluster1", uid="uid-1"),
        ClusterReport(context="cluster2", uid="uid-2", unread=(Unread("Service", "bookinfo", forbidden),)),
        ClusterReport(context="cluster3", reached=False, unread=(Unread(None, None, dead),)),
    )
    hosts = (
        verdict("cluster1", "productpage", State.READY),
        verdict("cluster1", "reviews", State.PARTIAL, "reachable, not aggregated"),
        verdict("cluster1", "ratings", State.MISSING, "no ServiceEntry in istio-system"),
        verdict("cluster1", "details", State.DRIFT, "ports differ | 80 <> 81"),
        verdict("cluster2", "reviews", State.STALE, "nobody publishes it", host=None),
        verdict("cluster2", "productpage", State.UNKNOWN, "services is forbidden"),
        verdict("cluster3", "productpage", State.UNKNOWN, "connection refused (127.0.0.1:6443)"),
    )
    findings = (
        finding("MG103", "scope-disagrees", Level.ERROR, "cluster1", "ratings", "scopes disagree: 'a' and \"b\""),
        finding("MG101", "label-missing", Level.WARNING, "cluster1", "reviews", "not published in cluster1"),
        finding("MG117", "ports-differ", Level.WARNING, None, "details", "ports differ between clusters"),
        finding("MG601", "unreachable", Level.UNKNOWN, "cluster3", None, "100% unreachable: it, and all"),
    )
    return Report(
        command="verify",
        exit_code=1,
        clusters=clusters,
        hosts=hosts,
        findings=findings,
        waived=(
            Waived(
                code="host-stale",
                subject="cluster2 bookinfo/reviews",
                message="nobody publishes it",
                reason="removed | next week",
                expires="2030-12-31",
                fingerprint=hosts[4].fingerprint,
                level=Level.ERROR,
                context="cluster2",
                namespace="bookinfo",
                service="reviews",
            ),
            Waived(
                code="MG106",
                subject="cluster1 bookinfo/productpage",
                message="taken over without a scope",
                reason="known",
                fingerprint="0123456789abcdef",
                level=Level.WARNING,
                context="cluster1",
                namespace="bookinfo",
                service="productpage",
            ),
        ),
        summary=summarise(hosts, clusters),
    )


def fine() -> Report:
    """Nothing is wrong."""
    clusters = (ClusterReport(context="cluster1", uid="uid-1"),)
    hosts = (verdict("cluster1", "productpage", State.READY),)
    return Report(command="verify", clusters=clusters, hosts=hosts, summary=summarise(hosts, clusters))


def broken() -> Report:
    """A run that could not go on."""
    return error_report("verify", CannotCheckError("no kubeconfig: <none> was found", "set KUBECONFIG"))


texts = st.one_of(st.text(max_size=12), st.just(HOSTILE), st.sampled_from(["a", "b\n", "c|d", "\\", "`", "%", "::"]))
_maybe = st.none() | texts


@st.composite
def drawn_verdicts(draw: st.DrawFn) -> Verdict:
    return Verdict(
        namespace=draw(texts),
        service=draw(texts),
        context=draw(texts),
        state=draw(st.sampled_from(State)),
        reason=draw(texts),
        host=draw(_maybe),
        found_hosts=tuple(draw(st.lists(texts, max_size=2))),
        entry=draw(_maybe),
    )


@st.composite
def drawn_findings(draw: st.DrawFn) -> Finding:
    return Finding(
        code=draw(st.sampled_from(["MG101", "MG117"])),
        slug=draw(st.sampled_from(["label-missing", "ports-differ"])),
        level=draw(st.sampled_from(Level)),
        message=draw(texts),
        remedy=draw(texts),
        context=draw(_maybe),
        namespace=draw(_maybe),
        service=draw(_maybe),
    )


@st.composite
def drawn_clusters(draw: st.DrawFn) -> ClusterReport:
    failed = st.builds(failure, st.sampled_from(Cause), texts, texts)
    gaps = draw(st.lists(st.builds(Unread, _maybe, _maybe, failed), max_size=2))
    return ClusterReport(context=draw(texts), reached=draw(st.booleans()), unread=tuple(gaps))


@st.composite
def drawn_waived(draw: st.DrawFn) -> Waived:
    words = {name: draw(texts) for name in ("code", "subject", "message", "reason", "expires", "fingerprint")}
    places = {name: draw(_maybe) for name in ("context", "namespace", "service")}
    return Waived(**words, **places, level=draw(st.none() | st.sampled_from(Level)))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """A report in which every text may be hostile."""
    hosts = tuple(draw(st.lists(drawn_verdicts(), max_size=4)))
    clusters = tuple(draw(st.lists(drawn_clusters(), max_size=3)))
    return Report(
        command=draw(texts),
        exit_code=draw(st.sampled_from([0, 1, 3, 5])),
        fail_on=draw(st.sampled_from(["unknown", "warning", "error", "never"])),
        clusters=clusters,
        hosts=hosts,
        findings=tuple(draw(st.lists(drawn_findings(), max_size=4))),
        waived=tuple(draw(st.lists(drawn_waived(), max_size=2))),
        summary=summarise(hosts, clusters),
    )
