"""The expectation: which global hosts must stand in which cluster, and because of whom (R1-R10, R15, R17, R18, R31).

Each cluster that publishes a service is a `Publication`. A publication makes its host exist in every cluster that can
see it: all of them for `global`, those of the same segment for `segment` (R10). What some clusters did not let us read
is kept as `Expectation.unread`, because one of them may publish a service that seems to be published by nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from meshglobal.domain import kinds, scope
from meshglobal.domain.names import ServiceKey, entry_names, global_host
from meshglobal.domain.objects import Service
from meshglobal.domain.ports import Port, service_port
from meshglobal.domain.scope import Scope
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


@dataclass(frozen=True, slots=True)
class Publication:
    """One service offered by one cluster."""

    key: ServiceKey
    context: str
    home: Home
    scope: Scope
    ports: tuple[Port, ...]
    oddity: str = ""
    """What makes it undocumented whether an entry is generated for such a Service (R40)."""

    @property
    def host(self) -> str | None:
        """Its global host; None when the cluster's domain cannot be told."""
        return global_host(self.key, self.home.domain) if self.home.domain is not None else None


@dataclass(frozen=True, slots=True)
class ExpectedEntry:
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


@dataclass(frozen=True, slots=True)
class Expectation:
    """All expected entries of a mesh, and what stood in the way of knowing more.

    Attributes:
        entries: by context, then host.
        publications: all of them.
        unread: contexts that may publish something unknown to us, with why.
    """

    entries: dict[str, dict[str, ExpectedEntry]] = field(default_factory=dict)
    publications: tuple[Publication, ...] = ()
    unread: dict[str, str] = field(default_factory=dict)


def publications_of(view: ClusterView) -> list[Publication]:
    """What one cluster publishes (R1, R4)."""
    found = []
    for key, service in view.services.items():
        effective = view.scope_of(key)
        if effective is not None and effective.is_published:
            ports = tuple(map(service_port, service.ports))
            found.append(Publication(key, view.context, view.home, effective, ports, oddity_of(service)))
    return found


def oddity_of(service: Service) -> str:
    """What makes it undocumented whether an entry is generated for a Service (R40); empty: nothing."""
    if service.is_external_name:
        return "an ExternalName Service"
    if not service.ports:
        return "a Service without ports"
    return "a Service with UDP ports only" if all(port.protocol == "UDP" for port in service.ports) else ""


def is_visible(publication: Publication, viewer: Home, visibility: Visibility) -> bool | None:
    """Whether a cluster gets an entry for a publication (R10); None when that hangs on a segment that was not read."""
    if visibility is Visibility.MESH and publication.scope.value != scope.SEGMENT:
        return True
    return publication.home.segment == viewer.segment if viewer.is_segment_known else None


@dataclass(frozen=True, slots=True)
class _Offer:
    """A host as all clusters of one segment see it. ``is_certain``: whether they surely see all of its publishers."""

    key: ServiceKey
    host: str
    names: tuple[str, ...]
    publishers: tuple[str, ...]
    own_ports: dict[str, tuple[Port, ...]]
    ports: tuple[tuple[Port, ...], ...]
    is_certain: bool
    oddity: str


def _offers(publications: list[Publication], viewer: Home, visibility: Visibility) -> list[_Offer]:
    by_host: dict[str, list[Publication]] = {}
    doubtful = set()
    for publication in publications:
        visible = is_visible(publication, viewer, visibility)
        if publication.host is None or visible is False:
            continue
        by_host.setdefault(publication.host, []).append(publication)
        if visible is None:
            doubtful.add(publication.host)
    return [
        _Offer(
            key=behind[0].key,
            host=host,
            names=tuple(dict.fromkeys(name for one in behind for name in entry_names(one.key, one.home.segment))),
            publishers=tuple(publication.context for publication in behind),
            own_ports={publication.context: publication.ports for publication in behind},
            ports=tuple(dict.fromkeys(publication.ports for publication in behind)),
            is_certain=host not in doubtful,
            oddity=behind[0].oddity if all(publication.oddity for publication in behind) else "",
        )
        for host, behind in by_host.items()
    ]


def _local(view: ClusterView, key: ServiceKey) -> Local:
    effective = view.scope_of(key)
    if effective is None:
        return Local.ABSENT if view.cluster.has_read(kinds.SERVICE, key.namespace, key.name) else Local.UNREAD
    if effective.is_published is None:
        return Local.UNREAD
    if effective.is_published:
        return Local.PUBLISHED
    return Local.OPTED_OUT if effective.setting.value == scope.CLUSTER else Local.UNLABELLED


def _entry(view: ClusterView, offer: _Offer) -> ExpectedEntry:
    own = offer.own_ports.get(view.context)
    domain = view.home.domain
    return ExpectedEntry(
        key=offer.key,
        host=offer.host,
        context=view.context,
        names=offer.names,
        publishers=offer.publishers,
        local=_local(view, offer.key),
        ports=(own,) if own is not None else offer.ports,
        is_home=offer.host == global_host(offer.key, domain) if domain is not None else None,
        doubt="" if offer.is_certain else view.home.problem,
        oddity=offer.oddity,
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
    publications = [publication for view in views if view.cluster.is_reached for publication in publications_of(view)]
    viewers = {(view.home.segment, view.home.is_segment_known): view.home for view in views}
    offers = {viewer: _offers(publications, home, visibility) for viewer, home in viewers.items()}
    return Expectation(
        entries={
            view.context: {
                offer.host: _entry(view, offer) for offer in offers[view.home.segment, view.home.is_segment_known]
            }
            for view in views
        },
        publications=tuple(publications),
        unread={view.context: reason for view in views if (reason := _unread_reason(view))},
    )
