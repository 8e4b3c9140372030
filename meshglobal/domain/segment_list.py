"""The segments of a mesh: who is in which, which clusters have which Segment, and in what the copies differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from meshglobal.domain import kinds
from meshglobal.domain.expectation import Expectation, Visibility
from meshglobal.domain.names import DEFAULT_DOMAIN
from meshglobal.domain.objects import Segment, SegmentAlias
from meshglobal.domain.report import API_VERSION, ClusterReport, Note
from meshglobal.domain.segment_aliases import Alias, expected_aliases
from meshglobal.domain.view import ClusterView


class SegmentCopy(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A Segment in one cluster.

    Attributes:
        present: whether the cluster has it; null when that could not be read.
        domain: as the object there says; null without one.
        aliases: the patterns of its aliases.
    """

    context: str
    present: bool | None
    domain: str | None = None
    aliases: tuple[str, ...] = ()


class SegmentRow(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One segment across the clusters.

    Attributes:
        name: null for the default segment, which needs no object.
        domain: null where no cluster has it, or where they disagree.
        clusters: the contexts that are in it.
        services: how many services these publish; null when one of them could not be read.
        copies: each cluster's own object; none for the default segment.
        differences: in what the copies differ, a sentence's part each.
        aliases: the further hosts that its services have.
    """

    name: str | None
    domain: str | None
    clusters: tuple[str, ...] = ()
    services: int | None = 0
    copies: tuple[SegmentCopy, ...] = ()
    differences: tuple[str, ...] = ()
    aliases: tuple[Alias, ...] = ()


class SegmentList(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `segment list` prints. ``unplaced``: contexts of which it is not known in which segment they are."""

    api_version: str = API_VERSION
    kind: str = "SegmentList"
    command: str = "segment list"
    exit_code: int = 0
    visibility: Visibility = Visibility.MESH
    clusters: tuple[ClusterReport, ...] = ()
    segments: tuple[SegmentRow, ...] = ()
    unplaced: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def segment_rows(
    views: Sequence[ClusterView], expectation: Expectation, istio_namespace: str
) -> tuple[SegmentRow, ...]:
    """The default segment, if somebody is in it, and all others by name."""
    aliases = expected_aliases(views, expectation, istio_namespace)
    copies = {view.context: _segments(view, istio_namespace) for view in views}
    named = {name for found in copies.values() for name in found}
    named |= {view.home.segment for view in views if view.home.segment is not None}
    default = [view for view in views if view.home.segment is None and view.home.is_segment_known]
    rows = [_row(None, default, expectation, (), aliases)] if default else []
    for name in sorted(named):
        members = [view for view in views if view.home.segment == name]
        own = tuple(_copy(view, copies[view.context].get(name), name, istio_namespace) for view in views)
        rows.append(_row(name, members, expectation, own, aliases))
    return tuple(rows)


def unplaced(views: Sequence[ClusterView]) -> tuple[str, ...]:
    """The contexts of which it is not known in which segment they are."""
    return tuple(view.context for view in views if not view.home.is_segment_known)


def _segments(view: ClusterView, istio_namespace: str) -> dict[str, Segment]:
    return {one.name: one for one in view.cluster.of(kinds.SEGMENT, Segment) if one.namespace == istio_namespace}


def _copy(view: ClusterView, found: Segment | None, name: str, istio_namespace: str) -> SegmentCopy:
    if found is None:
        is_read = view.cluster.has_read(kinds.SEGMENT, istio_namespace, name)
        return SegmentCopy(context=view.context, present=False if is_read else None)
    patterns = tuple(map(_pattern, found.spec.aliases or ()))
    return SegmentCopy(context=view.context, present=True, domain=found.spec.domain or None, aliases=patterns)


def _pattern(alias: SegmentAlias) -> str:
    labels = (alias.selector.match_labels or {}) if alias.selector is not None else {}
    chosen = ",".join(f"{key}={value}" for key, value in sorted(labels.items()))
    return f"{alias.pattern} for {chosen}" if chosen else alias.pattern


def _row(
    name: str | None,
    members: Sequence[ClusterView],
    expectation: Expectation,
    copies: tuple[SegmentCopy, ...],
    aliases: Sequence[Alias],
) -> SegmentRow:
    contexts = tuple(view.context for view in members)
    keys = {one.key for one in expectation.publications if one.context in contexts}
    domains = {copy.domain for copy in copies if copy.present}
    domain = DEFAULT_DOMAIN if name is None else next(iter(domains)) if len(domains) == 1 else None
    return SegmentRow(
        name=name,
        domain=domain,
        clusters=contexts,
        services=None if any(context in expectation.unread for context in contexts) else len(keys),
        copies=copies,
        differences=tuple(_differences(copies)),
        aliases=tuple(one for one in aliases if name is not None and set(one.contexts) & set(contexts)),
    )


def _differences(copies: Sequence[SegmentCopy]) -> Iterator[str]:
    """What is not the same in all clusters; what could not be read is said, and is no difference."""
    if lacking := [copy.context for copy in copies if copy.present is False]:
        yield f"missing in {', '.join(lacking)}"
    there = [copy for copy in copies if copy.present]
    for what, values in (
        ("domain", {copy.context: copy.domain or "none" for copy in there}),
        ("aliases", {copy.context: ", ".join(copy.aliases) or "none" for copy in there}),
    ):
        if len(set(values.values())) > 1:
            yield f"{what} {_grouped(values)}"
    if unread := [copy.context for copy in copies if copy.present is None]:
        yield f"unknown in {', '.join(unread)}"


def _grouped(values: dict[str, str]) -> str:
    together: dict[str, list[str]] = {}
    for context, value in values.items():
        together.setdefault(value, []).append(context)
    return "; ".join(f"{value} in {', '.join(contexts)}" for value, contexts in together.items())
