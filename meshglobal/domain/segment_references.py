"""References that a change of segments breaks: hosts and entries that other objects name, and that would be gone.

The new text is that of the host, or entry, of the same service that then stands in the same cluster. Of several it is
the one that most of the same clusters stand behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import msgspec

from meshglobal.domain.expectation import Expectation, ExpectedEntry
from meshglobal.domain.fields import Field, Step
from meshglobal.domain.names import ServiceKey, generated_for
from meshglobal.domain.references import EntryRef, named_hosts, parent_refs, policy_refs
from meshglobal.domain.segment_shifts import Entries, Shift
from meshglobal.domain.view import ClusterView


class Effect(StrEnum):
    """What becomes of a reference: what it names is gone, or is there and others stand behind it."""

    BREAKS = "breaks"
    OTHERS_ANSWER = "others-answer"


class BrokenReference(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A field of an object that names a host or an entry which the change touches.

    Attributes:
        context, kind, namespace, name: the object.
        field, pointer: where in it: for people (``spec.host``), and as a JSON Pointer.
        value: what stands there.
        host: the global host that it means.
        effect: what becomes of it.
        instead: what to write; null where the service has no host here afterwards. Where others answer: the host, or
            entry, behind which the cluster's own endpoints then stand; null where they did not before.
        before, after: the clusters that answer.
        doubt: why it may go on working all the same.
    """

    context: str
    kind: str
    namespace: str
    name: str
    field: str
    pointer: str
    value: str
    host: str
    effect: Effect
    instead: str | None
    before: tuple[str, ...]
    after: tuple[str, ...]
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One cluster before and after.

    Attributes:
        view: the cluster as it is.
        expected_before, expected_after: what must stand in all clusters.
        shift: what becomes of this cluster's hosts.
        aliases: further hosts that vanish, each with its service.
    """

    view: ClusterView
    expected_before: Expectation
    expected_after: Expectation
    shift: Shift
    aliases: Mapping[str, ServiceKey]

    @property
    def before(self) -> Entries:
        """The entries that must stand there now."""
        return self.expected_before.entries[self.view.context]

    @property
    def after(self) -> Entries:
        """The entries that must stand there afterwards."""
        return self.expected_after.entries[self.view.context]

    def own(self, key: ServiceKey) -> list[ExpectedEntry]:
        """The entries of a service that must stand there now."""
        return self.expected_before.of(self.view.context, key)

    def successors(self, key: ServiceKey) -> list[ExpectedEntry]:
        """Those that must stand there afterwards."""
        return self.expected_after.of(self.view.context, key)


def touched_references(move: Move) -> Iterator[BrokenReference]:
    """Every reference that a change touches in one cluster: first those to hosts, then those to entries."""
    if not move.shift.moved and not move.aliases and not move.shift.is_renamed:
        return
    yield from _to_hosts(move)
    for walk in (parent_refs, policy_refs):
        for ref in walk(move.view):
            yield from _to_entry(ref, move)


def _to_hosts(move: Move) -> Iterator[BrokenReference]:
    aliases = {host.casefold(): key for host, key in move.aliases.items()}
    moved, before, after = move.shift.moved, move.before, move.after
    for field, member, text in named_hosts(move.view):
        small = text.casefold()
        place = _Place(field, member, text)
        if (host := moved.get(small)) is not None:
            old = before[host]
            same = after.get(host)
            if same is not None:
                own_one = _moved_home(old, same, move)
                yield place.kept(old, same, own_one.host if own_one is not None else None)
            else:
                yield place.broken(old, _successor(old, move))
        elif (key := aliases.get(small)) is not None and (own := _home(move, key)) is not None:
            yield place.broken(own, _successor(own, move))


def _to_entry(one: EntryRef, move: Move) -> Iterator[BrokenReference]:
    """A reference by the name of a generated entry (R39)."""
    name = one.ref.name
    key = generated_for(name) if one.is_entry else None
    old = _meant(move, key, name) if key is not None else None
    if old is None:
        return
    place = _Place(one.field, "name", name)
    same = move.after.get(old.host)
    new = same or _successor(old, move)
    if new is not None and (name == new.names[0] or (name in new.names and (new is same or new.names == old.names))):
        if set(new.publishers) != set(old.publishers):
            own = _moved_home(old, new, move)
            yield place.kept(old, new, own.names[0] if own is not None else None)
        return
    doubt = ""
    if new is not None and name in new.names:
        doubt = f"if the entry of {new.host} gets the short name, it goes on working (R8)"
    yield place.broken(old, new, new.names[0] if new is not None else None, doubt)


class _Place(NamedTuple):
    field: Field
    member: Step
    text: str

    def kept(self, old: ExpectedEntry, new: ExpectedEntry, instead: str | None) -> BrokenReference:
        """What it names stays; others answer."""
        return self._reference(old, new, Effect.OTHERS_ANSWER, instead, "")

    def broken(
        self, old: ExpectedEntry, new: ExpectedEntry | None, instead: str | None = None, doubt: str = ""
    ) -> BrokenReference:
        """What it names goes; without ``instead`` the new host is to be written."""
        return self._reference(old, new, Effect.BREAKS, instead or (new.host if new is not None else None), doubt)

    def _reference(
        self, old: ExpectedEntry, new: ExpectedEntry | None, effect: Effect, instead: str | None, doubt: str
    ) -> BrokenReference:
        return BrokenReference(
            context=self.field.context,
            kind=self.field.kind.name,
            namespace=self.field.object.namespace,
            name=self.field.object.name,
            field=self.field.seen(self.member, self.text).field,
            pointer=self.field.pointer(self.member),
            value=self.text,
            host=old.host,
            effect=effect,
            instead=instead,
            before=old.publishers,
            after=new.publishers if new is not None else (),
            doubt=doubt,
        )


def _meant(move: Move, key: ServiceKey, name: str) -> ExpectedEntry | None:
    """The entry that a name stands for: as the cluster has it; where it has none yet, by the documented names."""
    own = move.own(key)
    for entry in own:
        if any(found.name == name for found in move.view.entries.get(entry.host, [])):
            return entry
    awaited = [entry for entry in own if entry.host not in move.view.entries and name in entry.names]
    return min(awaited, key=lambda entry: entry.names[0] != name, default=None)


def _successor(old: ExpectedEntry, move: Move) -> ExpectedEntry | None:
    """The entry of the same service that takes an entry's place."""
    publishers = set(old.publishers)
    ranked = sorted(
        move.successors(old.key),
        key=lambda new: (-len(publishers & set(new.publishers)), not new.is_home, new.host),
    )
    return ranked[0] if ranked else None


def _moved_home(old: ExpectedEntry, new: ExpectedEntry, move: Move) -> ExpectedEntry | None:
    """The entry behind which the cluster's own endpoints stand, if they stood behind another one."""
    if old.context not in old.publishers or old.context in new.publishers:
        return None
    return next((one for one in move.successors(old.key) if old.context in one.publishers), None)


def _home(move: Move, key: ServiceKey) -> ExpectedEntry | None:
    return min(move.own(key), key=lambda entry: (not entry.is_home, entry.host), default=None)
