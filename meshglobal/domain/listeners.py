"""Which listeners of a Gateway admit a route: by protocol, by the route's namespace, by hostname."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from meshglobal.domain.objects import Gateway, GatewayListener, LabelSelector, SelectorRequirement

_HTTP = frozenset({"HTTP", "HTTPS"})


@dataclass(frozen=True, slots=True)
class Guest:
    """A route that would hang on a Gateway. ``labels`` are those of its Namespace; None: they could not be read."""

    namespace: str
    labels: Mapping[str, str] | None
    hostnames: tuple[str, ...]


def why_refused(listener: GatewayListener, gateway: Gateway, guest: Guest) -> str | None:
    """Why a listener does not admit a route, as a sentence's part; empty: it does; None: that is not known."""
    if listener.protocol not in _HTTP:
        return f"speaks {listener.protocol or 'no protocol'}"
    allowed = listener.allowed_routes
    if allowed is not None and allowed.kinds and all(one.kind != "HTTPRoute" for one in allowed.kinds):
        return f"admits {', '.join(one.kind for one in allowed.kinds)} alone"
    if guest.hostnames and not common_hosts(listener.hostname, guest.hostnames):
        return f"is for {listener.hostname} alone"
    return _namespace_refused(listener, gateway, guest)


def _namespace_refused(listener: GatewayListener, gateway: Gateway, guest: Guest) -> str | None:
    allowed = listener.allowed_routes.namespaces if listener.allowed_routes is not None else None
    origin = allowed.from_ if allowed is not None else "Same"
    if origin == "All":
        return ""
    if origin == "Selector":
        if guest.labels is None:
            return None
        selector = allowed.selector if allowed is not None else None
        return "" if selects(selector, guest.labels) else "admits only namespaces with other labels"
    return (
        "" if gateway.namespace == guest.namespace else f"admits only routes of its own namespace {gateway.namespace}"
    )


def common_hosts(one: str | None, others: Sequence[str]) -> tuple[str, ...]:
    """The hosts that both have in common; none on a side stands for all."""
    if not one or not others:
        return tuple(others) or ((one,) if one else ("*",))
    return tuple(narrower for other in others if (narrower := narrower_host(one, other)))


def narrower_host(one: str, other: str) -> str:
    """The narrower of two hosts, each perhaps with ``*.`` in front or ``*`` for all; empty: nothing in common."""
    if covers(one, other):
        return other
    return one if covers(other, one) else ""


def covers(wide: str, narrow: str) -> bool:
    """Whether a host, with ``*.`` in front or ``*`` for all, includes another."""
    if wide in ("*", narrow):
        return True
    return wide.startswith("*.") and narrow.removeprefix("*").endswith(wide[1:])


def selects(selector: LabelSelector | None, labels: Mapping[str, str]) -> bool:
    """Whether labels fulfil a selector; an empty one selects everything, none at all nothing."""
    if selector is None:
        return False
    exact = all(labels.get(key) == value for key, value in (selector.match_labels or {}).items())
    return exact and all(_holds(one, labels) for one in selector.match_expressions or ())


def _holds(required: SelectorRequirement, labels: Mapping[str, str]) -> bool:
    match required.operator:
        case "In":
            return labels.get(required.key) in (required.values or ())
        case "NotIn":
            return labels.get(required.key) not in (required.values or ())
        case "Exists":
            return required.key in labels
        case _:
            return required.key not in labels
