"""`collect`: read everything that the reading commands read, to be looked at elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from meshglobal.app.checking import checking_demand
from meshglobal.app.diagnosing import diagnosing_demand
from meshglobal.app.listing import listing_demand
from meshglobal.app.picture import MeshSettings, OnCluster
from meshglobal.app.ports import Clock, Fleet, Member
from meshglobal.app.selecting import Request
from meshglobal.domain import kinds, labels
from meshglobal.domain.demand import ANY, ROLL_CALL, Demand
from meshglobal.domain.errors import ExitCode
from meshglobal.domain.labels import Section
from meshglobal.domain.links import DATA_PLANE_TYPE
from meshglobal.domain.misspelling import intended
from meshglobal.domain.objects import Meta, Object
from meshglobal.domain.report import API_VERSION, ClusterReport, Summary, cluster_report, summarise
from meshglobal.domain.snapshot import ClusterSnapshot, MeshSnapshot, Query

_OURS = ("solo.io", "istio.io")
_READ = frozenset(value for name, value in vars(labels).items() if name.isupper() and isinstance(value, str)) | {
    DATA_PLANE_TYPE
}
_LEFT_OUT = "(left out)"


class Collection(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `collect` prints: what was written where, and what could not be read.

    Attributes:
        path: of the bundle; ``size`` in bytes.
        namespace: of the services; null: all.
        objects: how many there are in each cluster, by context.
    """

    api_version: str = API_VERSION
    kind: str = "Collection"
    command: str = "collect"
    exit_code: int = 0
    path: str = ""
    size: int = 0
    redacted: bool = False
    namespace: str | None = None
    clusters: tuple[ClusterReport, ...] = ()
    objects: dict[str, int] = {}
    summary: Summary = Summary()


@dataclass(frozen=True, slots=True)
class Collected:
    """What was read, when, in seconds since the epoch; ``namespace`` None: of all namespaces."""

    namespace: str | None
    istio_namespace: str
    members: tuple[Member, ...]
    snapshot: MeshSnapshot
    begun_at: float
    ended_at: float


def collecting_demand(mesh: MeshSettings, namespace: str | None) -> Demand:
    """What it asks of each cluster: all that `verify`, `list`, `describe`, `diagnose` and `check` ask."""
    place = namespace if namespace is not None else ANY
    demands = (
        listing_demand(mesh, Request(None, place)),
        diagnosing_demand(mesh, place),
        checking_demand(mesh),
    )
    asked = (query for demand in demands for query in demand.queries)
    return Demand((tuple(dict.fromkeys(map(_widened, asked))),))


def _widened(query: Query) -> Query:
    """The same of all namespaces, where it is asked of any."""
    if query.kind is kinds.NAMESPACE and query.name == ANY:
        return ROLL_CALL
    return replace(query, namespace=None) if query.namespace == ANY else query


def collect(
    fleet: Fleet, clock: Clock, mesh: MeshSettings, namespace: str | None, on_cluster: OnCluster | None = None
) -> Collected:
    """Read the clusters. What cannot be read there is kept as a gap, with its reason."""
    begun = clock.now()
    snapshot = fleet.read(collecting_demand(mesh, namespace).queries, on_cluster, _kept)
    return Collected(namespace, mesh.istio_namespace, fleet.members, snapshot, begun, clock.now())


def _kept(cluster: ClusterSnapshot) -> ClusterSnapshot:
    objects = {kind: tuple(map(kept, found)) for kind, found in cluster.objects.items()}
    return replace(cluster, objects=objects)


def summary_of(found: Collected, path: str, size: int, *, redacted: bool) -> Collection:
    """The document; as with `list`, the exit code says whether everything could be read."""
    clusters = tuple(map(cluster_report, found.snapshot.clusters))
    is_complete = all(one.reached and not one.unread for one in clusters)
    return Collection(
        exit_code=int(ExitCode.OK if is_complete else ExitCode.CANNOT_CHECK),
        path=path,
        size=size,
        redacted=redacted,
        namespace=found.namespace,
        clusters=clusters,
        objects={one.context: _count(one) for one in found.snapshot.clusters},
        summary=summarise((), clusters),
    )


def _count(cluster: ClusterSnapshot) -> int:
    return sum(map(len, cluster.objects.values()))


def kept(found: Object) -> Object:
    """An object as it may be handed on: of its annotations those that mean something to the mesh, even misspelt ones.

    The others may hold anything: what was applied last with all its values, notes of other tools. Of those of Istio and
    Solo that nobody here reads, only that they are there is kept: a proxy's settings may hold anything as well.
    """
    annotations = found.metadata.annotations
    if not annotations:
        return found
    left = {key: value for key, written in annotations.items() if (value := _kept_value(key, written)) is not None}
    if left == annotations:
        return found
    meta: Meta = msgspec.structs.replace(found.metadata, annotations=left or None)
    return msgspec.structs.replace(found, metadata=meta)


def _kept_value(key: str, value: str) -> str | None:
    if key in _READ or intended(key, Section.ANNOTATION) is not None:
        return value
    is_ours = key.rpartition("/")[0].endswith(_OURS)
    return (value and _LEFT_OUT) if is_ours else None
