"""The expectation: which global hosts must stand in which cluster, and because of whom (R1-R10, R15, R17, R18, R31).

Each cluster that publishes a service is a `Publication`. A publication makes its host exist in every cluster that can
see it: all of them for `global`, those of the same segment for `segment` (R10). What some clusters did not let us read
is kept as `Expectation.unread`, because one of them may publish a service that seems to be published by nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from meshglobal.domain import kinds, scope
from meshglobal.domain.names import ServiceKey, entry_names, generated_for
from meshglobal.domain.ports import Port
from meshglobal.domain.publication import Publication
from meshglobal.domain.segments import Home
from meshglobal.domain.view import ClusterView


class Visibility(StrEnum):
    """The two documented readings of R10: does `global` reach clusters of other segments?"""

    MESH = "mesh"
    SEGMENT = "segment"


class Local(StrEnum):
    """What a cluster itself has of a service."""

    PUBLISHED = "published"
    OPTED_OUT = "opted-out"
    UNLABELLED = "unlabelled"
    ABSENT = "absent"
    UNREAD = "unread"


class ExpectedEntry(msgspec.Struct, frozen=True, gc=False):
    """A generated entry that must stand in a cluster.

    Attributes:
        key, host, context: which service, under which name, where.
        names: the documented names of the ServiceEntry (R8).
        publishers: the contexts whose endpoints stand behind the host.
        local: what the cluster itself has of the service.
        ports: alternatives: the local Service's, else those of each publisher, which may be gathered (R15).
        is_home: whether the cluster's own Service would stand behind this host, and not behind that of another
            segment; None when the cluster's own domain cannot be told.
        doubt: why it is uncertain that the entry must exist; empty when it is certain.
        oddity: what all publishers are, where no document says that such a Service gets an entry (R40).
    """

    key: ServiceKey
    host: str
    context: str
    names: tuple[str, ...]
    publishers: tuple[str, ...]
    local: Local
    ports: tuple[tuple[Port, ...], ...]
    is_home: bool | None = True
    doubt: str = ""
    oddity: str = ""


Hosts = Mapping[ServiceKey, Sequence[str]]
"""The hosts that concern a service: its own, and those whose entries have names that end in it."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """All expected entries of a mesh, and what stood in the way of knowing more.

    Attributes:
        entries: by context, then host.
        hosts: by context; the same object for clusters that see the same hosts of the same publishers.
        publications: all of them.
        unread: contexts that may publish something unknown to us, with why.
    """

    entries: dict[str, dict[str, ExpectedEntry]] = field(default_factory=dict)
    hosts: dict[str, Hosts] = field(default_factory=dict)
    publications: tuple[Publication, ...] = ()
    unread: dict[str, str] = field(default_factory=dict)

    def of(self, context: str, key: ServiceKey) -> list[ExpectedEntry]:
        """The entries that must stand in a cluster for one service."""
        entries = self.entries.get(context, {})
        return [entries[host] for host in self.hosts.get(context, {}).get(key, ()) if entries[host].key == key]


def is_visible(publication: Publication, viewer: Home, visibility: Visibility) -> bool | None:
    """Whether a cluster gets an entry for a publication (R10); None when that hangs on a segment that was not read."""
    if visibility is Visibility.MESH and publication.scope.value != scope.SEGMENT:
        return True
    return publication.home.segment == viewer.segment if viewer.is_segment_known else None


class _Seen(msgspec.Struct, frozen=True, gc=False):
    """A host as all clusters of one segment see it. ``is_certain``: whether they surely see all of its publishers."""

    key: ServiceKey
    host: str
    domain: str | None
    names: tuple[str, ...]
    publishers: tuple[str, ...]
    own: dict[str, Publication]
    ports: tuple[tuple[Port, ...], ...]
    is_certain: bool
    oddity: str


def _seen(publications: Sequence[Publication], viewer: Home, visibility: Visibility) -> list[_Seen]:
    by_host: dict[str, list[Publication]] = {}
    doubtful = set()
    for publication in publications:
        visible = is_visible(publication, viewer, visibility)
        if (host := publication.host) is None or visible is False:
            continue
        by_host.setdefault(host, []).append(publication)
        if visible is None:
            doubtful.add(host)
    return [_seen_host(host, behind, is_certain=host not in doubtful) for host, behind in by_host.items()]


def _seen_host(host: str, behind: Sequence[Publication], *, is_certain: bool) -> _Seen:
    origins = dict.fromkeys((one.key, one.home.segment) for one in behind)
    return _Seen(
        key=behind[0].key,
        host=host,
        domain=behind[0].home.domain,
        names=tuple(dict.fromkeys(name for origin in origins for name in entry_names(*origin))),
        publishers=tuple([one.context for one in behind]),
        own={one.context: one for one in behind},
        ports=tuple(dict.fromkeys([one.ports for one in behind])),
        is_certain=is_certain,
        oddity=behind[0].oddity if all(one.oddity for one in behind) else "",
    )


def _hosts(seen: Sequence[_Seen]) -> Hosts:
    found: dict[ServiceKey, list[str]] = {}
    for one in seen:
        for key in dict.fromkeys((one.key, *map(generated_for, one.names))):
            if key is not None:
                found.setdefault(key, []).append(one.host)
    return found


def _local(view: ClusterView, key: ServiceKey) -> Local:
    effective = view.scope_of(key)
    if effective is None:
        return Local.ABSENT if view.cluster.has_read(kinds.SERVICE, key.namespace, key.name) else Local.UNREAD
    if effective.is_published is None:
        return Local.UNREAD
    if effective.is_published:
        return Local.PUBLISHED
    return Local.OPTED_OUT if effective.setting.value == scope.CLUSTER else Local.UNLABELLED


def _entry(view: ClusterView, seen: _Seen) -> ExpectedEntry:
    own = seen.own.get(view.context)
    home = view.home
    return ExpectedEntry(
        key=seen.key,
        host=seen.host,
        context=view.context,
        names=seen.names,
        publishers=seen.publishers,
        local=Local.PUBLISHED if own is not None and own.key == seen.key else _local(view, seen.key),
        ports=(own.ports,) if own is not None else seen.ports,
        is_home=seen.domain == home.domain if home.domain is not None else None,
        doubt="" if seen.is_certain else home.problem,
        oddity=seen.oddity,
    )


def _unread_reason(view: ClusterView) -> str:
    for kind in (kinds.SERVICE, kinds.NAMESPACE):
        if (gap := view.cluster.gap_for(kind)) is not None:
            return gap.failure.message
    return view.home.problem


def expect(views: Sequence[ClusterView], visibility: Visibility = Visibility.MESH) -> Expectation:
    """What must exist in every cluster, from what the clusters themselves declare.

    A cluster that could not be read still gets the entries that follow from its peers, so that each can be reported
    as unknown: it may be in any segment, so whatever depends on that is in doubt.
    """
    publications = [publication for view in views if view.cluster.is_reached for publication in view.publications]
    is_split = visibility is not Visibility.MESH or any(one.scope.value == scope.SEGMENT for one in publications)
    sights = {view.context: (view.home.segment, view.home.is_segment_known) if is_split else None for view in views}
    viewers = {sights[view.context]: view.home for view in views}
    seen = {sight: _seen(publications, home, visibility) for sight, home in viewers.items()}
    hosts = {sight: _hosts(found) for sight, found in seen.items()}
    return Expectation(
        entries={view.context: {one.host: _entry(view, one) for one in seen[sights[view.context]]} for view in views},
        hosts={context: hosts[sight] for context, sight in sights.items()},
        publications=tuple(publications),
        unread={view.context: reason for view in views if (reason := _unread_reason(view))},
    )
