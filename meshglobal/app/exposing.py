"""`expose` and `unexpose`: read, plan, show, agree, try, write, wait, verify.

Nothing is sent before the whole plan is known and agreed to. Where more than one object changes, the servers check the
whole plan first (server dry run), so that a missing right or a refusing admission policy in the last cluster stops the
first write too. A run that was killed half-way can be repeated: what is already as wanted is not written again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from meshglobal.app.picture import MeshSettings, OnCluster, Picture, mesh_queries, read_picture
from meshglobal.app.ports import Clock, Fleet
from meshglobal.app.selecting import Request, Wanted, check_exists, check_namespaces, named, selecting_queries
from meshglobal.app.verify import is_content
from meshglobal.app.waiting import OnWait, Watching, wait_until
from meshglobal.domain import kinds
from meshglobal.domain.blast import Blast, blast_radius, view_after
from meshglobal.domain.demand import ANY, Demand, Write
from meshglobal.domain.errors import ConflictError, ExitCode, NotFoundError
from meshglobal.domain.expectation import expect
from meshglobal.domain.failure import Cause
from meshglobal.domain.finding import Finding
from meshglobal.domain.kinds import Kind
from meshglobal.domain.labels import SERVICE_SCOPE
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.plan import Status, Step, StepResult
from meshglobal.domain.planning import Intent, clashes_of, namespace_steps, service_steps
from meshglobal.domain.remains import remains_of
from meshglobal.domain.report import (
    Note,
    Report,
    Thresholds,
    cluster_report,
    exit_code,
    summarise,
    write_report,
)
from meshglobal.domain.scope import PUBLISHED
from meshglobal.domain.snapshot import Query
from meshglobal.domain.view import ClusterView

_ACCESS = frozenset(Cause) - {Cause.CONFLICT, Cause.REJECTED, Cause.NOT_FOUND}


@dataclass(frozen=True, slots=True)
class Order:
    """What to write, on what, and how.

    Attributes:
        command: ``expose`` or ``unexpose``, for the report.
        asks: whether the change needs consent when it has a blast radius.
        dry_run: ``none``, ``client`` or ``server``.
        wait: seconds to wait for the entries; 0: look once; None: do not look.
        contexts: the clusters in which it may be written, all of which are read; None: in all.
    """

    command: str
    request: Request
    intent: Intent
    asks: bool = False
    dry_run: str = "none"
    overwrite: bool = False
    wait: float | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)
    contexts: frozenset[str] | None = None

    def concerns(self, context: str) -> bool:
        """Whether it may be written in a cluster."""
        return self.contexts is None or context in self.contexts


@dataclass(frozen=True, slots=True)
class Plan:
    """What an order comes to in the clusters that were read.

    ``after`` are the clusters as they would be; ``hosts`` the global hosts of the services concerned, afterwards.
    """

    order: Order
    queries: tuple[Query, ...]
    picture: Picture
    wanted: Wanted
    steps: tuple[Step, ...]
    after: tuple[ClusterView, ...]
    blast: Blast
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    hosts: tuple[str, ...]

    @property
    def changes(self) -> tuple[Step, ...]:
        """The steps that change something."""
        return tuple(step for step in self.steps if step.changes)

    @property
    def unread(self) -> tuple[str, ...]:
        """The clusters in which what is asked for could not be looked up: what stands there is not known."""
        return tuple(view.context for view in self.picture.views if _is_unread(view, self.order.request))

    @property
    def left_out(self) -> tuple[str, ...]:
        """Those of the unread clusters in which it would be written: nothing can be written there."""
        return tuple(filter(self.order.concerns, self.unread))

    @property
    def needs_consent(self) -> bool:
        """Whether somebody must agree before it is carried out."""
        return self.order.asks and bool(self.changes) and self.order.dry_run == "none"


def exposing_demand(mesh: MeshSettings, order: Order) -> Demand:
    """What it asks of each cluster: reads, writes what is named (any, where a selector says what), and may wait."""
    request = order.request
    queries = tuple(mesh_queries(mesh, request.read_namespace))
    names = request.targets.names if request.targets is not None and not request.selector else ()
    namespace = request.namespace if request.kind.is_namespaced else None
    return Demand(
        (*selecting_queries(request.kind, request), queries),
        watched=queries if order.wait else (),
        written=tuple(Write(request.kind, namespace, name) for name in names or (ANY,)),
    )


def make_plan(fleet: Fleet, mesh: MeshSettings, order: Order, on_cluster: OnCluster | None = None) -> Plan:
    """Read the clusters and work out every step; nothing is sent.

    Raises:
        NotFoundError: what was named is in no cluster.
        ConflictError: other values stand there, and ``overwrite`` is off.
    """
    queries = exposing_demand(mesh, order).queries
    kind = order.request.kind
    names = named(fleet, kind, order.request)
    picture = read_picture(fleet, queries, mesh, on_cluster)
    order = replace(order, contexts=_chosen(picture, order.contexts))
    if kind is kinds.NAMESPACE:
        check_namespaces(picture, names)
        wanted = Wanted(frozenset(names))
    else:
        check_exists(picture, order.request.namespace, names)
        wanted = Wanted(frozenset((order.request.namespace or "",)), frozenset(names))
    views = [view for view in picture.views if order.concerns(view.context)]
    steps = steps_of(views, names, order)
    if not steps and not any(_is_unread(view, order.request) for view in views):
        raise _nothing_found(kind, order.request)
    if not order.overwrite and (clashes := clashes_of(steps)):
        listed = "; ".join(map(str, clashes[:5])) + (f"; and {len(clashes) - 5} more" if len(clashes) > 5 else "")  # noqa: PLR2004 - a readable few
        raise ConflictError(listed, "nothing was written; replace the values with --overwrite")
    return _plan(order, queries, picture, wanted, steps)


def _chosen(picture: Picture, contexts: frozenset[str] | None) -> frozenset[str] | None:
    """The names of the chosen clusters as they were read: they may have been chosen by another of their contexts."""
    if contexts is None:
        return None
    return contexts | {one.context for one in picture.snapshot.clusters if not contexts.isdisjoint(one.aliases)}


def steps_of(views: Sequence[ClusterView], names: Sequence[str], order: Order) -> list[Step]:
    """What an order comes to for these names in these clusters."""
    if order.request.kind is kinds.NAMESPACE:
        return namespace_steps(views, names, order.intent, overwrite=order.overwrite)
    keys = [ServiceKey(order.request.namespace or "", name) for name in names]
    return service_steps(views, keys, order.intent, overwrite=order.overwrite)


def _is_unread(view: ClusterView, request: Request) -> bool:
    """Whether what is asked for may stand in a cluster without our knowing."""
    if request.kind is kinds.SERVICE:
        return view.cluster.gap_for(kinds.SERVICE, request.namespace) is not None
    names = request.targets.names if request.targets is not None and not request.selector else ()
    return any(view.cluster.gap_for(kinds.NAMESPACE, name=name) is not None for name in names or (None,))


def _nothing_found(kind: Kind, request: Request) -> NotFoundError:
    what, place = kind.plural, f" {request.place}".rstrip()
    if request.selector:
        return NotFoundError(f"no {what} match {request.selector!r}{place} of any selected cluster")
    names = ", ".join(request.targets.names) if request.targets is not None else ""
    return NotFoundError(
        f"{what} {names} not found{place} of any selected cluster; what stands there was generated for other clusters",
        "choose the clusters that have the Service with --context",
    )


def _plan(order: Order, queries: tuple[Query, ...], picture: Picture, wanted: Wanted, steps: list[Step]) -> Plan:
    after = tuple(view_after(view, steps) for view in picture.views)
    publications = [one for view in after for one in view.publications if one.key in wanted]
    expected = Picture(picture.snapshot, after, expect(after, picture.mesh.visibility), picture.mesh)
    return Plan(
        order=order,
        queries=queries,
        picture=picture,
        wanted=wanted,
        steps=tuple(steps),
        after=after,
        blast=blast_radius(picture.views, steps),
        findings=tuple(expected.findings((), sorted({one.key for one in publications}))),
        notes=tuple(_notes(order, after, steps)),
        hosts=tuple(sorted({one.host for one in publications if one.host is not None})),
    )


def _notes(order: Order, after: Sequence[ClusterView], steps: Sequence[Step]) -> list[Note]:
    values = order.intent.values
    return remains_of(after, steps) if SERVICE_SCOPE in values and values[SERVICE_SCOPE] not in PUBLISHED else []


def carry_out(
    fleet: Fleet,
    clock: Clock,
    plan: Plan,
    on_result: Callable[[StepResult], None] | None = None,
    on_wait: OnWait | None = None,
    on_written: Callable[[Report], None] | None = None,
) -> Report:
    """Write the plan and, if the order says so, wait until the mesh is as it must be.

    ``on_written`` is told how writing ended, before anything is waited for.
    """
    report, results = _written(fleet, plan, on_result)
    if on_written is not None:
        on_written(report)
    is_written = all(write.failure is None for write in report.writes)
    if plan.order.dry_run != "none" or plan.order.wait is None or not is_written:
        return report
    return _verified(fleet, clock, plan, results, on_wait)


def _written(
    fleet: Fleet, plan: Plan, on_result: Callable[[StepResult], None] | None
) -> tuple[Report, Sequence[StepResult]]:
    order = plan.order
    if order.dry_run == "client":
        results = [StepResult(step, Status.WOULD_CHANGE if step.changes else Status.UNCHANGED) for step in plan.steps]
        for result in results:
            if on_result is not None:
                on_result(result)
        return _report(plan, results), results
    if order.dry_run == "none" and len(plan.changes) > 1:
        tried = fleet.write(plan.changes, dry_run=True, overwrite=order.overwrite)
        if any(result.failure is not None for result in tried):
            return _report(plan, [result for result in tried if result.failure is not None], is_refused=True), tried
    results = fleet.write(plan.steps, dry_run=order.dry_run == "server", overwrite=order.overwrite, on_result=on_result)
    return _report(plan, results), results


def _verified(fleet: Fleet, clock: Clock, plan: Plan, results: Sequence[StepResult], on_wait: OnWait | None) -> Report:
    """Wait by watch. Where nothing was written and all is well already, nothing more is read."""
    picture = plan.picture

    def is_as_wanted(seen: Picture) -> bool:
        verdicts = seen.verdicts(plan.wanted)
        if on_wait is not None:
            on_wait(verdicts)
        return is_content(verdicts, seen, plan.picture) and {one.host for one in verdicts} >= set(plan.hosts)

    if plan.changes and not plan.order.wait:
        picture = read_picture(fleet, plan.queries, picture.mesh)
    is_done = (not plan.changes or not plan.order.wait) and is_as_wanted(picture)
    if not is_done and plan.order.wait:
        deadline = clock.monotonic() + plan.order.wait
        watching = Watching(plan.queries, picture.mesh, picture.snapshot.clusters)
        waited = wait_until(fleet, watching, is_as_wanted, deadline)
        picture, is_done = waited.picture, waited.is_done
    return _report(plan, results, picture=picture, is_late=not is_done)


def _report(
    plan: Plan,
    results: Sequence[StepResult],
    *,
    picture: Picture | None = None,
    is_late: bool = False,
    is_refused: bool = False,
) -> Report:
    verdicts = picture.verdicts(plan.wanted) if picture is not None else []
    clusters = tuple(map(cluster_report, (picture or plan.picture).snapshot.clusters))
    summary = summarise(verdicts, clusters)
    code = _write_code(results, is_refused=is_refused)
    if code is ExitCode.OK and plan.left_out and any(result.status is Status.CHANGED for result in results):
        code = ExitCode.CONFLICT
    if code is ExitCode.OK:
        code = exit_code(verdicts, summary, plan.order.thresholds)
        if is_late:
            code = ExitCode.TIMEOUT
    return Report(
        command=plan.order.command,
        exit_code=int(code),
        dry_run=plan.order.dry_run,
        clusters=clusters,
        writes=tuple(map(write_report, results)),
        expected_hosts=plan.hosts,
        hosts=tuple(verdicts),
        findings=plan.findings,
        notes=plan.notes,
        summary=summary,
    )


def _write_code(results: Sequence[StepResult], *, is_refused: bool) -> ExitCode:
    """Conflict or partly written is 4; where nothing was written for want of access, it could not be checked (3)."""
    failed = [result.failure for result in results if result.failure is not None]
    if not failed:
        return ExitCode.OK
    is_nothing_written = is_refused or len(failed) == len(results)
    if is_nothing_written and all(one.cause in _ACCESS for one in failed):
        return ExitCode.CANNOT_CHECK
    return ExitCode.CONFLICT
