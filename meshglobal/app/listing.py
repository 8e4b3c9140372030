"""`list` and `describe`: the inventory of global services."""

from __future__ import annotations

import msgspec

from meshglobal.app.picture import MeshSettings, OnCluster, Picture, mesh_queries, read_picture
from meshglobal.app.ports import Fleet
from meshglobal.app.selecting import Request, check_exists, check_named, named, selecting_queries, wanted_services
from meshglobal.domain import kinds
from meshglobal.domain.demand import Demand
from meshglobal.domain.errors import ExitCode
from meshglobal.domain.inventory import GlobalService, Inventory, cell_of, global_services, with_aliases
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.report import cluster_report, summarise
from meshglobal.domain.thinning import thinned
from meshglobal.domain.verdict import Verdict
from meshglobal.domain.waivers import NOTHING_ALLOWED, Allowances, counted

_READ = (kinds.ENDPOINT_SLICE,)  # endpoints are counted, beside what verdicts rest on


def listing_demand(mesh: MeshSettings, request: Request, *, is_followed: bool = False) -> Demand:
    """What both ask of each cluster; follows the same, if `list` goes on."""
    queries = tuple(mesh_queries(mesh, request.read_namespace, _READ))
    return Demand((*selecting_queries(request.kind, request), queries), watched=queries if is_followed else ())


def list_services(
    fleet: Fleet,
    mesh: MeshSettings,
    request: Request,
    allowances: Allowances = NOTHING_ALLOWED,
    on_cluster: OnCluster | None = None,
) -> Inventory:
    """Every global service that was asked for; the exit code says only whether all clusters could be read.

    Raises:
        NotFoundError: a service or namespace that was named is nowhere.
        UsageError: an illegible selector.
    """
    wanted = wanted_services(fleet, request)
    picture = read_picture(fleet, listing_demand(mesh, request).queries, mesh, on_cluster, thinned)
    check_named(picture, request)
    verdicts = picture.verdicts(wanted)
    services = global_services(picture.views, verdicts, wanted)
    keys = [ServiceKey(service.namespace, service.name) for service in services]
    return msgspec.structs.replace(_inventory(picture, services, verdicts, keys, allowances), command="list")


def describe_service(
    fleet: Fleet,
    mesh: MeshSettings,
    request: Request,
    allowances: Allowances = NOTHING_ALLOWED,
    on_cluster: OnCluster | None = None,
) -> Inventory:
    """The named services of a namespace, or those that the selector matches, global or not.

    Raises:
        NotFoundError: a name that is in no cluster.
        UsageError: an illegible selector.
    """
    names = named(fleet, kinds.SERVICE, request)
    picture = read_picture(fleet, listing_demand(mesh, request).queries, mesh, on_cluster)
    check_exists(picture, request.namespace, names)
    keys = [ServiceKey(request.namespace or "", name) for name in names]
    verdicts = picture.verdicts(keys)
    found = {ServiceKey(one.namespace, one.name): one for one in global_services(picture.views, verdicts, keys)}
    services = [found.get(key) or _unpublished(picture, key) for key in keys]
    return msgspec.structs.replace(_inventory(picture, services, verdicts, keys, allowances), command="describe")


def _unpublished(picture: Picture, key: ServiceKey) -> GlobalService:
    return GlobalService(
        namespace=key.namespace, name=key.name, cells=tuple(cell_of(view, key, []) for view in picture.views)
    )


def _inventory(
    picture: Picture,
    services: list[GlobalService],
    verdicts: list[Verdict],
    keys: list[ServiceKey],
    allowances: Allowances,
) -> Inventory:
    clusters = tuple(map(cluster_report, picture.snapshot.clusters))
    is_complete = all(cluster.reached and not cluster.unread for cluster in clusters)
    left = counted(picture.findings(verdicts, keys, allowances.expired), verdicts, allowances)
    return Inventory(
        exit_code=int(ExitCode.OK if is_complete else ExitCode.CANNOT_CHECK),
        clusters=clusters,
        services=tuple(with_aliases(services, picture.views, picture.expectation, picture.mesh.istio_namespace)),
        findings=left.findings,
        waived=left.waived,
        summary=summarise(verdicts, clusters),
    )
