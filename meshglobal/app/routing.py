"""`route`: read, plan, look whether it would work; then print, compare, apply or delete.

All servers try the whole plan before the first write (ADR 0006). What does not carry our mark is never touched.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from meshglobal.app.picture import MeshSettings, OnCluster, Picture, read_picture
from meshglobal.app.ports import Clock, Fleet, ObjectWriter
from meshglobal.app.waiting import Watching, wait_until
from meshglobal.domain import kinds
from meshglobal.domain.demand import ANY, Demand, Write
from meshglobal.domain.errors import ExitCode
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.finding import Level
from meshglobal.domain.object_plan import ObjectResult, ObjectStep
from meshglobal.domain.plan import Status
from meshglobal.domain.report import cluster_report
from meshglobal.domain.route_manifests import mark_of, without_unset
from meshglobal.domain.route_plan import RoutePlan, route_plan
from meshglobal.domain.route_remarks import Remarks, RouteRemark, worst_level
from meshglobal.domain.route_report import ClusterRoute, RouteReport, object_writes
from meshglobal.domain.route_state import addresses, leftovers, tell_false_alarms, why_not_ready
from meshglobal.domain.route_wish import RouteWish
from meshglobal.domain.snapshot import Query
from meshglobal.domain.view import ClusterView

_KINDS = {kinds.GATEWAY.name: kinds.GATEWAY, kinds.HTTP_ROUTE.name: kinds.HTTP_ROUTE}
_ACCESS = frozenset(Cause) - {Cause.CONFLICT, Cause.REJECTED, Cause.NOT_FOUND}
_CODES: dict[Level | None, ExitCode] = {Level.ERROR: ExitCode.FINDINGS, Level.UNKNOWN: ExitCode.CANNOT_CHECK}


@dataclass(frozen=True, slots=True)
class RouteOrder:
    """What to do with a wish.

    Attributes:
        mode: ``print``, ``diff``, ``apply`` or ``delete``.
        dry_run: ``none``, ``client`` or ``server``.
        wait: seconds to wait until what was applied works; None: do not look.
    """

    wish: RouteWish
    mode: str = "print"
    dry_run: str = "none"
    overwrite: bool = False
    wait: float | None = None


@dataclass(frozen=True, slots=True)
class Routes:
    """The plans of all clusters, with what they rest on."""

    order: RouteOrder
    queries: tuple[Query, ...]
    picture: Picture
    plans: tuple[RoutePlan, ...]

    @property
    def remarks(self) -> tuple[RouteRemark, ...]:
        """What was found about all of them."""
        return tuple(one for plan in self.plans for one in plan.remarks)

    @property
    def code(self) -> ExitCode:
        """What forbids to write them: they would not do what they are for, or that is not known."""
        return _CODES.get(worst_level(self.remarks), ExitCode.OK)


def routing_demand(mesh: MeshSettings, order: RouteOrder) -> Demand:
    """What it asks of each cluster: hosts and their entries, Gateways and routes; of the latter two it writes some."""
    namespace = order.wish.key.namespace
    names = dict.fromkeys((namespace, mesh.istio_namespace))
    queries = (
        *(Query(kinds.NAMESPACE, name=name, is_optional=True) for name in names),
        Query(kinds.SEGMENT, mesh.istio_namespace, is_optional=True),
        Query(kinds.SERVICE_ENTRY, mesh.istio_namespace),
        Query(kinds.GATEWAY),
        Query(kinds.HTTP_ROUTE),
    )
    written = tuple(Write(kind, namespace, ANY, is_whole=True) for kind in _KINDS.values())
    return Demand((queries,), watched=queries if order.wait else (), written=written)


def plan_routes(fleet: Fleet, mesh: MeshSettings, order: RouteOrder, on_cluster: OnCluster | None = None) -> Routes:
    """Read the clusters and work out what each would get; nothing is sent."""
    queries = routing_demand(mesh, order).queries
    picture = read_picture(fleet, queries, mesh, on_cluster)
    if order.mode == "delete":
        plans = tuple(_deletion(view, order) for view in picture.views)
    else:
        plans = tuple(route_plan(order.wish, view, mesh.istio_namespace) for view in picture.views)
    return Routes(order, queries, picture, plans)


def _deletion(view: ClusterView, order: RouteOrder) -> RoutePlan:
    """All that carries our mark: the routes, then the Gateways."""
    said = Remarks(view.context)
    for kind in _KINDS.values():
        if why := view.cluster.why_unread(kind):
            said.unknown("objects-unread", f"what stands there of {kind.plural} cannot be told: {why}")
    gone = leftovers(order.wish, view, (), said)
    return RoutePlan(view.context, (), gone=gone, remarks=tuple(said.said))


def steps_of(routes: Routes) -> list[ObjectStep]:
    """Every object that is to be written or taken away, clusters in order."""
    mark = mark_of(routes.order.wish.key)
    return [
        ObjectStep(
            plan.context, _KINDS[one["kind"]], one["metadata"]["namespace"], one["metadata"]["name"], mark, wanted
        )
        for plan in routes.plans
        for one, wanted in (*((one, one) for one in plan.objects), *((one, None) for one in plan.gone))
    ]


def carry_out(
    fleet: Fleet, objects: ObjectWriter, clock: Clock, routes: Routes
) -> tuple[RouteReport, list[ObjectResult]]:
    """Do what the order says; the results as they came from the servers beside the report."""
    order, steps = routes.order, steps_of(routes)
    if order.mode == "print" or routes.code is not ExitCode.OK:
        return _report(routes, routes.picture, routes.code), []
    if order.dry_run == "client":
        results = [_rehearsed(step, routes.picture) for step in steps]
    else:
        results = _written(objects, order, steps)
    code = _write_code(results)
    if order.mode == "diff" and code is ExitCode.OK and any(one.status is not Status.UNCHANGED for one in results):
        code = ExitCode.FINDINGS
    if order.mode != "apply" or order.dry_run != "none" or code is not ExitCode.OK or order.wait is None:
        return _report(routes, routes.picture, code, results), results
    return _followed(fleet, clock, routes, results), results


def _written(objects: ObjectWriter, order: RouteOrder, steps: Sequence[ObjectStep]) -> list[ObjectResult]:
    """Let all servers try, then write; where one refuses, only who does, for then nothing is written."""
    is_trial = order.mode == "diff" or order.dry_run == "server"
    if is_trial or len(steps) > 1:
        tried = objects.write_objects(steps, dry_run=True, overwrite=order.overwrite)
        if refused := [one for one in tried if one.failure is not None]:
            return tried if is_trial else refused
        if is_trial or all(one.status is Status.UNCHANGED for one in tried):
            return tried
    return objects.write_objects(steps, overwrite=order.overwrite)


def _rehearsed(step: ObjectStep, picture: Picture) -> ObjectResult:
    """What a step would do, by what was read."""
    view = next(one for one in picture.views if one.context == step.context)
    known = view.cluster.of(step.kind, step.kind.record)
    found = next((one for one in known if (one.namespace, one.name) == (step.namespace, step.name)), None)
    if found is None:
        return ObjectResult(step, Status.WOULD_CHANGE)
    marks = found.metadata.labels or {}
    if any(marks.get(key) != value for key, value in step.mark.items()):
        text = f"{step.kind.name} {step.namespace}/{step.name} is somebody else's"
        return ObjectResult(step, Status.CONFLICT, failure=failure(Cause.CONFLICT, text, step.context))
    return ObjectResult(step, Status.WOULD_CHANGE, before={})


def _followed(fleet: Fleet, clock: Clock, routes: Routes, results: Sequence[ObjectResult]) -> RouteReport:
    """Wait until all that was applied works, by watch; then say what its status says, and where it can be reached."""

    def left(picture: Picture) -> Iterator[tuple[str, str]]:
        for plan in routes.plans:
            view = next(one for one in picture.views if one.context == plan.context)
            if why := why_not_ready(view, results):
                yield plan.context, why

    deadline = clock.monotonic() + (routes.order.wait or 0.0)
    watching = Watching(routes.queries, routes.picture.mesh, routes.picture.snapshot.clusters)
    waited = wait_until(fleet, watching, lambda seen: not any(left(seen)), deadline)
    late = []
    for context, why in () if waited.is_done else left(waited.picture):
        said = Remarks(context)
        said.error(
            "not-ready", why, f"look at its controller: kubectl --context {shlex.quote(context)} get gatewayclass"
        )
        late += said.said
    for view in waited.picture.views:
        said = Remarks(view.context)
        tell_false_alarms(view, routes.order.wish.key, said)
        late += said.said
    code = ExitCode.OK if waited.is_done else ExitCode.TIMEOUT
    return _report(routes, waited.picture, code, results, late)


def _report(
    routes: Routes,
    picture: Picture,
    code: ExitCode,
    results: Sequence[ObjectResult] = (),
    more: Sequence[RouteRemark] = (),
) -> RouteReport:
    order = routes.order
    is_written = bool(results) and all(one.failure is None for one in results)
    return RouteReport(
        mode=order.mode,
        exit_code=int(code),
        dry_run=order.dry_run,
        namespace=order.wish.key.namespace,
        service=order.wish.key.name,
        clusters=tuple(map(cluster_report, picture.snapshot.clusters)),
        routes=tuple(_cluster(plan, picture, order, is_written=is_written) for plan in routes.plans),
        remarks=(*routes.remarks, *more),
        writes=object_writes(results),
    )


def _cluster(plan: RoutePlan, picture: Picture, order: RouteOrder, *, is_written: bool) -> ClusterRoute:
    view = next(one for one in picture.views if one.context == plan.context)
    is_there = order.mode == "apply" and order.dry_run == "none" and is_written
    reached = tuple(addresses(view, order.wish, plan.objects)) if is_there else ()
    return ClusterRoute(
        context=plan.context, hosts=plan.hosts, objects=tuple(map(without_unset, plan.objects)), addresses=reached
    )


def _write_code(results: Sequence[ObjectResult]) -> ExitCode:
    """Conflict or partly written is 4; where nothing was written for want of access, it could not be checked (3)."""
    failed = [one.failure for one in results if one.failure is not None]
    if not failed:
        return ExitCode.OK
    is_written = any(one.status is Status.CHANGED for one in results)
    return (
        ExitCode.CANNOT_CHECK if not is_written and all(one.cause in _ACCESS for one in failed) else ExitCode.CONFLICT
    )
