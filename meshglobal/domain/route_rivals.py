"""Which HTTPRoutes take requests from another one: by the order that Gateway API lays down.

The more specific hostname comes first, then an exact path, then the longer one; where all is alike the older route,
and of two of one age the first by name. Requests of a more specific host never come back to a wider one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from meshglobal.domain.listeners import covers
from meshglobal.domain.route_objects import HTTPRoute, HTTPRouteMatch, ParentRef, PathMatch

_ALL = "*"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a route hangs: a Gateway's listener or a generated entry's port; an empty section stands for all.

    An entry that the control plane generated is named without its namespace, so that is empty.
    """

    kind: str
    namespace: str
    name: str
    section: str = ""

    def meets(self, other: Place) -> bool:
        """Whether two routes hang on something in common."""
        same = (self.kind, self.namespace, self.name) == (other.kind, other.namespace, other.name)
        return same and (not self.section or not other.section or self.section == other.section)


class Planned(NamedTuple):
    """The route that shall be there. ``created``: since when it is there, as RFC 3339 text; None: it is not yet."""

    namespace: str
    name: str
    created: str | None
    places: tuple[Place, ...]
    hostnames: tuple[str, ...]
    path: str


class Rival(NamedTuple):
    """A route that takes requests: all of them, or those that ``what`` says."""

    route: HTTPRoute
    is_whole: bool
    what: str


def rivals_of(planned: Planned, routes: Iterable[HTTPRoute]) -> Iterator[Rival]:
    """The other routes that come before the planned one for some of its requests, each once, the worst that it does."""
    for route in routes:
        if (route.namespace, route.name) == (planned.namespace, planned.name):
            continue
        if route.metadata.deletion_timestamp is None and _meet(planned, route):
            found = sorted(_taken(planned, route), key=lambda one: not one.is_whole)
            yield from found[:1]


def place_of(parent: ParentRef, namespace: str) -> Place:
    """Where a parent reference of a route in a namespace leads."""
    if parent.kind == "Gateway":
        return Place(parent.kind, parent.namespace or namespace, parent.name, parent.section_name or "")
    return Place(parent.kind, "", parent.name, parent.section_name or str(parent.port or ""))


def _meet(planned: Planned, route: HTTPRoute) -> bool:
    places = [place_of(parent, route.namespace) for parent in route.spec.parent_refs or ()]
    return any(mine.meets(theirs) for mine in planned.places for theirs in places)


def _taken(planned: Planned, route: HTTPRoute) -> Iterator[Rival]:
    mine, theirs = planned.hostnames or (_ALL,), tuple(route.spec.hostnames or ()) or (_ALL,)
    for host in mine:
        for other in theirs:
            if other == host:
                yield from _paths(planned, route)
            elif covers(host, other):
                yield Rival(route, is_whole=False, what=f"requests for {other}")


def _paths(planned: Planned, route: HTTPRoute) -> Iterator[Rival]:
    for rule in route.spec.rules or ():
        for match in rule.matches or (HTTPRouteMatch(),):
            yield from _path(planned, route, match)


def _path(planned: Planned, route: HTTPRoute, match: HTTPRouteMatch) -> Iterator[Rival]:
    path = match.path or PathMatch()
    value = path.value if path.type == "Exact" else path.value.rstrip("/") or "/"
    if path.type == "RegularExpression":
        yield Rival(route, is_whole=False, what=f"what matches {path.value}")
    elif path.type == "PathPrefix" and value == planned.path:
        narrowed = match.method or match.headers or match.query_params
        if narrowed:
            yield Rival(route, is_whole=False, what="those with the method, headers or parameters that it asks for")
        elif _is_first(planned, route):
            yield Rival(route, is_whole=True, what="all requests")
    elif _is_below(value, planned.path):
        yield Rival(route, is_whole=False, what=f"requests {'under' if path.type == 'PathPrefix' else 'to'} {value}")


def _is_below(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(prefix.rstrip("/") + "/")


def _is_first(planned: Planned, route: HTTPRoute) -> bool:
    """Whether another route comes before the planned one where all is alike: it is older, or earlier by name."""
    if planned.created is None:
        return True
    there = (route.metadata.creation_timestamp or "", route.namespace, route.name)
    return there < (planned.created, planned.namespace, planned.name)
