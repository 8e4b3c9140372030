"""`diagnose`: one service, its chain in every cluster, one cause."""

from __future__ import annotations

from meshglobal.app.checking import fleet_queries
from meshglobal.app.noticing import Senses, followed_queries, read_noticing
from meshglobal.app.picture import MeshSettings, OnCluster, Picture, mesh_queries, picture_of
from meshglobal.app.ports import Fleet
from meshglobal.app.selecting import check_exists
from meshglobal.checks.chain import chains_of
from meshglobal.checks.following import doubt_of, with_followers
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.waivers.mg690_waiver_expired import CHECK as WAIVER_EXPIRED
from meshglobal.domain import kinds
from meshglobal.domain.demand import Demand
from meshglobal.domain.diagnosis import Chain, Diagnosis, root_cause
from meshglobal.domain.errors import ExitCode
from meshglobal.domain.excused import as_counted, excused
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.report import Thresholds, cluster_report, exit_code, summarise
from meshglobal.domain.strictness import Strictness
from meshglobal.domain.waivers import counted

_READ = (kinds.ENDPOINT_SLICE, kinds.POD)


def diagnosing_demand(mesh: MeshSettings, namespace: str, *, is_following: bool = False) -> Demand:
    """What it asks of each cluster: what verdicts rest on, endpoints and pods, and what `check` reads."""
    queries = tuple(dict.fromkeys((*mesh_queries(mesh, namespace, _READ), *fleet_queries(mesh))))
    return Demand((queries,), watched=followed_queries(queries) if is_following else ())


def diagnose_service(
    fleet: Fleet,
    mesh: MeshSettings,
    key: ServiceKey,
    strict: Strictness,
    on_cluster: OnCluster | None = None,
    senses: Senses | None = None,
) -> Diagnosis:
    """Walk the chain of a service in every selected cluster.

    Raises:
        NotFoundError: the service is in no cluster.
    """
    queries = diagnosing_demand(mesh, key.namespace).queries
    picture = picture_of(read_noticing(fleet, queries, senses or Senses(), on_cluster), mesh)
    check_exists(picture, key.namespace, [key.name])
    return diagnosed(picture, key, strict)


def diagnosed(picture: Picture, key: ServiceKey, strict: Strictness) -> Diagnosis:
    """The chains of a service, as the clusters were read."""
    verdicts = picture.verdicts([key])
    findings = picture.findings(verdicts, [key], strict.allowances.expired)
    left = counted(findings, verdicts, strict.allowances)
    seen = Mesh(picture.views, picture.expectation, verdicts, [key], picture.mesh.istio_namespace)
    chains, waived = excused(chains_of(seen, key, as_counted(findings, left)), key, left, strict.allowances)
    clusters = tuple(map(cluster_report, picture.snapshot.clusters))
    summary = summarise(verdicts, clusters)
    # What is wrong between clusters counts where it breaks a chain: a link to a peer without this service does not.
    own = [one for one in left.findings if one.service is not None or one.code == WAIVER_EXPIRED.code]
    code = exit_code(left.hosts, summary, strict.thresholds, (*own, *_levels(chains)))
    cause = with_followers(root_cause(chains), left.findings)
    return Diagnosis(
        exit_code=int(_with_unknown(code, chains, strict.thresholds)),
        fail_on=strict.thresholds.word,
        namespace=key.namespace,
        service=key.name,
        hosts=tuple(dict.fromkeys(one.host for one in verdicts if one.host is not None)),
        clusters=clusters,
        chains=chains,
        cause=cause,
        doubt=doubt_of(left.findings, key) if cause is None else None,
        findings=left.findings,
        waived=(*left.waived, *waived),
        summary=summary,
    )


def _levels(chains: tuple[Chain, ...]) -> list[Finding]:
    """The broken links as findings, for the exit code alone."""
    return [
        Finding(code="", slug="", level=link.level, message=link.message)
        for chain in chains
        if (link := chain.broken) is not None and link.level is not None and not link.waived
    ]


def _with_unknown(code: ExitCode, chains: tuple[Chain, ...], thresholds: Thresholds) -> ExitCode:
    """What should have been checked and could not be is not fine, unless a part of the fleet is enough."""
    is_unknown = any(link.level is Level.UNKNOWN for chain in chains for link in chain.links)
    if code is ExitCode.OK and is_unknown and thresholds.is_everything_wanted:
        return ExitCode.CANNOT_CHECK
    return code
