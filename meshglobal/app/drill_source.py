"""Where a drill calls from: a pod in the mesh of the drilled cluster that is not taken away; and how it calls."""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass, replace

from meshglobal.app.call_ports import DEFAULT_IMAGE, Callers, Job
from meshglobal.app.drill_calls import SteadyCalls
from meshglobal.app.drill_order import CallPlan
from meshglobal.app.picture import Picture
from meshglobal.app.ports import Clock, Fleet
from meshglobal.domain import kinds
from meshglobal.domain.call import Method
from meshglobal.domain.call_identity import Identify
from meshglobal.domain.call_order import MOST_CALLS, CallOrder
from meshglobal.domain.call_source import CallerWish, Source, source_in
from meshglobal.domain.call_target import Target, target_of
from meshglobal.domain.enrolment import pods_of
from meshglobal.domain.errors import CannotCheckError, UsageError
from meshglobal.domain.failure import Cause
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Pod
from meshglobal.domain.snapshot import Query
from meshglobal.domain.view import ClusterView

_TRIAL = 30.0  # seconds until it is known whether a container has curl


@dataclass(frozen=True, slots=True)
class Calling:
    """How the calls are made; ``order`` lacks the host, the port and the mark. ``method`` None: as it goes."""

    order: CallOrder
    caller: CallerWish
    identify: Identify
    method: Method | None = None
    image: str = DEFAULT_IMAGE
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A caller, and what it calls: ready to be begun."""

    context: str
    source: Source
    calling: Calling

    @property
    def plan(self) -> CallPlan:
        """The same for the plan of a drill."""
        order, source = self.calling.order, self.source
        return CallPlan(
            self.context, f"{source.namespace}/{source.pod}", order.host, order.port, order.path, order.rate
        )


def line_for(fleet: Fleet, picture: Picture, view: ClusterView, key: ServiceKey, calling: Calling) -> Line:
    """Choose the caller in a cluster, and what it calls.

    Raises:
        CannotCheckError: there is no pod to call from, or no port is known.
        UsageError: the pod that was asked for cannot call, or would be taken away.
    """
    expected = [one for one in picture.expectation.entries.get(view.context, {}).values() if one.key == key]
    target = target_of(view, picture.views, key, expected, calling.port)
    if not isinstance(target, Target):
        raise CannotCheckError(f"{view.context}: {key}: {target}")
    found = _matching(fleet, view, calling.caller) if calling.caller.selector else None
    source = source_in(view, key, calling.caller, found)
    if isinstance(source, str):
        raise CannotCheckError(f"{view.context}: {source}", "name a pod to call from: --from POD or --from LABELS")
    if source.enrolled is False:
        raise UsageError(
            f"{view.context}: pod {source.pod} is not in the mesh: no global host resolves there (R37)",
            "call from another one: --from",
        )
    if any(pod.name == source.pod for pod in pods_of(view, key) or ()):
        raise UsageError(
            f"{view.context}: pod {source.pod} is one of those that are taken away: it cannot call meanwhile",
            "call from another one: --from POD, --from LABELS or --from-namespace NAME",
        )
    order = replace(calling.order, host=target.host, port=target.port)
    return Line(view.context, source, replace(calling, order=order))


def _matching(fleet: Fleet, view: ClusterView, caller: CallerWish) -> frozenset[str]:
    """The names of the pods that a selector matches in a cluster; the server evaluates it."""
    snapshot = fleet.read((Query(kinds.POD, caller.namespace, selector=caller.selector),))
    cluster = next(one for one in snapshot.clusters if one.context == view.context)
    for gap in cluster.gaps:
        if gap.failure.cause is Cause.REJECTED:
            raise UsageError(f"--from {caller.selector!r}: {gap.failure.message}")
    return frozenset(pod.name for pod in cluster.of(kinds.POD, Pod))


def begun(callers: Callers, line: Line, clock: Clock, seconds: float) -> SteadyCalls:
    """Begin calls that last so long: in a container of the pod's own if it has curl, else in one added to it."""
    method = line.calling.method or Method.EXEC
    calls = _started(callers, line, method, clock, seconds)
    if line.calling.method is not None:
        return calls
    calls.wait(bool, clock.monotonic() + _TRIAL)
    return _started(callers, line, Method.EPHEMERAL, clock, seconds) if calls.lacks_program else calls


def _started(callers: Callers, line: Line, method: Method, clock: Clock, seconds: float) -> SteadyCalls:
    calling, source = line.calling, line.source
    order = _lasting(calling.order, seconds)
    job = Job(
        context=line.context,
        namespace=source.namespace,
        pod=source.pod or "",
        method=method,
        argv=order.argv,
        stdin=order.stdin,
        container=source.container,
        image=calling.image,
        seconds=order.seconds + _TRIAL,
    )
    return SteadyCalls(callers, job, order, calling.identify, clock)


def _lasting(order: CallOrder, seconds: float) -> CallOrder:
    """The order with as many calls as the whole takes, and a mark of its own."""
    count = min(MOST_CALLS, math.ceil(order.rate * seconds) + 1)
    return replace(order, count=max(2, count), mark=f"meshglobal-{secrets.token_hex(8)}")
