"""Read the mesh for one question: which queries are needed, and the snapshot joined and judged."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass

from meshglobal.app.ports import Fleet
from meshglobal.checks.catalogue import checks_within, findings_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.call import CallSeen
from meshglobal.domain.drill_seen import DrillSeen
from meshglobal.domain.expectation import Expectation, Visibility, expect
from meshglobal.domain.finding import Finding
from meshglobal.domain.judge import Judge
from meshglobal.domain.kinds import Kind
from meshglobal.domain.labels import SERVICE_SCOPE, SERVICE_TAKEOVER
from meshglobal.domain.misspelling import misspelt_keys
from meshglobal.domain.names import ISTIO_NAMESPACE, ServiceKey
from meshglobal.domain.objects import Service
from meshglobal.domain.snapshot import ClusterSnapshot, MeshSnapshot, Query
from meshglobal.domain.thinning import Thin
from meshglobal.domain.verdict import Verdict
from meshglobal.domain.view import ClusterView, view_of
from meshglobal.domain.waivers import Waiver

OnCluster = Callable[[ClusterSnapshot], None]


@dataclass(frozen=True, slots=True)
class Places:
    """Namespaces that are said to hold the parts of the mesh, which are found by class and label; None: any.

    ``istiod`` None: the control plane's namespace.
    """

    istiod: str | None = None
    cni: str | None = None
    ztunnel: str | None = None
    gateways: str | None = None

    @property
    def agents(self) -> tuple[str | None, ...]:
        """Where what runs on every node is looked for: one look in all namespaces, unless both are named."""
        return (None,) if None in (self.cni, self.ztunnel) else tuple(sorted({self.cni, self.ztunnel}, key=str))


@dataclass(frozen=True, slots=True)
class MeshSettings:
    """How the mesh is set up: the control plane's namespace, which reading of R10 applies, and where its parts are."""

    istio_namespace: str = ISTIO_NAMESPACE
    visibility: Visibility = Visibility.MESH
    places: Places = Places()


# What every verdict rests on. The checks that need no more run with each command that reads.
VERDICT_KINDS = (kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT)
_OF_CONTROL_PLANE = frozenset({kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT, kinds.DEPLOYMENT})
# What may name a global host or a generated entry, from any namespace.
_REFERRING = (kinds.HTTP_ROUTE, kinds.DESTINATION_RULE, kinds.VIRTUAL_SERVICE, kinds.AUTHORIZATION_POLICY)
_EVERYWHERE = frozenset({kinds.GATEWAY, kinds.DAEMON_SET, *_REFERRING})
_OPTIONAL = frozenset({kinds.SEGMENT, kinds.GATEWAY, *_REFERRING})


def mesh_queries(mesh: MeshSettings, namespace: str | None, more: Iterable[Kind] = ()) -> list[Query]:
    """What must be read to judge the services of one namespace (None: of all), and what else is needed.

    Args:
        mesh: where the control plane lives.
        namespace: that of the services.
        more: further kinds, such as those that checks need (`needs_of`).
    """
    wanted = dict.fromkeys((*VERDICT_KINDS, *more))
    found = [query for kind in wanted for query in _queries_for(kind, mesh, namespace)]
    return [*found, *route_queries()[:1]] if any(kind in _REFERRING for kind in wanted) else found


def route_queries() -> list[Query]:
    """What must be read to judge routes, rules and policies: the entries of all namespaces, and they themselves.

    An entry that somebody wrote may stand in any namespace, and its host exists as well.
    """
    return [Query(kinds.SERVICE_ENTRY), *(Query(kind, is_optional=True) for kind in _REFERRING)]


def _queries_for(kind: Kind, mesh: MeshSettings, namespace: str | None) -> list[Query]:
    """How a kind is read.

    Namespaces are read one by one where one is asked for: users with limited rights may often get but not list.
    """
    if kind is kinds.NAMESPACE and namespace is not None:
        names = dict.fromkeys((namespace, mesh.istio_namespace))
        return [Query(kind, name=name, is_optional=True) for name in names]
    if not kind.is_namespaced or kind in _EVERYWHERE:
        place = None
    else:
        place = mesh.istio_namespace if kind in _OF_CONTROL_PLANE else namespace
    return [Query(kind, place, is_optional=kind in _OPTIONAL)]


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

    def findings(
        self,
        verdicts: Sequence[Verdict],
        keys: Sequence[ServiceKey],
        expired: Sequence[Waiver] = (),
        *,
        is_fleet: bool = False,
        calls: Sequence[CallSeen] = (),
        drills: Sequence[DrillSeen] = (),
    ) -> list[Finding]:
        """What the checks find about some services, given the verdicts on them: those whose kinds were asked for.

        ``is_fleet``: the clusters themselves are asked about; ``calls``: what came of calls to these services;
        ``drills``: of drills of them.
        """
        place = self.mesh.istio_namespace
        told = (verdicts, keys, place, expired)
        seen = Mesh(self.views, self.expectation, *told, is_fleet=is_fleet, calls=calls, drills=drills)
        return findings_of(seen, checks_within(self._asked()))

    def _asked(self) -> frozenset[Kind]:
        asked = {query.kind for cluster in self.snapshot.clusters for query in cluster.queries}
        gaps = {gap.query.kind for cluster in self.snapshot.clusters for gap in cluster.gaps if gap.query is not None}
        return frozenset(VERDICT_KINDS) | asked | gaps

    def published_keys(self) -> list[ServiceKey]:
        """The services that some cluster publishes, sorted."""
        return sorted({publication.key for publication in self.expectation.publications})

    def concerned_keys(self) -> list[ServiceKey]:
        """The services that are published or carry one of the keys that publish, even misspelt: those to look at."""
        keys = set(self.published_keys())
        for view in self.views:
            keys.update(key for key, service in view.services.items() if _is_marked(service))
        return sorted(keys)

    def service_keys(self) -> list[ServiceKey]:
        """All services that were read anywhere, sorted."""
        return sorted({key for view in self.views for key in view.services})


def _is_marked(service: Service) -> bool:
    metadata = service.metadata
    labels = metadata.labels or {}
    return SERVICE_SCOPE in labels or SERVICE_TAKEOVER in labels or bool(misspelt_keys(metadata))


def picture_of(snapshot: MeshSnapshot, mesh: MeshSettings) -> Picture:
    """Join a snapshot."""
    views = tuple(view_of(cluster, mesh.istio_namespace) for cluster in snapshot.clusters)
    return Picture(snapshot, views, expect(views, mesh.visibility), mesh)


def read_picture(
    fleet: Fleet,
    queries: Sequence[Query],
    mesh: MeshSettings,
    on_cluster: OnCluster | None = None,
    thin: Thin | None = None,
) -> Picture:
    """Read all clusters and join what they say; ``thin``: see `Fleet.read`."""
    return picture_of(fleet.read(queries, on_cluster, thin), mesh)
