"""The plan of a drill: read, predict, and say what speaks against it. Nothing is changed."""

from __future__ import annotations

from meshglobal.app.call_results import names_of
from meshglobal.app.calling import calling_demand
from meshglobal.app.drill_order import CallPlan, DrillOrder, DrillPlan
from meshglobal.app.drill_watching import WATCHED
from meshglobal.app.picture import MeshSettings, OnCluster, Picture, mesh_queries, read_picture
from meshglobal.app.ports import Fleet
from meshglobal.app.selecting import check_exists
from meshglobal.domain import kinds
from meshglobal.domain.demand import ANY, Demand, Write
from meshglobal.domain.drill import Mode
from meshglobal.domain.drill_objects import SCALE, SCALERS
from meshglobal.domain.drill_plan import claims_on, notes_of, refusals_of, taking_of
from meshglobal.domain.drill_prediction import predict
from meshglobal.domain.drill_report import Drill, Reason, Refusal, expected_of, refused_code
from meshglobal.domain.errors import CannotCheckError, UsageError
from meshglobal.domain.report import cluster_report
from meshglobal.domain.snapshot import Query
from meshglobal.domain.view import ClusterView

_READ = (kinds.ENDPOINT_SLICE, kinds.POD, kinds.GATEWAY)


def drill_queries(mesh: MeshSettings, namespace: str, mode: Mode = Mode.SCALE) -> tuple[Query, ...]:
    """What must be read: what verdicts rest on, endpoints, pods, links, Deployments and who scales them."""
    scalers = SCALERS if mode is Mode.SCALE else ()
    more = [Query(kinds.DEPLOYMENT, namespace), *(Query(kind, namespace, is_optional=True) for kind in scalers)]
    return tuple(dict.fromkeys((*mesh_queries(mesh, namespace, _READ), *more)))


def drill_demand(mesh: MeshSettings, namespace: str, mode: Mode = Mode.SCALE, names: tuple[str, ...] = ()) -> Demand:
    """What it asks of each cluster: it reads, calls, follows what it takes away, and writes marks and values.

    ``names``: of the services whose scope is written.
    """
    opened = calling_demand(mesh, namespace).opened
    queries, followed = drill_queries(mesh, namespace, mode), tuple(Query(kind, namespace) for kind in WATCHED)
    if mode is Mode.CORDON_LABEL:
        services = tuple(Write(kinds.SERVICE, namespace, name) for name in names or (ANY,))
        return Demand((queries,), watched=followed, written=services, opened=opened)
    deployments = (Write(kinds.DEPLOYMENT, namespace, ANY),)
    scales = (Write(SCALE, namespace, ANY),)
    return Demand((queries,), watched=followed, written=deployments, patched=scales, opened=opened)


def read_for_drill(fleet: Fleet, mesh: MeshSettings, order: DrillOrder, on_cluster: OnCluster | None = None) -> Picture:
    """Read all clusters.

    Raises:
        NotFoundError: the service is in no cluster.
        UsageError: the cluster is none of those that were selected.
        CannotCheckError: the cluster could not be read.
    """
    picture = read_picture(fleet, drill_queries(mesh, order.key.namespace, order.mode), mesh, on_cluster)
    check_exists(picture, order.key.namespace, [order.key.name])
    view = view_named(picture, order.context)
    if why := view.cluster.why_unread(kinds.SERVICE, order.key.namespace):
        raise CannotCheckError(f"{order.context} could not be read: {why}")
    return picture


def view_named(picture: Picture, context: str) -> ClusterView:
    """The cluster that a context leads to.

    Raises:
        UsageError: it is none of those that were selected.
    """
    for view in picture.views:
        if context in (view.context, *view.cluster.aliases):
            return view
    known = ", ".join(view.context for view in picture.views)
    raise UsageError(f"--cluster {context}: it is none of the selected clusters ({known})", "select it with --context")


def plan_drill(mesh: MeshSettings, order: DrillOrder, picture: Picture, calls: CallPlan) -> DrillPlan:
    """Work out what is changed, what will come of it, and what speaks against it."""
    view = view_named(picture, order.context)
    taking = taking_of(view, order.key, order.mode)
    prediction = predict(picture.views, order.key, view.context, calls.context)
    refusals = claims_on(picture.views, order.key)
    refusals = refusals or refusals_of(view, order.key, order.mode, taking, prediction, order.leave)
    if len(picture.views) == 1 and not order.leave.outage:
        refusals = [_alone(view.context)]
    draft = Drill(
        exit_code=int(refused_code(refusals)),
        namespace=order.key.namespace,
        service=order.key.name,
        context=view.context,
        mode=order.mode,
        caller=calls.caller or None,
        caller_context=calls.context,
        host=calls.host,
        port=calls.port,
        path=calls.path,
        rate=calls.rate,
        max_lost=order.max_lost,
        clusters=tuple(map(cluster_report, picture.snapshot.clusters)),
        expected=expected_of(prediction),
        touches=taking.touches,
        notes=tuple(notes_of(view, order.key, order.mode, taking)),
        refusals=tuple(refusals),
    )
    queries = drill_queries(mesh, order.key.namespace, order.mode)
    return DrillPlan(order, mesh, queries, picture, prediction, taking, names_of(picture, order.key), draft)


def _alone(context: str) -> Refusal:
    return Refusal(
        reason=Reason.OUTAGE,
        message=f"{context} is the only cluster that is selected: nothing is known of others that could answer",
        next_step="select those that take over, too: --context or --all-contexts",
    )
