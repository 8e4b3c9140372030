"""Rights are enough for what is asked, and nothing of them can be left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from meshglobal.domain import kinds
from meshglobal.domain.demand import ANY, IDENTITY, ROLL_CALL, Demand, Write
from meshglobal.domain.kinds import Kind
from meshglobal.domain.rights import Rights, Rule, Verb, rights_of
from meshglobal.domain.snapshot import Query

KINDS = (kinds.NAMESPACE, kinds.SERVICE, kinds.CONFIG_MAP, kinds.GATEWAY)
PLACES, NAMES = (None, "a", "b"), (None, "x", "y")


class Wish(NamedTuple):
    """What is sent: a verb on one object (no name: on all) in one namespace (none: in all)."""

    verb: Verb
    kind: Kind
    place: str | None
    name: str | None


def wish(verb: Verb, kind: Kind, place: str | None, name: str | None) -> Wish:
    return Wish(verb, kind, place if kind.is_namespaced else None, name)


queries = st.builds(Query, st.sampled_from(KINDS), st.sampled_from(PLACES), st.sampled_from(NAMES))
writes = st.builds(Write, st.sampled_from(KINDS[:2]), st.sampled_from(PLACES[1:]), st.sampled_from(("x", "y")))
demands = st.builds(
    Demand,
    readings=st.lists(st.lists(queries, max_size=4).map(tuple), min_size=1, max_size=2).map(tuple),
    watched=st.lists(queries, max_size=3).map(tuple),
    written=st.lists(writes, max_size=3).map(tuple),
)


def wishes(demand: Demand) -> Iterator[Wish]:
    for reading in demand.readings:
        for query in (*reading, *([IDENTITY] if ROLL_CALL not in reading else [])):
            yield wish(Verb.GET if query.name else Verb.LIST, query.kind, query.namespace, query.name)
    for query in demand.watched:
        for verb in (Verb.LIST, Verb.WATCH):
            yield wish(verb, query.kind, query.namespace, query.name)
    for written in demand.written:
        for verb in (Verb.GET, Verb.PATCH):
            yield wish(verb, written.kind, written.namespace, written.name)


Granted = tuple[str | None, str, str, str | None, Verb]


def granted(rights: Rights) -> list[Granted]:
    """Every single right: place, group, resource, name, verb."""

    def of(place: str | None, rule: Rule) -> Iterator[Granted]:
        for resource in rule.resources:
            for name in rule.names or (None,):
                for verb in rule.verbs:
                    yield place, rule.group, resource, name, verb

    return [one for place, rules in rights.items() for rule in rules for one in of(place, rule)]


def allows(rights: list[Granted], sent: Wish) -> bool:
    return any(
        (group, resource, verb) == (sent.kind.group, sent.kind.plural, sent.verb)
        and place in (None, sent.place)
        and name in (None, sent.name)
        for place, group, resource, name, verb in rights
    )


@given(st.lists(demands, max_size=2))
def test_rights_are_enough_and_none_can_be_left_out(asked: list[Demand]) -> None:
    rights = granted(rights_of(asked))
    sent = {one for demand in asked for one in wishes(demand)}
    assert len(set(rights)) == len(rights)
    assert all(allows(rights, one) for one in sent)
    for one in rights:
        less = [other for other in rights if other != one]
        assert not all(allows(less, each) for each in sent), one


def test_any_namespace_and_any_name_are_rights_without_them() -> None:
    demand = Demand(
        ((Query(kinds.NAMESPACE, name=ANY), Query(kinds.SERVICE, ANY)),), written=(Write(kinds.SERVICE, "a", ANY),)
    )
    assert rights_of([demand]) == {
        None: (Rule("", ("namespaces",), (Verb.GET,)), Rule("", ("services",), (Verb.LIST,))),
        "a": (Rule("", ("services",), (Verb.GET, Verb.PATCH)),),
    }


def test_a_list_of_all_namespaces_brings_the_identity_along() -> None:
    assert rights_of([Demand(((ROLL_CALL,),))]) == {None: (Rule("", ("namespaces",), (Verb.LIST,)),)}
