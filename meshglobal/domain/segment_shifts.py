"""What a change of segments makes of the hosts that a cluster sees: which go, which come, and where others answer.

It is the same for all clusters that see the same hosts before and see the same hosts after: worked out once for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from meshglobal.domain.expectation import Expectation, ExpectedEntry
from meshglobal.domain.names import ServiceKey

Entries = Mapping[str, ExpectedEntry]
"""By host."""


class OthersAnswer(NamedTuple):
    """A host that stays, or all hosts of a service together (None), and the clusters that answer before and after."""

    key: ServiceKey
    host: str | None
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """What becomes of the hosts of some clusters.

    Attributes:
        vanishes, appears: hosts, sorted.
        moved: the hosts that vanish or that other clusters answer, by what they are in small letters.
        is_renamed: whether the entry of some host that stays is called otherwise.
        answers: first by host, where the host stays; then by service, where others answer under any host of it.
    """

    vanishes: tuple[str, ...]
    appears: tuple[str, ...]
    moved: Mapping[str, str]
    is_renamed: bool
    answers: tuple[OthersAnswer, ...]


def shifts(before: Expectation, after: Expectation) -> dict[str, Shift]:
    """What becomes of the hosts of each cluster, by context."""
    made: dict[tuple[int, int], Shift] = {}
    found: dict[str, Shift] = {}
    for context, entries in before.entries.items():
        sight = id(before.hosts[context]), id(after.hosts[context])
        if sight not in made:
            made[sight] = _shift(entries, after.entries[context])
        found[context] = made[sight]
    return found


def _shift(was: Entries, becomes: Entries) -> Shift:
    stays = sorted(was.keys() & becomes.keys())
    answers = (*_by_host(was, becomes, stays), *_by_service(was, becomes))
    changed = {one.host for one in answers}
    return Shift(
        vanishes=tuple(sorted(was.keys() - becomes.keys())),
        appears=tuple(sorted(becomes.keys() - was.keys())),
        moved={host.casefold(): host for host in was if host not in becomes or host in changed},
        is_renamed=any(was[host].names != becomes[host].names for host in stays),
        answers=answers,
    )


def _by_host(was: Entries, becomes: Entries, hosts: Collection[str]) -> Iterator[OthersAnswer]:
    for host in hosts:
        yield from _answers(was[host].key, host, was[host].publishers, becomes[host].publishers)


def _by_service(was: Entries, becomes: Entries) -> Iterator[OthersAnswer]:
    before, after = _reached(was), _reached(becomes)
    for key in sorted(before.keys() | after.keys()):
        yield from _answers(key, None, before.get(key, ()), after.get(key, ()))


def _answers(
    key: ServiceKey, host: str | None, before: Collection[str], after: Collection[str]
) -> Iterator[OthersAnswer]:
    if set(before) != set(after):
        yield OthersAnswer(key, host, tuple(sorted(before)), tuple(sorted(after)))


def _reached(entries: Entries) -> dict[ServiceKey, set[str]]:
    found: dict[ServiceKey, set[str]] = {}
    for entry in entries.values():
        found.setdefault(entry.key, set()).update(entry.publishers)
    return found
