"""`check`: the clusters themselves, without a service: control planes, gateways, peering, networks, segments."""

from __future__ import annotations

from meshglobal.app.noticing import Senses, followed_queries, read_noticing
from meshglobal.app.picture import MeshSettings, OnCluster, Picture, picture_of, route_queries
from meshglobal.app.ports import Fleet
from meshglobal.domain import kinds
from meshglobal.domain.demand import Demand
from meshglobal.domain.fleet import FleetCheck, directions, member_of
from meshglobal.domain.report import cluster_report, exit_code, summarise
from meshglobal.domain.snapshot import Query
from meshglobal.domain.strictness import Strictness
from meshglobal.domain.waivers import counted

ROOT_CERTIFICATES = "istio-ca-root-cert"


def fleet_queries(mesh: MeshSettings) -> list[Query]:
    """What must be read to judge the clusters, and the routes in them.

    Gateways and routes of all namespaces, for they may be in any (R34).
    """
    places = mesh.places
    return [
        Query(kinds.NAMESPACE, name=mesh.istio_namespace, is_optional=True),
        Query(kinds.DEPLOYMENT, places.istiod or mesh.istio_namespace),
        *(Query(kinds.DAEMON_SET, place) for place in places.agents),
        Query(kinds.GATEWAY, places.gateways),
        Query(kinds.CONFIG_MAP, mesh.istio_namespace, name=ROOT_CERTIFICATES, is_optional=True),
        Query(kinds.SEGMENT, mesh.istio_namespace, is_optional=True),
        *route_queries(),
    ]


def checking_demand(mesh: MeshSettings, *, is_following: bool = False) -> Demand:
    """What it asks of each cluster; ``is_following``: links are followed for a while."""
    queries = tuple(fleet_queries(mesh))
    return Demand((queries,), watched=followed_queries(queries) if is_following else ())


def check_clusters(
    fleet: Fleet,
    mesh: MeshSettings,
    strict: Strictness,
    on_cluster: OnCluster | None = None,
    senses: Senses | None = None,
) -> FleetCheck:
    """Look at every selected cluster; what could not be read there is unknown, not wrong."""
    queries = checking_demand(mesh).queries
    return checked(picture_of(read_noticing(fleet, queries, senses or Senses(), on_cluster), mesh), strict)


def checked(picture: Picture, strict: Strictness) -> FleetCheck:
    """What is to be said of the clusters, as they were read."""
    clusters = tuple(map(cluster_report, picture.snapshot.clusters))
    left = counted(picture.findings((), (), strict.allowances.expired, is_fleet=True), (), strict.allowances)
    peering = directions(picture.views)
    summary = summarise((), clusters)
    return FleetCheck(
        exit_code=int(exit_code((), summary, strict.thresholds, left.findings)),
        fail_on=strict.thresholds.word,
        clusters=clusters,
        members=tuple(member_of(view, peering) for view in picture.views),
        peering=tuple(peering),
        findings=left.findings,
        waived=left.waived,
        summary=summary,
    )
