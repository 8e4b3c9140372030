"""Published services that look like one service under two names: the join key is namespace and name.

Only what is hardly ever meant counts: both are published, no cluster has both, their ports are the same, and their
names differ by one slip of the pen inside a word of six letters or more, or by nothing but separators and letter case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from meshglobal.domain import kinds
from meshglobal.domain.misspelling import is_one_slip
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.ports import service_port
from meshglobal.domain.view import ClusterView

_LONG = 6


class Twins(NamedTuple):
    """Two services, and the clusters that have them, each sorted."""

    one: ServiceKey
    other: ServiceKey
    ones: tuple[str, ...]
    others: tuple[str, ...]


def twins_among(views: Sequence[ClusterView], keys: Sequence[ServiceKey]) -> Iterator[Twins]:
    """The pairs among some services, in the order of their names; none where a cluster's Services were not read."""
    namespaces = {key.namespace for key in keys}
    if not all(view.cluster.has_read(kinds.SERVICE, namespace) for namespace in namespaces for view in views):
        return
    places = {key: tuple(sorted(view.context for view in views if key in view.services)) for key in keys}
    partial = [key for key in sorted(keys) if 0 < len(places[key]) < len(views) and _is_published(views, key)]
    alike: dict[str, list[ServiceKey]] = {}
    for key in partial:
        for variant in _variants(key):
            alike.setdefault(variant, []).append(key)
    pairs = {pair for together in alike.values() for pair in combinations(together, 2)}
    for one, other in sorted(pairs):
        is_apart = not set(places[one]) & set(places[other])
        if is_apart and is_near(one, other) and _ports(views, one) == _ports(views, other):
            yield Twins(one, other, places[one], places[other])


def is_near(one: ServiceKey, other: ServiceKey) -> bool:
    """Whether two names differ by separators only, or by one slip inside one long word without digits."""
    if _plain(one) == _plain(other):
        return one.namespace.replace("-", "") == other.namespace.replace("-", "")
    words, others = _words(one), _words(other)
    differing = [pair for pair in zip(words, others, strict=False) if pair[0] != pair[1]]
    if len(words) != len(others) or len(differing) != 1:
        return False
    left, right = differing[0]
    return min(len(left), len(right)) >= _LONG and f"{left}{right}".isalpha() and is_one_slip(left, right)


def _words(key: ServiceKey) -> list[str]:
    return f"{key.namespace}/{key.name}".replace("/", "-/-").split("-")


def _plain(key: ServiceKey) -> str:
    return f"{key.namespace}/{key.name}".replace("-", "")


def _variants(key: ServiceKey) -> set[str]:
    """What names that are one slip apart have in common: one of these."""
    text = _plain(key)
    return {text, *(text[:at] + text[at + 1 :] for at in range(len(text)))}


def _is_published(views: Sequence[ClusterView], key: ServiceKey) -> bool:
    scopes = [scope for view in views if (scope := view.scope_of(key)) is not None]
    return bool(scopes) and all(scope.is_published for scope in scopes)


def _ports(views: Sequence[ClusterView], key: ServiceKey) -> set[int]:
    found = [view.services[key] for view in views if key in view.services]
    return {service_port(port).number for service in found for port in service.ports}
