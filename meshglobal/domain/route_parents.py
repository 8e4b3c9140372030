"""On which listener of a Gateway that is there a route would hang, and whether it is admitted."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from meshglobal.domain import kinds
from meshglobal.domain.gateways import EAST_WEST, REMOTE, UPSTREAM_EAST_WEST
from meshglobal.domain.labels import NAMESPACE_NAME
from meshglobal.domain.listeners import Guest, why_refused
from meshglobal.domain.objects import Gateway
from meshglobal.domain.route_remarks import Remarks
from meshglobal.domain.route_wish import RouteWish
from meshglobal.domain.view import ClusterView

_FOR_PEERS = frozenset({EAST_WEST, UPSTREAM_EAST_WEST, REMOTE})
_FEW = 5


def sections_of(wish: RouteWish, view: ClusterView, ports: Sequence[int], said: Remarks) -> Iterator[tuple[int, str]]:
    """For each port the listener to name: none for the only port, which takes every listener that admits it.

    Several ports need a listener of the same number each.
    """
    gateway = _gateway(wish, view, said)
    guest = _guest(wish, view)
    for port in ports:
        section = ""
        if gateway is not None:
            meant = [one for one in gateway.spec.listeners or () if len(ports) == 1 or one.port == port]
            refusals = {one.name: why_refused(one, gateway, guest) for one in meant}
            admitting = [name for name, why in refusals.items() if why == ""]
            if not admitting:
                _tell(gateway, view, guest, refusals, said, f" of port {port}" if len(ports) > 1 else "")
            section = admitting[0] if admitting and len(ports) > 1 else ""
        yield port, section


def _guest(wish: RouteWish, view: ClusterView) -> Guest:
    namespace = wish.key.namespace
    known = view.namespaces.get(namespace)
    labels = {NAMESPACE_NAME: namespace} | dict(known.metadata.labels or {}) if known is not None else None
    return Guest(namespace, labels, wish.hostnames)


def _gateway(wish: RouteWish, view: ClusterView, said: Remarks) -> Gateway | None:
    namespace, name = wish.parent
    known = view.cluster.of(kinds.GATEWAY, Gateway)
    found = next((one for one in known if (one.namespace, one.name) == (namespace, name)), None)
    if found is None:
        _tell_missing(f"{namespace}/{name}", view, known, said)
    elif found.spec.gateway_class_name in _FOR_PEERS:
        said.error("gateway-for-peers", f"Gateway {namespace}/{name} links clusters: no route hangs on it")
        return None
    return found


def _tell_missing(name: str, view: ClusterView, known: Sequence[Gateway], said: Remarks) -> None:
    if why := view.cluster.why_unread(kinds.GATEWAY):
        said.unknown("gateways-unread", f"whether Gateway {name} exists cannot be told: {why}")
        return
    there = [f"{one.namespace}/{one.name}" for one in known if one.spec.gateway_class_name not in _FOR_PEERS]
    remedy = f"there are {', '.join(there[:_FEW])}" if there else "leave out --gateway: route makes one of its own"
    said.error("gateway-missing", f"there is no Gateway {name}", remedy)


def _tell(
    gateway: Gateway, view: ClusterView, guest: Guest, refusals: dict[str, str | None], said: Remarks, which: str
) -> None:
    where = f"Gateway {gateway.namespace}/{gateway.name}"
    if not refusals:
        said.error("listener-missing", f"{where} has no listener{which}")
        return
    unclear = [name for name, why in refusals.items() if why is None]
    if unclear:
        why = view.cluster.why_unread(kinds.NAMESPACE, name=guest.namespace)
        said.unknown("listener-unclear", f"whether listener {unclear[0]} of {where} admits it cannot be told: {why}")
        return
    reasons = "; ".join(f"listener {name} {why}" for name, why in refusals.items())
    edit = f"kubectl --context {shlex.quote(view.context)} -n {gateway.namespace} edit gateway {gateway.name}"
    said.error("listener-refuses", f"no listener of {where} admits it: {reasons}", f"let one admit it: {edit}")
