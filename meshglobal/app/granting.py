"""`rbac`: the least rights that a command needs, from what the command itself says that it asks of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, replace
from difflib import get_close_matches

from meshglobal.app.calling import calling_demand
from meshglobal.app.checking import checking_demand
from meshglobal.app.collecting import collecting_demand
from meshglobal.app.diagnosing import diagnosing_demand
from meshglobal.app.drill_planning import drill_demand
from meshglobal.app.exposing import Order, exposing_demand
from meshglobal.app.listing import listing_demand
from meshglobal.app.live import LiveOrder, live_wish
from meshglobal.app.live_detail import pod_queries
from meshglobal.app.picture import MeshSettings, Places
from meshglobal.app.routing import RouteOrder, routing_demand
from meshglobal.app.segment_demands import segment_listing_demand, segment_planning_demand, segment_writing_demand
from meshglobal.app.selecting import Request, selecting_queries
from meshglobal.app.verify import Verify, verify_demand
from meshglobal.domain import kinds
from meshglobal.domain.call import Method
from meshglobal.domain.demand import ANY, Demand
from meshglobal.domain.drill import Mode
from meshglobal.domain.errors import UsageError
from meshglobal.domain.names import ServiceKey, is_dns_label
from meshglobal.domain.planning import Intent
from meshglobal.domain.rights import Rights, rights_of
from meshglobal.domain.route_wish import RouteWish
from meshglobal.domain.segment_intent import Action
from meshglobal.domain.targets import Targets

_A_WHILE = 1.0  # seconds; how long it waits does not matter, that it does adds rights


@dataclass(frozen=True, slots=True)
class Asked:
    """A command line, as far as it changes what is asked of a cluster.

    Attributes:
        command: its name.
        request: what it is about; without a namespace: all of them, or any one for a command that takes one.
        wait: whether it waits; None: as the command does by default.
    """

    command: str
    request: Request
    wait: bool | None = None


def _verify(mesh: MeshSettings, asked: Asked) -> Demand:
    return verify_demand(mesh, Verify(asked.request, wait=_A_WHILE if asked.wait else None))


def _list(mesh: MeshSettings, asked: Asked) -> Demand:
    return listing_demand(mesh, asked.request, is_followed=bool(asked.wait))


def _dashboard(mesh: MeshSettings, asked: Asked) -> Demand:
    """It follows what `list` and `check` read, and reads pods when somebody looks at a service."""
    wish = live_wish(mesh, LiveOrder(asked.request))
    first = selecting_queries(asked.request.kind, asked.request)
    pods = pod_queries(asked.request.namespace or ANY)
    return Demand((*first, wish.queries, pods), watched=(*wish.queries, *wish.later))


def _diagnose(mesh: MeshSettings, asked: Asked) -> Demand:
    return diagnosing_demand(mesh, asked.request.namespace or ANY, is_following=bool(asked.wait))


def _check(mesh: MeshSettings, asked: Asked) -> Demand:
    return checking_demand(mesh, is_following=bool(asked.wait))


def _collect(mesh: MeshSettings, asked: Asked) -> Demand:
    return collecting_demand(mesh, asked.request.namespace)


def _expose(mesh: MeshSettings, asked: Asked) -> Demand:
    wait = None if asked.wait is False else _A_WHILE
    return exposing_demand(mesh, Order(asked.command, asked.request, Intent({}), wait=wait))


def _route(mesh: MeshSettings, asked: Asked) -> Demand:
    wait = None if asked.wait is False else _A_WHILE
    return routing_demand(mesh, RouteOrder(RouteWish(ServiceKey(asked.request.namespace or ANY, "")), wait=wait))


def _segment_list(mesh: MeshSettings, _asked: Asked) -> Demand:
    return segment_listing_demand(mesh)


def _segment_plan(mesh: MeshSettings, _asked: Asked) -> Demand:
    return segment_planning_demand(mesh)


def _segment_write(mesh: MeshSettings, asked: Asked) -> Demand:
    action = Action(asked.command.removeprefix("segment-"))
    return segment_writing_demand(mesh, action, waits=asked.wait is not False)


def _call(mesh: MeshSettings, asked: Asked) -> Demand:
    way = asked.command.removeprefix("call").removeprefix("-")
    return calling_demand(mesh, asked.request.namespace or ANY, method=Method(way) if way else Method.EXEC)


def _drill(mesh: MeshSettings, asked: Asked) -> Demand:
    mode = Mode.CORDON_LABEL if asked.command.endswith(Mode.CORDON_LABEL) else Mode.SCALE
    targets = asked.request.targets
    names = targets.names if targets is not None and targets.kind is kinds.SERVICE else ()
    return drill_demand(mesh, asked.request.namespace or ANY, mode, names)


@dataclass(frozen=True, slots=True)
class _Command:
    """How a command's demand is asked for, and what the command takes.

    Attributes:
        takes_all: ``-A``.
        takes_place: a namespace; else it looks at the clusters as a whole.
        can_wait: it may wait or follow.
        needs_kind: it must be told whether Services or Namespaces are meant.
    """

    demand: Callable[[MeshSettings, Asked], Demand]
    takes_all: bool = False
    takes_place: bool = True
    can_wait: bool = False
    needs_kind: bool = False


_COMMANDS: Mapping[str, _Command] = {
    "verify": _Command(_verify, takes_all=True, can_wait=True),
    "list": _Command(_list, takes_all=True, can_wait=True),
    "dashboard": _Command(_dashboard, takes_all=True),
    "describe": _Command(_list),
    "diagnose": _Command(_diagnose, can_wait=True),
    "check": _Command(_check, takes_place=False, can_wait=True),
    "call": _Command(_call),
    "collect": _Command(_collect, takes_all=True),
    "drill": _Command(_drill),
    "expose": _Command(_expose, can_wait=True, needs_kind=True),
    "unexpose": _Command(_expose, can_wait=True, needs_kind=True),
    "route": _Command(_route, can_wait=True),
    "segment-list": _Command(_segment_list, takes_place=False),
    "segment-plan": _Command(_segment_plan, takes_place=False),
    "segment-create": _Command(_segment_write, takes_place=False, can_wait=True),
    "segment-assign": _Command(_segment_write, takes_place=False, can_wait=True),
    "segment-unassign": _Command(_segment_write, takes_place=False, can_wait=True),
    "segment-delete": _Command(_segment_write, takes_place=False, can_wait=True),
}
COMMANDS = tuple(_COMMANDS)
"""The commands that ask something of clusters."""
_WAYS: Mapping[str, _Command] = {
    **{f"call-{method}": _Command(_call) for method in Method},
    f"drill-{Mode.CORDON_LABEL}": _Command(_drill),
}
"""`call` by another way than its first, which is exec; `drill` of a label instead of replicas."""


def rights_for(mesh: MeshSettings, asked: Asked, *, everywhere: bool = False) -> Rights:
    """The rules that a command needs in every cluster, and not one more.

    Raises:
        UsageError: a command that asks nothing of a cluster, or something that it does not take.
    """
    command = _command(asked.command)
    places = mesh.places
    for place in (mesh.istio_namespace, asked.request.namespace, *astuple(places)):
        if place is not None and not is_dns_label(place):
            raise UsageError(f"{place!r} cannot be the name of a namespace")
    if places != Places() and command.takes_place:
        raise UsageError("only check is told in which namespaces the parts of the mesh are")
    _check_fits(command, asked, everywhere=everywhere)
    namespace = asked.request.namespace
    if everywhere and not command.takes_all:
        namespace = ANY
    request = replace(asked.request, namespace=namespace)
    return rights_of(command.demand(mesh, replace(asked, request=one)) for one in _each(request))


def _command(name: str) -> _Command:
    if (command := _COMMANDS.get(name) or _WAYS.get(name)) is not None:
        return command
    near = get_close_matches(name, COMMANDS, n=1)
    hint = f"did you mean {near[0]}?" if near else f"those that do: {', '.join(COMMANDS)}"
    raise UsageError(f"{name!r} is no command that asks something of a cluster", hint)


def _check_fits(command: _Command, asked: Asked, *, everywhere: bool) -> None:
    targets, name = asked.request.targets, asked.command
    if asked.wait is not None and not command.can_wait:
        raise UsageError(f"{name} never waits: leave out --wait and --no-wait")
    if not command.takes_place:
        if targets is not None or everywhere:
            raise UsageError(f"{name} looks at the clusters as a whole: it takes neither names nor -A")
        return
    if command.needs_kind and targets is None:
        raise UsageError(f"{name} what? svc or ns, with names if the rights shall be for these alone")
    is_about_namespaces = targets is not None and targets.kind is kinds.NAMESPACE
    if asked.request.namespace is None and not everywhere and not is_about_namespaces:
        raise UsageError("in which namespace?", "choose one with -n, or all with -A")


def _each(request: Request) -> tuple[Request, ...]:
    """What is asked for. Namespaces without a name stand for any one and for several, which are read in other ways."""
    targets = request.targets
    if targets is None or targets.kind is not kinds.NAMESPACE or targets.names or request.selector:
        return (request,)
    return (replace(request, targets=Targets(targets.kind, (ANY,))), request)
