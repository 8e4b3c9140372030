"""Which listeners an HTTPRoute attaches to, and for which hosts; or why to none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from meshglobal.sandbox.apiserver.selectors import selects
from meshglobal.sandbox.dataplane.ingress.observed import GATEWAY_GROUP, JSON, Gateway, Listener, ObjectKey, Route

ANY_HOST = "*"


class Attached(NamedTuple):
    """A route at a listener, with the hosts that both admit."""

    listener: Listener
    hosts: tuple[str, ...]


class Attachment(NamedTuple):
    """What became of one parent reference; without listeners `reason` and `message` say why."""

    parent: JSON
    gateway: ObjectKey
    found: tuple[Attached, ...]
    reason: str = "Accepted"
    message: str = "Route was valid"


def attachments(
    route: Route, gateways: Mapping[ObjectKey, Gateway], labels_of: Callable[[str], Mapping[str, str]]
) -> Iterator[Attachment]:
    """What became of each reference of a route to one of these Gateways."""
    for parent in route.parents:
        if (parent.get("group", GATEWAY_GROUP), parent.get("kind", "Gateway")) != (GATEWAY_GROUP, "Gateway"):
            continue
        key = (parent.get("namespace") or route.key[0], parent["name"])
        if key in gateways:
            yield _attachment(route, parent, gateways[key], labels_of(route.key[0]))


def _attachment(route: Route, parent: JSON, gateway: Gateway, labels: Mapping[str, str]) -> Attachment:
    meant = [each for each in gateway.listeners if _is_meant(each, parent)]
    if not meant:
        return Attachment(parent, gateway.key, (), "NoMatchingParent", "no listener has this name and port")
    admitting = [each for each in meant if _admits(each, gateway, route, labels)]
    if not admitting:
        text = f"no listener admits routes of namespace {route.key[0]}"
        return Attachment(parent, gateway.key, (), "NotAllowedByListeners", text)
    found = tuple(
        Attached(each, hosts) for each in admitting if (hosts := common_hosts(each.hostname, route.hostnames))
    )
    if not found:
        text = "no hostname of the route is one of a listener"
        return Attachment(parent, gateway.key, (), "NoMatchingListenerHostname", text)
    return Attachment(parent, gateway.key, found)


def _is_meant(listener: Listener, parent: JSON) -> bool:
    wanted = parent.get("sectionName", listener.name), parent.get("port", listener.port)
    return wanted == (listener.name, listener.port)


def _admits(listener: Listener, gateway: Gateway, route: Route, labels: Mapping[str, str]) -> bool:
    if listener.namespaces == "Selector":
        return selects(listener.selector, dict(labels))
    return listener.namespaces == "All" or gateway.key[0] == route.key[0]


def common_hosts(listener: str, route: tuple[str, ...]) -> tuple[str, ...]:
    """The hosts that a listener and a route have in common; an empty listener or route admits all."""
    if not route:
        return (listener or ANY_HOST,)
    return tuple(found for each in route if (found := _narrower(listener or ANY_HOST, each)))


def _narrower(one: str, other: str) -> str:
    """The narrower of two hosts, of which each may begin with `*.`; empty where they have nothing in common."""
    if _covers(one, other):
        return other
    return one if _covers(other, one) else ""


def _covers(wide: str, narrow: str) -> bool:
    if wide in {ANY_HOST, narrow}:
        return True
    return wide.startswith("*.") and narrow.removeprefix("*").endswith(wide.removeprefix("*"))
