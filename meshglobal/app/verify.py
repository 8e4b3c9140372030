"""`verify`: read, expect, judge; or, with waiting, until all is well or the time is over."""

from __future__ import annotations

from dataclasses import dataclass, field

from meshglobal.app.picture import MeshSettings, OnCluster, Picture, mesh_queries, read_picture
from meshglobal.app.ports import Clock, Fleet
from meshglobal.app.selecting import Request, Wanted, check_named, named_keys, selecting_queries, wanted_services
from meshglobal.app.waiting import OnWait, Watching, wait_until
from meshglobal.domain.demand import Demand
from meshglobal.domain.errors import ExitCode
from meshglobal.domain.labels import SERVICE_SCOPE
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.report import (
    Report,
    Thresholds,
    cluster_report,
    exit_code,
    summarise,
)
from meshglobal.domain.segment_remarks import visibility_notes
from meshglobal.domain.thinning import thinned
from meshglobal.domain.verdict import Severity, State, Verdict
from meshglobal.domain.waivers import Allowances, counted


@dataclass(frozen=True, slots=True)
class Verify:
    """What to verify and when to be content. ``wait``: seconds to wait for success; 0, None: judge once.

    ``allowances``: what is let pass. Waiting does not ask for it: it ends when all is well, or with the time.
    ``is_followed``: whether it goes on afterwards.
    """

    request: Request
    thresholds: Thresholds = field(default_factory=Thresholds)
    wait: float | None = None
    allowances: Allowances = field(default_factory=Allowances)
    is_followed: bool = False


def verify_demand(mesh: MeshSettings, order: Verify) -> Demand:
    """What it asks of each cluster; follows the same, if it is to wait or to go on."""
    queries = tuple(mesh_queries(mesh, order.request.read_namespace))
    readings = (*selecting_queries(order.request.kind, order.request), queries)
    return Demand(readings, watched=queries if order.wait or order.is_followed else ())


def verify(
    fleet: Fleet,
    clock: Clock,
    mesh: MeshSettings,
    order: Verify,
    on_cluster: OnCluster | None = None,
    on_wait: OnWait | None = None,
) -> Report:
    """Judge the global hosts that were asked for in every selected cluster.

    Raises:
        NotFoundError: a service or namespace that was named is nowhere.
        UsageError: an illegible selector.
    """
    demand = verify_demand(mesh, order)
    wanted = wanted_services(fleet, order.request)
    picture = read_picture(fleet, demand.queries, mesh, on_cluster, thinned)
    check_named(picture, order.request)
    verdicts = judged(picture, wanted, order.request)
    late = order.wait is not None and not is_content(verdicts, picture, picture)
    if late and order.wait:
        first = picture

        def is_as_wanted(seen: Picture) -> bool:
            now = judged(seen, wanted, order.request)
            if on_wait is not None:
                on_wait(now)
            return is_content(now, seen, first)

        watching = Watching(demand.watched, mesh, first.snapshot.clusters)
        waited = wait_until(fleet, watching, is_as_wanted, clock.monotonic() + order.wait)
        late, picture = not waited.is_done, waited.picture
        verdicts = judged(picture, wanted, order.request)
        check_named(picture, order.request)
    return reading_report("verify", picture, verdicts, wanted, order, late=late)


def judged(picture: Picture, wanted: Wanted, request: Request) -> list[Verdict]:
    """All verdicts, with one for each service that was named and is published by nobody."""
    verdicts = picture.verdicts(wanted)
    spoken_of = {ServiceKey(verdict.namespace, verdict.service) for verdict in verdicts}
    for key in named_keys(request, picture):
        if key not in spoken_of:
            verdicts += _unpublished(picture, key)
    return verdicts


def _unpublished(picture: Picture, key: ServiceKey) -> list[Verdict]:
    unread = picture.expectation.unread
    found = []
    for view in picture.views:
        if view.context in unread:
            state, reason = State.UNKNOWN, unread[view.context]
        elif unread:
            state, reason = State.UNKNOWN, f"not published here; {', '.join(unread)} could not be read"
        elif key in view.services:
            state = State.MISSING
            reason = f"not exposed: neither the Service nor its Namespace carries {SERVICE_SCOPE} (R1)"
        else:
            continue
        found.append(
            Verdict(namespace=key.namespace, service=key.name, context=view.context, state=state, reason=reason)
        )
    return found


def is_content(verdicts: list[Verdict], now: Picture, first: Picture) -> bool:
    """Whether there is nothing more to wait for: nothing wrong, and everything is read that was read at first.

    What could not be read when the run began is not waited for: it is reported as unknown.
    """
    read_at_first = {cluster.context: set(cluster.queries) for cluster in first.snapshot.clusters}
    is_read = all(
        read_at_first.get(cluster.context, set()) <= set(cluster.queries) for cluster in now.snapshot.clusters
    )
    reached = {context for context, queries in read_at_first.items() if queries}
    return is_read and not any(
        verdict.context in reached and (verdict.severity is Severity.ERROR or verdict.missing_peers)
        for verdict in verdicts
    )


def reading_report(
    command: str,
    picture: Picture,
    verdicts: list[Verdict],
    wanted: Wanted,
    order: Verify,
    *,
    late: bool = False,
) -> Report:
    """The document of a reading command, with its exit code; ``late``: waiting ran out of time."""
    clusters = tuple(map(cluster_report, picture.snapshot.clusters))
    summary = summarise(verdicts, clusters)
    keys = [key for key in picture.concerned_keys() if key in wanted]
    found = counted(picture.findings(verdicts, keys, order.allowances.expired), verdicts, order.allowances)
    code = exit_code(found.hosts, summary, order.thresholds, found.findings)
    if late:
        code = ExitCode.TIMEOUT
    return Report(
        command=command,
        exit_code=int(code),
        fail_on=order.thresholds.word,
        clusters=clusters,
        hosts=tuple(verdicts),
        findings=found.findings,
        waived=found.waived,
        notes=visibility_notes(picture.views, picture.expectation, picture.mesh.visibility, keys),
        summary=summary,
    )
