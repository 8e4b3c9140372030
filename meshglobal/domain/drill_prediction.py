"""What a drill will come to, from the mode of distribution, the endpoints and the links between the clusters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from meshglobal.domain import kinds
from meshglobal.domain.distribution import DEFAULT_MODE, canonical_mode, mode_of
from meshglobal.domain.inventory import endpoints_of
from meshglobal.domain.links import Tie, tie_of
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.view import ClusterView

_WHY = {
    Tie.MISSING: "{caller} has no link to it (R34)",
    Tie.DISCONNECTED: "{caller} is not connected with it (R34)",
    Tie.FAILED: "peering with it failed (R34)",
    Tie.UNKNOWN: "nothing says whether {caller} is connected with it (R34)",
}


class Ending(StrEnum):
    """What becomes of the calls while the copy is away."""

    FAILOVER = "failover"
    OUTAGE = "outage"
    UNAFFECTED = "unaffected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Prospect:
    """What one cluster can do for a caller.

    Attributes:
        context: the cluster.
        ready: its endpoints that are ready; None: not known.
        can_serve: whether calls may be answered there; None: not known.
        why: why not, or why it is not known; empty where it can.
    """

    context: str
    ready: int | None
    can_serve: bool | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What is expected.

    Attributes:
        ending: of the calls.
        mode: the distribution that the caller's cluster follows.
        before, during: the clusters that may answer before, and while the copy is away.
        prospects: every cluster's, in order.
        why: of the ending, one sentence.
    """

    ending: Ending
    mode: str
    before: tuple[str, ...]
    during: tuple[str, ...]
    prospects: tuple[Prospect, ...]
    why: str


def predict(views: Sequence[ClusterView], key: ServiceKey, drilled: str, caller: str) -> Prediction:
    """What calls from one cluster will come to when the copy of a cluster (often the same) is taken away (R28, R29)."""
    by_context = {view.context: view for view in views}
    source = by_context[caller]
    prospects = tuple(_prospect(view, key, source) for view in views)
    mode = _mode(source, key)
    before = _served_by(prospects, by_context, source, mode)
    left = tuple(one for one in prospects if one.context != drilled)
    during = _served_by(left, by_context, source, mode)
    ending, why = _ending(drilled, before, during, left)
    return Prediction(ending, mode, before, during, prospects, why)


def _mode(source: ClusterView, key: ServiceKey) -> str:
    service = source.services.get(key)
    named = mode_of(service) if service is not None else None
    return DEFAULT_MODE if named is None else canonical_mode(named) or named


def _prospect(view: ClusterView, key: ServiceKey, source: ClusterView) -> Prospect:
    """Behind the global host stand the clusters that publish the service, have endpoints, and are linked (R3, R34)."""
    count = endpoints_of(view, key)
    ready = count.ready if count is not None else None
    can_serve, why = _published(view, key)
    if can_serve and ready is None:
        can_serve, why = None, "its endpoints could not be read"
    elif can_serve and not ready:
        can_serve, why = False, "it has no ready endpoint"
    elif can_serve and view is not source and (tie := tie_of(source, view)) is not Tie.LINKED:
        can_serve, why = None if tie is Tie.UNKNOWN else False, _WHY[tie].format(caller=source.context)
    return Prospect(view.context, ready, can_serve, why)


def _published(view: ClusterView, key: ServiceKey) -> tuple[bool | None, str]:
    """Whether a cluster offers the service, and why not or why that is not known."""
    scope = view.scope_of(key)
    if scope is None:
        why = view.cluster.why_unread(kinds.SERVICE, key.namespace)
        return (None, why) if why else (False, "it has no such Service")
    if scope.is_published is None:
        return None, view.why_unclear(key)
    return scope.is_published, "" if scope.is_published else "it does not publish the service (R1)"


def _served_by(
    prospects: Sequence[Prospect], views: Mapping[str, ClusterView], source: ClusterView, mode: str
) -> tuple[str, ...]:
    """The clusters that may answer: with PreferNetwork those of the caller's network, as long as one of them can."""
    able = [one.context for one in prospects if one.can_serve]
    if mode == DEFAULT_MODE:
        near = [one for one in able if _is_near(views[one], source)]
        return tuple(near or able)
    return tuple(able)


def _is_near(view: ClusterView, source: ClusterView) -> bool:
    return view is source or (view.home.network is not None and view.home.network == source.home.network)


def _ending(
    drilled: str, before: tuple[str, ...], during: tuple[str, ...], left: Sequence[Prospect]
) -> tuple[Ending, str]:
    if before and drilled not in before:
        return Ending.UNAFFECTED, f"calls are answered by {', '.join(before)} in any case"
    if during:
        return Ending.FAILOVER, f"{', '.join(during)} can answer"
    reasons = "; ".join(f"{one.context}: {one.why}" for one in left) or "no other cluster is selected"
    if any(one.can_serve is None for one in left):
        return Ending.UNKNOWN, f"it is not known whether any other cluster can answer: {reasons}"
    return Ending.OUTAGE, f"no other cluster can answer: {reasons}"
