"""Everything about one service of a mesh that is followed: its row, its chains, the objects, and what names its hosts.

Pods are not followed, for there are too many of them: they are read when somebody asks, and joined to the last look.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from meshglobal.app.diagnosing import diagnosed
from meshglobal.app.live_say import Look
from meshglobal.app.picture import Picture
from meshglobal.domain import kinds
from meshglobal.domain.diagnosis import Diagnosis
from meshglobal.domain.finding import Evidence
from meshglobal.domain.inventory import GlobalService, cell_of
from meshglobal.domain.kinds import Kind
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Object
from meshglobal.domain.references import named_hosts
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, MeshSnapshot, Query
from meshglobal.domain.strictness import Strictness
from meshglobal.domain.view import ClusterView


@dataclass(frozen=True, slots=True)
class Placed:
    """An object in a cluster."""

    context: str
    kind: Kind
    object: Object


@dataclass(frozen=True, slots=True)
class Detail:
    """One service.

    Attributes:
        service: its row; without hosts where no cluster publishes it.
        diagnosis: what `diagnose` says; of pods that were not read it says so.
        entries: what was generated for it: ServiceEntries, and the WorkloadEntries of peers.
        objects: the Services, and the Namespaces that they are in.
        references: the fields of routes, rules, policies and written entries that name one of its hosts.
    """

    service: GlobalService
    diagnosis: Diagnosis
    entries: tuple[Placed, ...]
    objects: tuple[Placed, ...]
    references: tuple[Evidence, ...]


def pod_queries(namespace: str) -> tuple[Query, ...]:
    """What must be read beside what is followed."""
    return (Query(kinds.POD, namespace),)


def is_there(look: Look, key: ServiceKey) -> bool:
    """Whether some cluster has a service, or an entry for it."""
    has_row = any((one.namespace, one.name) == key for one in look.inventory.services)
    return has_row or any(key in view.services for view in look.picture.views)


def service_detail(look: Look, key: ServiceKey, strict: Strictness, pods: MeshSnapshot | None = None) -> Detail | None:
    """All that is known of a service; None where no cluster has it, nor an entry for it.

    ``pods``: what `pod_queries` brought.
    """
    picture = look.picture if pods is None else _with_pods(look.picture, pods, key.namespace)
    row = next((one for one in look.inventory.services if (one.namespace, one.name) == key), None)
    if row is None and not any(key in view.services for view in picture.views):
        return None
    service = row or GlobalService(
        namespace=key.namespace, name=key.name, cells=tuple(cell_of(view, key, ()) for view in picture.views)
    )
    found = diagnosed(picture, key, strict)
    verdicts = [verdict for cell in service.cells for verdict in cell.hosts]
    hosts = {*service.hosts, *service.aliases, *(host for one in verdicts for host in one.found_hosts)}
    return Detail(
        service=service,
        diagnosis=found,
        entries=tuple(one for view in picture.views for one in _entries(view, key, hosts)),
        objects=tuple(one for view in picture.views for one in _objects(view, key)),
        references=tuple(
            named.field.seen(named.member, named.host)
            for view in picture.views
            for named in named_hosts(view)
            if named.host in hosts
        ),
    )


def _entries(view: ClusterView, key: ServiceKey, hosts: set[str]) -> Iterator[Placed]:
    named = [*view.named_entries.get(key, ()), *(one for host in hosts for one in view.entries.get(host, ()))]
    for entry in {one.name: one for one in named}.values():
        yield Placed(view.context, kinds.SERVICE_ENTRY, entry)
    for peer in view.peers.get(key, ()):
        yield Placed(view.context, kinds.WORKLOAD_ENTRY, peer)


def _objects(view: ClusterView, key: ServiceKey) -> Iterator[Placed]:
    if (service := view.services.get(key)) is not None:
        yield Placed(view.context, kinds.SERVICE, service)
        if (namespace := view.namespaces.get(key.namespace)) is not None:
            yield Placed(view.context, kinds.NAMESPACE, namespace)


def _with_pods(picture: Picture, pods: MeshSnapshot, namespace: str) -> Picture:
    # Of several contexts that lead to one cluster, another may have been the first this time.
    read = {name: cluster for cluster in pods.clusters for name in (cluster.context, *cluster.aliases)}
    snapshot = MeshSnapshot(tuple(_joined(one, read.get(one.context), namespace) for one in picture.snapshot.clusters))
    views = tuple(
        replace(view, cluster=cluster) for view, cluster in zip(picture.views, snapshot.clusters, strict=True)
    )
    return Picture(snapshot, views, picture.expectation, picture.mesh)


def _joined(cluster: ClusterSnapshot, pods: ClusterSnapshot | None, namespace: str) -> ClusterSnapshot:
    """A cluster whose pods could not be read lacks them, and nothing else."""
    if pods is None or not cluster.is_reached:
        return cluster
    (query,) = pod_queries(namespace)
    failures = tuple(Gap(gap.failure, query) for gap in pods.gaps[:1])
    return replace(
        cluster,
        objects={**cluster.objects, kinds.POD: pods.objects.get(kinds.POD, ())},
        queries=cluster.queries if failures else (*cluster.queries, query),
        gaps=(*cluster.gaps, *failures),
    )
