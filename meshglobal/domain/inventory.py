"""The inventory: each global service across the clusters, with what each cluster has of it.

A service is in the inventory when some cluster publishes it or holds a generated entry for it. Endpoints are counted
from EndpointSlices; they are unknown (None) where those could not be read, never zero.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

import msgspec

from meshglobal.domain import kinds
from meshglobal.domain.distribution import DEFAULT_MODE, mode_of
from meshglobal.domain.expectation import Expectation
from meshglobal.domain.finding import Finding
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Endpoint
from meshglobal.domain.ports import service_port
from meshglobal.domain.report import API_VERSION, ClusterReport, Summary
from meshglobal.domain.scope import Origin
from meshglobal.domain.segment_aliases import expected_aliases
from meshglobal.domain.verdict import State, Verdict
from meshglobal.domain.view import ClusterView
from meshglobal.domain.waivers import Waived


class Endpoints(msgspec.Struct, frozen=True):
    """Endpoints of one Service in one cluster."""

    ready: int
    total: int


class Cell(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One service in one cluster.

    Attributes:
        state: the worst state of the service's hosts there; null where no host is expected or found.
        reason: why, for that state.
        present: whether the cluster has the Service; null when that could not be read.
        scope, scope_origin: the effective scope, and whose label decided (service, namespace, nobody, unread).
        takeover: whether its cluster-local name is answered globally; without a local Service as the peers say (R25).
        distribution: the Service's own mode; null: none set, the default applies.
        ports: number and protocol of each port.
        endpoints: null when EndpointSlices could not be read or there is no Service.
    """

    context: str
    state: State | None = None
    reason: str = ""
    present: bool | None = None
    scope: str | None = None
    scope_origin: Origin | None = None
    takeover: bool | None = None
    distribution: str | None = None
    ports: tuple[str, ...] = ()
    endpoints: Endpoints | None = None
    hosts: tuple[Verdict, ...] = ()
    entry: str | None = None
    entry_created: str | None = None


class GlobalService(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One service across the clusters; ``aliases``: further hosts that the Segments of its clusters give it."""

    namespace: str
    name: str
    hosts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()


class Inventory(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """All global services; what `list` and `describe` print."""

    api_version: str = API_VERSION
    kind: str = "Inventory"
    command: str = "list"
    exit_code: int = 0
    default_distribution: str = DEFAULT_MODE
    clusters: tuple[ClusterReport, ...] = ()
    services: tuple[GlobalService, ...] = ()
    findings: tuple[Finding, ...] = ()
    waived: tuple[Waived, ...] = ()
    summary: Summary = Summary()


def endpoints_of(view: ClusterView, key: ServiceKey) -> Endpoints | None:
    """Ready and all endpoints of a cluster's Service; None when they could not be read.

    A Service with two IP families has each pod in the slices of both: the family that has more of them counts.
    """
    if not view.cluster.has_read(kinds.ENDPOINT_SLICE, key.namespace):
        return None
    slices = view.slices.get(key, [])
    if len(slices) == 1:  # as most Services have it
        return _count(slices[0].endpoints or [])
    families: dict[str, list[Endpoint]] = {}
    for found in slices:
        families.setdefault(found.address_type, []).extend(found.endpoints or [])
    counts = map(_count, families.values())
    return max(counts, key=lambda one: (one.total, one.ready), default=Endpoints(0, 0))


def _count(endpoints: list[Endpoint]) -> Endpoints:
    return Endpoints(sum(one.is_ready for one in endpoints), len(endpoints))


def is_taken_over_anywhere(views: Sequence[ClusterView], key: ServiceKey) -> bool | None:
    """Whether some cluster takes the service's cluster-local name over; None when that is not known."""
    known = [effective.is_taken_over for view in views if (effective := view.scope_of(key)) is not None]
    if True in known:
        return True
    return None if None in known else False


def cell_of(
    view: ClusterView, key: ServiceKey, verdicts: Sequence[Verdict], *, peers_take_over: bool | None = None
) -> Cell:
    """One service in one cluster, with the verdicts about it there.

    ``peers_take_over`` counts where the cluster has no Service of its own (R25).
    """
    judged = _judged(view.context, verdicts)
    service, effective = view.services.get(key), view.scope_of(key)
    if service is None or effective is None:
        is_read = view.cluster.has_read(kinds.SERVICE, key.namespace)
        if not is_read:
            return judged
        return msgspec.structs.replace(judged, present=False, takeover=peers_take_over if verdicts else False)
    is_unread = effective.setting.origin is Origin.UNREAD
    return msgspec.structs.replace(
        judged,
        present=True,
        scope=None if is_unread else effective.value,
        scope_origin=effective.setting.origin,
        takeover=None if is_unread else effective.is_taken_over,
        distribution=mode_of(service),
        ports=tuple(str(service_port(port)) for port in service.ports),
        endpoints=endpoints_of(view, key),
    )


def _judged(context: str, verdicts: Sequence[Verdict]) -> Cell:
    """The part of a cell that follows from the verdicts: the worst one speaks for the service."""
    if not verdicts:
        return Cell(context=context)
    worst = max(verdicts, key=lambda one: one.severity)
    return Cell(
        context=context,
        state=worst.state,
        reason=worst.reason,
        hosts=tuple(verdicts),
        entry=worst.entry,
        entry_created=worst.entry_created,
    )


def with_aliases(
    services: Sequence[GlobalService], views: Sequence[ClusterView], expectation: Expectation, istio_namespace: str
) -> list[GlobalService]:
    """The services with the further hosts that the Segments of the clusters which publish them give them."""
    found: dict[tuple[str, str], list[str]] = {}
    for alias in expected_aliases(views, expectation, istio_namespace):
        found.setdefault(alias.key, []).append(alias.host)
    if not found:
        return list(services)
    return [msgspec.structs.replace(one, aliases=tuple(found.get((one.namespace, one.name), ()))) for one in services]


def global_services(
    views: Sequence[ClusterView], verdicts: Sequence[Verdict], keys: Container[ServiceKey]
) -> list[GlobalService]:
    """Join views and verdicts by service, sorted; only services in ``keys``."""
    by_service: dict[ServiceKey, dict[str, list[Verdict]]] = {}
    for verdict in verdicts:
        key = ServiceKey(verdict.namespace, verdict.service)
        by_service.setdefault(key, {}).setdefault(verdict.context, []).append(verdict)
    return [_across(views, key, seen) for key, seen in sorted(by_service.items()) if key in keys]


def _across(views: Sequence[ClusterView], key: ServiceKey, verdicts: Mapping[str, Sequence[Verdict]]) -> GlobalService:
    """A service in all clusters, with the verdicts about it by context."""
    hosts = (one.host for found in verdicts.values() for one in found if one.host is not None)
    peers = is_taken_over_anywhere(views, key)
    return GlobalService(
        namespace=key.namespace,
        name=key.name,
        hosts=tuple(dict.fromkeys(hosts)),
        cells=tuple(cell_of(view, key, verdicts.get(view.context, ()), peers_take_over=peers) for view in views),
    )
