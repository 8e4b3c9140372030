"""`segment create`, `assign`, `unassign`, `delete`: plan, agree, try, write, and wait until the plan has come true.

All servers try the whole before the first write (ADR 0006). What is already as it shall be is not written again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from meshglobal.app.picture import Picture, mesh_queries, read_picture
from meshglobal.app.ports import Clock, Fleet, ObjectWriter
from meshglobal.app.segment_planning import Planned
from meshglobal.app.verify import is_content
from meshglobal.app.waiting import OnWait, Watching, wait_until
from meshglobal.domain import kinds
from meshglobal.domain.errors import ExitCode
from meshglobal.domain.failure import Cause, Failure
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.object_plan import ObjectResult, ObjectStep
from meshglobal.domain.plan import Status, Step, StepResult
from meshglobal.domain.report import Report, Thresholds, Write, cluster_report, exit_code, summarise, write_report
from meshglobal.domain.segment_intent import Action
from meshglobal.domain.segment_plan import HostAt
from meshglobal.domain.segment_steps import check_unused, label_steps, object_write, segment_steps
from meshglobal.domain.snapshot import MeshSnapshot, Query
from meshglobal.domain.view import ClusterView

_ACCESS = frozenset(Cause) - {Cause.CONFLICT, Cause.REJECTED, Cause.NOT_FOUND}
Result = StepResult | ObjectResult


@dataclass(frozen=True, slots=True)
class SegmentOrder:
    """How a plan is carried out.

    Attributes:
        dry_run: ``none``, ``client`` or ``server``.
        wait: seconds to wait until hosts are as foretold; 0: look once; None: do not look.
    """

    dry_run: str = "none"
    overwrite: bool = False
    wait: float | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)


@dataclass(frozen=True, slots=True)
class Work:
    """A plan with what is to be written for it: labels or objects, clusters in order; ``idle``: is so already."""

    planned: Planned
    order: SegmentOrder
    labels: tuple[Step, ...] = ()
    objects: tuple[ObjectStep, ...] = ()
    idle: tuple[ObjectStep, ...] = ()

    @property
    def size(self) -> int:
        """How many objects change."""
        return sum(bool(step.changes) for step in self.labels) + len(self.objects)

    @property
    def touched(self) -> frozenset[ServiceKey]:
        """The services whose hosts change, or are answered by others."""
        plan = self.planned.plan
        hosts = {ServiceKey(one.namespace, one.service) for one in (*plan.vanishes, *plan.appears)}
        return frozenset(hosts | {ServiceKey(one.namespace, one.service) for one in plan.callers})

    @property
    def unread(self) -> tuple[str, ...]:
        """The clusters that were to be changed and could not be read: nothing is written there."""
        return tuple(view.context for view in self.planned.targets if not _is_known(view, self.planned))


def make_work(planned: Planned, order: SegmentOrder) -> Work:
    """What is to be written for a plan; nothing is sent.

    Raises:
        ConflictError: other values stand there, and ``overwrite`` is off.
        RefusedError: a Segment that clusters are in shall be deleted.
        CannotCheckError: whether they are could not be read, or no cluster that was to be changed could be.
    """
    intent, place = planned.intent, planned.picture.mesh.istio_namespace
    targets = [view for view in planned.targets if _is_known(view, planned)]
    if intent.action in (Action.ASSIGN, Action.UNASSIGN):
        return Work(planned, order, labels=tuple(label_steps(targets, intent, place, overwrite=order.overwrite)))
    if intent.action is Action.DELETE:
        check_unused(planned.picture.views, intent.name)
    changes, idle = segment_steps(targets, intent, place, overwrite=order.overwrite)
    return Work(planned, order, objects=changes, idle=idle)


def _is_known(view: ClusterView, planned: Planned) -> bool:
    """Whether what is to be written was read; what it would break may be unknown all the same."""
    intent, place = planned.intent, planned.picture.mesh.istio_namespace
    if intent.action in (Action.ASSIGN, Action.UNASSIGN):
        return view.cluster.has_read(kinds.NAMESPACE, name=place)
    return view.cluster.has_read(kinds.SEGMENT, place, intent.name)


def carry_out(
    fleet: Fleet,
    objects: ObjectWriter,
    clock: Clock,
    work: Work,
    on_results: Callable[[Sequence[Result]], None],
    on_wait: OnWait | None = None,
) -> Report:
    """Write, tell the results, and wait if the order says so."""
    results, is_tried = _written(fleet, objects, work)
    failures = [one.failure for one in results if one.failure is not None]
    if not (is_tried and failures):
        on_results(results)
    code = _write_code(results, failures, is_tried=is_tried)
    if code is ExitCode.OK and work.unread:
        code = ExitCode.CONFLICT if any(one.status is Status.CHANGED for one in results) else ExitCode.CANNOT_CHECK
    shown = [one for one in results if one.failure is not None] if is_tried and failures else results
    if failures or work.order.dry_run != "none" or work.order.wait is None or not work.touched:
        return _report(work, shown, code)
    return _verified(fleet, clock, work, shown, code, on_wait)


def _written(fleet: Fleet, objects: ObjectWriter, work: Work) -> tuple[Sequence[Result], bool]:
    """The results, and whether they are those of a trial that failed, after which nothing was written."""
    order = work.order
    idle = [ObjectResult(one, Status.UNCHANGED) for one in work.idle]
    if order.dry_run == "client":
        planned = [StepResult(one, Status.WOULD_CHANGE if one.changes else Status.UNCHANGED) for one in work.labels]
        return [*planned, *(ObjectResult(one, Status.WOULD_CHANGE) for one in work.objects), *idle], False

    def write(*, dry_run: bool) -> list[Result]:
        # What was named is deleted, whoever edited it: it is guarded by what was just read.
        named = order.overwrite or work.planned.intent.action is Action.DELETE
        labels = fleet.write(work.labels, dry_run=dry_run, overwrite=order.overwrite) if work.labels else []
        made = objects.write_objects(work.objects, dry_run=dry_run, overwrite=named) if work.objects else []
        return [*labels, *made, *idle]

    if order.dry_run == "none" and work.size > 1:
        tried = write(dry_run=True)
        if any(one.failure is not None for one in tried):
            return tried, True
    return write(dry_run=order.dry_run == "server"), False


def _write_code(results: Sequence[Result], failures: Sequence[Failure], *, is_tried: bool) -> ExitCode:
    if not failures:
        return ExitCode.OK
    is_nothing_written = is_tried or len(failures) == len(results)
    if is_nothing_written and all(one.cause in _ACCESS for one in failures):
        return ExitCode.CANNOT_CHECK
    return ExitCode.CONFLICT


def _verified(
    fleet: Fleet, clock: Clock, work: Work, results: Sequence[Result], code: ExitCode, on_wait: OnWait | None
) -> Report:
    """Wait by watch until the hosts that were foretold to come are there, and those to vanish are gone."""
    plan, mesh = work.planned.plan, work.planned.picture.mesh
    queries = mesh_queries(mesh, None)
    first = _begun(work.planned.picture, queries)
    begun = work.planned.picture.snapshot.clusters
    read = {one.context for one in begun if one.has_read(kinds.SERVICE_ENTRY, mesh.istio_namespace)}
    appears, vanishes = _hosts(plan.appears, read), _hosts(plan.vanishes, read)

    def is_as_foretold(seen: Picture) -> bool:
        verdicts = seen.verdicts(work.touched)
        if on_wait is not None:
            on_wait(verdicts)
        have = {(view.context, host) for view in seen.views for host in view.entries}
        return is_content(verdicts, seen, first) and appears <= have and not vanishes & have

    if work.order.wait:
        watching = Watching(queries, mesh, first.snapshot.clusters)
        waited = wait_until(fleet, watching, is_as_foretold, clock.monotonic() + work.order.wait)
        picture, is_done = waited.picture, waited.is_done
    else:
        picture = read_picture(fleet, queries, mesh)
        is_done = is_as_foretold(picture)
    late = code if is_done else ExitCode.TIMEOUT
    return _report(work, results, late if code is ExitCode.OK else code, picture)


def _begun(picture: Picture, queries: Sequence[Query]) -> Picture:
    """The clusters as they were read at first, as far as that is followed now."""
    clusters = tuple(
        replace(one, queries=tuple(query for query in one.queries if query in queries))
        for one in picture.snapshot.clusters
    )
    return replace(picture, snapshot=MeshSnapshot(clusters))


def _hosts(foretold: Sequence[HostAt], contexts: Collection[str]) -> set[tuple[str, str]]:
    """What can be seen to come or go: aliases stand in no known field of an entry."""
    return {(one.context, one.host) for one in foretold if not one.alias and one.context in contexts}


def _report(work: Work, results: Sequence[Result], code: ExitCode, picture: Picture | None = None) -> Report:
    plan = work.planned.plan
    verdicts = picture.verdicts(work.touched) if picture is not None else []
    clusters = tuple(map(cluster_report, (picture or work.planned.picture).snapshot.clusters))
    summary = summarise(verdicts, clusters)
    if code is ExitCode.OK and picture is not None:
        code = exit_code(verdicts, summary, work.order.thresholds)
    return Report(
        command=plan.command.replace(" plan", ""),
        exit_code=int(code),
        dry_run=work.order.dry_run,
        clusters=clusters,
        writes=tuple(map(_write, results)),
        expected_hosts=tuple(dict.fromkeys(one.host for one in plan.appears)),
        hosts=tuple(verdicts),
        notes=plan.notes,
        summary=summary,
    )


def _write(result: Result) -> Write:
    return write_report(result) if isinstance(result, StepResult) else object_write(result)
