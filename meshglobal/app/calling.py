"""`call`: a request to a global host from a pod of each selected cluster, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from meshglobal.app.call_ports import DEFAULT_IMAGE, Callers
from meshglobal.app.call_results import Unable, calls_of, expected_of, names_of, seen_of, traffic_findings
from meshglobal.app.call_series import CallSeries, run_all
from meshglobal.app.picture import MeshSettings, OnCluster, Picture, mesh_queries, picture_of
from meshglobal.app.ports import Fleet
from meshglobal.app.selecting import check_exists
from meshglobal.domain import kinds
from meshglobal.domain.call import Method
from meshglobal.domain.call_identity import Identify
from meshglobal.domain.call_order import CallOrder
from meshglobal.domain.call_report import CallReport, call_exit_code
from meshglobal.domain.call_source import CallerWish, Source, source_in
from meshglobal.domain.call_target import target_of
from meshglobal.domain.demand import ANY, Demand, Write
from meshglobal.domain.errors import UsageError
from meshglobal.domain.failure import Cause, Failure
from meshglobal.domain.kinds import Kind
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Pod
from meshglobal.domain.report import cluster_report
from meshglobal.domain.snapshot import MeshSnapshot, Query
from meshglobal.domain.view import ClusterView

_READ = (kinds.ENDPOINT_SLICE, kinds.POD, kinds.GATEWAY)
_NO_SOURCE = "choose a caller: --from POD or --from LABELS, --from-namespace NAME; or make one: --method pod"


@dataclass(frozen=True, slots=True)
class CallWish:
    """What is to be called how.

    Attributes:
        key: the service.
        caller: from where.
        mark: a word drawn for this run.
        host: empty: that of the caller's own segment.
        methods: how curl gets into a pod: the first way that is open.
        port: None: the first of the entry that speaks HTTP.
        count, rate, max_time, headers, path: see `CallOrder`.
        is_remote: whether the path to other clusters is to be shown.
        image: for what is not a container that is there.
        identify: how an answer says who gave it.
    """

    key: ServiceKey
    caller: CallerWish
    mark: str
    host: str = ""
    methods: tuple[Method, ...] = tuple(Method)
    port: int | None = None
    path: str = "/"
    headers: tuple[str, ...] = ()
    count: int = 1
    rate: float = 0.0
    max_time: float = 10.0
    is_remote: bool = False
    image: str = DEFAULT_IMAGE
    identify: Identify = field(default_factory=Identify)


@dataclass(frozen=True, slots=True)
class Telling:
    """Who hears what while calls are made; all are called from other threads but ``on_cluster``.

    ``on_text`` gets the answer of a single call as it comes; ``on_remains`` a context, and what stays behind there.
    """

    on_cluster: OnCluster | None = None
    on_text: Callable[[bytes], None] | None = None
    on_remains: Callable[[str, str], None] = lambda _context, _remains: None


_EXEC, _ATTACH, _EPHEMERAL = (
    Kind("Pod", f"pods/{subresource}", "", "v1", Pod) for subresource in ("exec", "attach", "ephemeralcontainers")
)


def calling_demand(
    mesh: MeshSettings, namespace: str, caller: CallerWish | None = None, method: Method = Method.EXEC
) -> Demand:
    """What it asks of each cluster: what says which host is called and why that may fail, the pods, and a way into one.

    `RIGHTS` of `call_series` says the same of the way, as the server is asked before.
    """
    place = caller.namespace if caller is not None else namespace
    of_caller = (Query(kinds.NAMESPACE, name=place, is_optional=True), Query(kinds.POD, place))
    queries = (*mesh_queries(mesh, namespace, _READ), *of_caller)
    selector = caller.selector if caller is not None else ""
    chosen = ((Query(kinds.POD, place, selector=selector),),) if selector else ()
    attached = (Write(_ATTACH, place, ANY),)
    return Demand(
        (*chosen, tuple(dict.fromkeys(queries))),
        patched=(Write(_EPHEMERAL, place, ANY),) if method is Method.EPHEMERAL else (),
        opened=(Write(_EXEC, place, ANY),) if method is Method.EXEC else attached,
        made=(Write(kinds.POD, place, ANY),) if method is Method.POD else (),
    )


def call_service(
    fleet: Fleet, callers: Callers, mesh: MeshSettings, wish: CallWish, telling: Telling | None = None
) -> CallReport:
    """Call a service from a pod of each selected cluster.

    Raises:
        NotFoundError: the service is in no cluster.
        UsageError: a selector that the servers do not understand.
    """
    tell = telling or Telling()
    *before, queries = calling_demand(mesh, wish.key.namespace, wish.caller).readings
    found = _matching(fleet.read(before[0]), wish.caller) if before else None
    picture = picture_of(fleet.read(queries, tell.on_cluster), mesh)
    check_exists(picture, wish.key.namespace, [wish.key.name])
    is_shown = wish.count == 1 and len(picture.views) == 1 and tell.on_text is not None
    series = [_series(view, picture, wish, found, callers, tell, is_shown=is_shown) for view in picture.views]
    run_all([one for one in series if isinstance(one, CallSeries)])
    names = names_of(picture, wish.key)
    calls = tuple(
        calls_of(one, view, picture, wish.key, names, is_remote=wish.is_remote)
        for one, view in zip(series, picture.views, strict=True)
    )
    findings = traffic_findings(picture, wish.key, [seen_of(one, wish.key) for one in calls if one.figures.ended])
    return CallReport(
        exit_code=int(call_exit_code(calls, findings)),
        namespace=wish.key.namespace,
        service=wish.key.name,
        clusters=tuple(map(cluster_report, picture.snapshot.clusters)),
        calls=calls,
        findings=tuple(findings),
    )


def _matching(snapshot: MeshSnapshot, caller: CallerWish) -> Mapping[str, frozenset[str]]:
    """The names of the pods that a selector matches, by context."""
    for cluster in snapshot.clusters:
        for gap in cluster.gaps:
            if gap.failure.cause is Cause.REJECTED:
                raise UsageError(f"--from {caller.selector!r}: {gap.failure.message}")
    return {one.context: frozenset(pod.name for pod in one.of(kinds.POD, Pod)) for one in snapshot.clusters}


def _series(  # noqa: PLR0913 - what a series is made of
    view: ClusterView,
    picture: Picture,
    wish: CallWish,
    found: Mapping[str, frozenset[str]] | None,
    callers: Callers,
    tell: Telling,
    *,
    is_shown: bool,
) -> CallSeries | Unable:
    context = view.context
    if not view.cluster.is_reached:
        return Unable(cluster_report(view.cluster).unread[0].failure)
    expected = expected_of(picture, context, wish.key)
    target = target_of(view, picture.views, wish.key, expected, wish.port, wish.host)
    if isinstance(target, str):
        return Unable(Failure(Cause.NOT_FOUND, f"{wish.key}: {target}"))
    source = source_in(view, wish.key, wish.caller, found.get(context, frozenset()) if found is not None else None)
    if isinstance(source, str):
        if wish.methods != (Method.POD,) or wish.caller.name or wish.caller.selector:
            return Unable(Failure(Cause.NOT_FOUND, source, _NO_SOURCE), target)
        source = Source(namespace=wish.caller.namespace, enrolled=True, sign="made for the call")
    order = CallOrder(
        target.host,
        target.port,
        wish.path,
        wish.mark,
        headers=wish.headers,
        count=wish.count,
        rate=wish.rate,
        max_time=wish.max_time,
        shows_answer=is_shown,
        keeps_body=wish.identify.body is not None,
    )
    return CallSeries(
        callers,
        view,
        order,
        source,
        wish.methods,
        image=wish.image,
        identify=wish.identify,
        on_text=tell.on_text,
        on_remains=tell.on_remains,
    )
