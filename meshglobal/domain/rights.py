"""The least rights for what is asked of a cluster: from a demand to the rules of roles.

The verbs are those of the requests that are sent: one object is got, all others are listed; a watch begins with a list;
a change is a patch, and the object is got again where somebody else changed it meanwhile. What is written as a whole
is created and deleted, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from meshglobal.domain.demand import ANY, IDENTITY, Demand, Write, is_identified_by
from meshglobal.domain.kinds import Kind
from meshglobal.domain.snapshot import Query


class Verb(StrEnum):
    """What a request does, as rules call it."""

    GET = "get"
    LIST = "list"
    WATCH = "watch"
    PATCH = "patch"
    CREATE = "create"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a role: ``verbs`` on ``resources`` of a ``group``; of these ``names`` only, if there are any."""

    group: str
    resources: tuple[str, ...]
    verbs: tuple[Verb, ...]
    names: tuple[str, ...] = ()


Rights = Mapping[str | None, tuple[Rule, ...]]
"""Rules by the namespace that they hold in; None: everywhere, which takes a ClusterRole."""


class _Act(NamedTuple):
    """A verb on a kind; in a namespace (None: everywhere), on one object (None: on all)."""

    verb: Verb
    kind: Kind
    place: str | None
    name: str | None


def rights_of(demands: Iterable[Demand]) -> Rights:
    """The rules without any one of which something of the demands could not be done; that of everywhere first."""
    return _least({act for demand in demands for act in _acts(demand)})


def rights_to_follow(queries: Iterable[Query]) -> Rights:
    """The rules for these readings alone and for waiting by them, without the cluster's identity."""
    return _least({act for query in queries for act in (_act(_verb(query), query), *_watching(query))})


def _least(acts: set[_Act]) -> Rights:
    least = [act for act in acts if not any(wider in acts for wider in _wider(act))]
    places = sorted({act.place for act in least}, key=lambda place: place or "")
    return {place: _rules([act for act in least if act.place == place]) for place in places}


def _acts(demand: Demand) -> Iterator[_Act]:
    for queries in demand.readings:
        for query in queries if is_identified_by(queries) else (IDENTITY, *queries):
            yield _act(_verb(query), query)
    for query in demand.watched:
        yield from _watching(query)
    for written in demand.written:
        yield _act(Verb.GET, written)
        yield _act(Verb.PATCH, written)
        if written.is_whole:
            yield _act(Verb.CREATE, written)._replace(name=None)  # a role cannot say by which name
            yield _act(Verb.DELETE, written)
    for patched in demand.patched:
        yield _act(Verb.PATCH, patched)
    for opened in demand.opened:
        yield _act(Verb.GET, opened)
        yield _act(Verb.CREATE, opened)
    for made in demand.made:
        yield _act(Verb.CREATE, made)
        yield _act(Verb.DELETE, made)


def _watching(query: Query) -> tuple[_Act, _Act]:
    return _act(Verb.LIST, query), _act(Verb.WATCH, query)


def _verb(query: Query) -> Verb:
    return Verb.LIST if query.name is None else Verb.GET


def _act(verb: Verb, on: Query | Write) -> _Act:
    place = on.namespace if on.kind.is_namespaced and on.namespace != ANY else None
    return _Act(verb, on.kind, place, on.name if on.name != ANY else None)


def _wider(act: _Act) -> list[_Act]:
    """What includes an act beside itself."""
    places, names = {act.place, None}, {act.name, None}
    return [wider for place in places for name in names if (wider := act._replace(place=place, name=name)) != act]


def _rules(acts: Iterable[_Act]) -> tuple[Rule, ...]:
    """Objects of a resource with the same verbs share a rule, and then resources with the same verbs and names."""
    verbs: dict[tuple[Kind, str | None], set[Verb]] = {}
    for act in acts:
        verbs.setdefault((act.kind, act.name), set()).add(act.verb)
    names: dict[tuple[Kind, bool, tuple[Verb, ...]], list[str]] = {}
    for (kind, name), found in verbs.items():
        some = names.setdefault((kind, name is None, _ordered(found)), [])
        some += [name] if name is not None else []
    plurals: dict[tuple[str, tuple[Verb, ...], tuple[str, ...]], list[str]] = {}
    for (kind, _, done), some in names.items():
        plurals.setdefault((kind.group, done, tuple(sorted(some))), []).append(kind.plural)
    rules = [Rule(group, tuple(sorted(some)), done, named) for (group, done, named), some in plurals.items()]
    return tuple(sorted(rules, key=lambda rule: (rule.group, rule.resources, rule.names, rule.verbs)))


def _ordered(verbs: set[Verb]) -> tuple[Verb, ...]:
    return tuple(verb for verb in Verb if verb in verbs)
