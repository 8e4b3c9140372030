"""What a change of segments would do, before anything is written: hosts, callers, references.

The clusters are read twice by the same expectation, as they are and as they would be; all that follows is the
difference. No rule of its own stands here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from meshglobal.domain.errors import ExitCode
from meshglobal.domain.expectation import Expectation, ExpectedEntry, Visibility, expect
from meshglobal.domain.finding import Finding
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.report import API_VERSION, ClusterReport, Note, Problem
from meshglobal.domain.segment_aliases import given_aliases
from meshglobal.domain.segment_intent import Action, SegmentIntent, views_after
from meshglobal.domain.segment_references import BrokenReference, Effect, Move, touched_references
from meshglobal.domain.segment_remarks import visibility_notes
from meshglobal.domain.segment_shifts import Shift, shifts
from meshglobal.domain.view import ClusterView


class HostAt(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A global host in one cluster, with the name of its entry and the clusters that answer. ``alias``: it is one."""

    context: str
    host: str
    namespace: str
    service: str
    entry: str
    publishers: tuple[str, ...]
    alias: bool = False


class CallerChange(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Callers in one cluster, and the clusters whose endpoints answer them, before and after.

    ``host``: a host that stays; null: all global hosts of the service together.
    """

    context: str
    namespace: str
    service: str
    host: str | None
    before: tuple[str, ...]
    after: tuple[str, ...]


class Wanted(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What was asked for."""

    action: Action
    segment: str | None
    domain: str | None
    contexts: tuple[str, ...]


class SegmentPlan(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `segment plan` prints.

    Attributes:
        wanted: what was asked for; null where that could not be worked out.
        seen: the contexts that were looked at, those that would be changed among them.
        vanishes, appears: global hosts by cluster.
        references: what breaks, or is answered by others.
        callers: who reaches other clusters than before.
        findings: what would then be wrong with the segments themselves, and is not now.
        unread: contexts of which something is unknown, with what.
    """

    api_version: str = API_VERSION
    kind: str = "SegmentPlan"
    command: str = "segment plan"
    exit_code: int = 0
    error: Problem | None = None
    wanted: Wanted | None = None
    visibility: Visibility = Visibility.MESH
    clusters: tuple[ClusterReport, ...] = ()
    seen: tuple[str, ...] = ()
    vanishes: tuple[HostAt, ...] = ()
    appears: tuple[HostAt, ...] = ()
    references: tuple[BrokenReference, ...] = ()
    callers: tuple[CallerChange, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    unread: dict[str, str] = {}

    @property
    def broken(self) -> tuple[BrokenReference, ...]:
        """The references that break."""
        return tuple(one for one in self.references if one.effect is Effect.BREAKS)

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes for anybody."""
        return not (self.vanishes or self.appears or self.references or self.callers)


def plan_segments(
    views: Sequence[ClusterView],
    intent: SegmentIntent,
    istio_namespace: str,
    visibility: Visibility = Visibility.MESH,
    now: Expectation | None = None,
) -> SegmentPlan:
    """The difference that an intent makes, in all clusters that were reached.

    ``now``: what must exist as things are, where it has been worked out already.
    """
    later = views_after(views, intent, istio_namespace)
    before, after = now or expect(views, visibility), expect(later, visibility)
    was = _Moment(before, _aliases(views, before, istio_namespace))
    becomes = _Moment(after, _aliases(later, after, istio_namespace))
    turned = shifts(before, after)
    known = [view for view in views if view.cluster.is_reached]
    vanishes = tuple(_gone(known, {context: one.vanishes for context, one in turned.items()}, was, becomes))
    moves = _moves(known, was, becomes, turned, vanishes)
    references = tuple(one for move in moves for one in touched_references(move))
    return SegmentPlan(
        exit_code=int(_code(before, references)),
        wanted=Wanted(
            action=intent.action,
            segment=intent.name or None,
            domain=intent.domain or None,
            contexts=intent.contexts,
        ),
        visibility=visibility,
        seen=tuple(view.context for view in views),
        vanishes=vanishes,
        appears=tuple(_gone(known, {context: one.appears for context, one in turned.items()}, becomes, was)),
        references=references,
        callers=tuple(_callers(known, turned)),
        notes=visibility_notes(later, after, visibility) or visibility_notes(views, before, visibility),
        unread=before.unread,
    )


def _code(before: Expectation, references: Sequence[BrokenReference]) -> ExitCode:
    """What breaks is a finding; where something is unknown, that nothing breaks is not known either."""
    if any(one.effect is Effect.BREAKS for one in references):
        return ExitCode.FINDINGS
    return ExitCode.CANNOT_CHECK if before.unread else ExitCode.OK


Aliases = dict[str, dict[str, ExpectedEntry]]
"""By context, then host: the entry that an alias is one of."""


def _aliases(views: Sequence[ClusterView], expectation: Expectation, istio_namespace: str) -> Aliases:
    """The aliases that each cluster sees: those of the entries that must stand there (reference 2.2)."""
    given: dict[str, set[str]] = {}
    for publication, alias in given_aliases(views, expectation, istio_namespace):
        if publication.host is not None:
            given.setdefault(publication.host, set()).add(alias)
    return {
        context: {alias: entries[host] for host in entries.keys() & given.keys() for alias in given[host]}
        for context, entries in expectation.entries.items()
    }


class _Moment(NamedTuple):
    """The mesh before, or after."""

    expected: Expectation
    aliases: Aliases


def _gone(
    views: Sequence[ClusterView], hosts: Mapping[str, Sequence[str]], one: _Moment, other: _Moment
) -> Iterator[HostAt]:
    """The hosts that are in the one and not in the other; those proper (``hosts``, by context) before aliases."""
    for view in views:
        context = view.context
        mine, theirs = one.expected.entries[context], other.expected.entries[context]
        yield from (_host_at(mine[host], host) for host in hosts[context])
        lost = one.aliases[context].keys() - other.aliases[context].keys() - theirs.keys()
        yield from (_host_at(one.aliases[context][host], host, alias=True) for host in sorted(lost))


def _host_at(entry: ExpectedEntry, host: str, *, alias: bool = False) -> HostAt:
    return HostAt(
        context=entry.context,
        host=host,
        namespace=entry.key.namespace,
        service=entry.key.name,
        entry=entry.names[0],
        publishers=entry.publishers,
        alias=alias,
    )


def _moves(
    views: Sequence[ClusterView], was: _Moment, becomes: _Moment, turned: Mapping[str, Shift], gone: Sequence[HostAt]
) -> Iterator[Move]:
    aliases: dict[str, dict[str, ServiceKey]] = {}
    for one in gone:
        if one.alias:
            aliases.setdefault(one.context, {})[one.host] = ServiceKey(one.namespace, one.service)
    for view in views:
        yield Move(view, was.expected, becomes.expected, turned[view.context], aliases.get(view.context, {}))


def _callers(views: Sequence[ClusterView], turned: Mapping[str, Shift]) -> Iterator[CallerChange]:
    for view in views:
        for one in turned[view.context].answers:
            yield CallerChange(
                context=view.context,
                namespace=one.key.namespace,
                service=one.key.name,
                host=one.host,
                before=one.before,
                after=one.after,
            )
