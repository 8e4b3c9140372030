"""Read the mesh for one question: which queries are needed, and the snapshot joined and judged."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from meshglobal.app.ports import Fleet
from meshglobal.checks.catalogue import findings_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.expectation import Expectation, Visibility, expect
from meshglobal.domain.finding import Finding
from meshglobal.domain.judge import Judge
from meshglobal.domain.labels import SERVICE_SCOPE, SERVICE_TAKEOVER
from meshglobal.domain.names import ISTIO_NAMESPACE, ServiceKey
from meshglobal.domain.objects import Service
from meshglobal.domain.snapshot import ClusterSnapshot, MeshSnapshot, Query
from meshglobal.domain.verdict import Verdict
from meshglobal.domain.view import ClusterView, view_of

OnCluster = Callable[[ClusterSnapshot], None]


@dataclass(frozen=True, slots=True)
class MeshSettings:
    """How the mesh is set up: the control plane's namespace, and which reading of R10 applies."""

    istio_namespace: str = ISTIO_NAMESPACE
    visibility: Visibility = Visibility.MESH


def mesh_queries(mesh: MeshSettings, namespace: str | None, *, endpoints: bool = False) -> list[Query]:
    """What must be read to judge the services of one namespace (None: of all).

    Namespaces are read one by one where one is asked for: users with limited rights may often get but not list.
    """
    queries = [Query(kinds.SERVICE, namespace)]
    if namespace is None:
        queries.append(Query(kinds.NAMESPACE))
    else:
        names = dict.fromkeys((namespace, mesh.istio_namespace))
        queries += [Query(kinds.NAMESPACE, name=name, is_optional=True) for name in names]
    queries += [
        Query(kinds.SERVICE_ENTRY, mesh.istio_namespace),
        Query(kinds.WORKLOAD_ENTRY, mesh.istio_namespace),
        Query(kinds.SEGMENT, mesh.istio_namespace, is_optional=True),
    ]
    if endpoints:
        queries.append(Query(kinds.ENDPOINT_SLICE, namespace))
    return queries


@dataclass(frozen=True, slots=True)
class Picture:
    """A snapshot, indexed, with what must exist."""

    snapshot: MeshSnapshot
    views: tuple[ClusterView, ...]
    expectation: Expectation
    mesh: MeshSettings

    def verdicts(self, keys: Container[ServiceKey] | None = None) -> list[Verdict]:
        """One verdict per global host and cluster, of all services or of some."""
        return Judge(self.views, self.expectation, self.mesh.istio_namespace, keys).verdicts()

    def findings(self, verdicts: Sequence[Verdict], keys: Sequence[ServiceKey]) -> list[Finding]:
        """What the checks find about some services, given the verdicts on them."""
        return findings_of(Mesh(self.views, self.expectation, verdicts, keys, self.mesh.istio_namespace))

    def published_keys(self) -> list[ServiceKey]:
        """The services that some cluster publishes, sorted."""
        return sorted({publication.key for publication in self.expectation.publications})

    def concerned_keys(self) -> list[ServiceKey]:
        """The services that are published or carry one of the keys that publish, sorted: those to look at closely."""
        keys = set(self.published_keys())
        for view in self.views:
            keys.update(key for key, service in view.services.items() if _is_marked(service))
        return sorted(keys)

    def service_keys(self) -> list[ServiceKey]:
        """All services that were read anywhere, sorted."""
        return sorted({key for view in self.views for key in view.services})


def _is_marked(service: Service) -> bool:
    metadata = service.metadata
    return any(metadata.label(key) is not None for key in (SERVICE_SCOPE, SERVICE_TAKEOVER))


def picture_of(snapshot: MeshSnapshot, mesh: MeshSettings) -> Picture:
    """Join a snapshot."""
    views = tuple(view_of(cluster, mesh.istio_namespace) for cluster in snapshot.clusters)
    return Picture(snapshot, views, expect(views, mesh.visibility), mesh)


def read_picture(
    fleet: Fleet, queries: Sequence[Query], mesh: MeshSettings, on_cluster: OnCluster | None = None
) -> Picture:
    """Read all clusters and join what they say."""
    return picture_of(fleet.read(queries, on_cluster), mesh)
