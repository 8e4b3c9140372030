"""A WorkloadEntry stands for a peer that publishes the service no more.

Requests may still be sent to that peer, where nothing answers. It is said only where the entry bears both the peer's
name and its network, and where all clusters of that network could be read. Loss of contact keeps such entries: if a new
one appears after deletion, this cluster does not hear its peer.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.generated.judged import Judged
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.leftover import leftover_peers, quiet_peers, waypoints_of
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.verdict import State
from meshglobal.domain.view import ClusterView

CHECK = Check(
    code="MG208",
    slug="peer-left-over",
    title="A WorkloadEntry of a peer has outlived its service",
    level=Level.WARNING,
    summary="a WorkloadEntry stands for the endpoints of {peer}, which does not publish the service",
    remedy="kubectl --context {context} -n {istio_namespace} delete workloadentry {entry}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT),
    rule="R19, R33",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Of services that are published somewhere: what nobody publishes is stale as a whole."""
    waypoints = waypoints_of(mesh.views)
    views = {view.context: view for view in mesh.views}
    quiet: dict[ServiceKey, list[ClusterView]] = {}
    for verdict in mesh.verdicts:
        one = Judged(mesh, verdict, views[verdict.context])
        key = one.key
        if verdict.state in (State.STALE, State.UNKNOWN) or key in waypoints:
            continue
        if key not in quiet:
            quiet[key] = quiet_peers(key, mesh.views)
        for entry, peer in leftover_peers(key, one.view, quiet[key]):
            yield CHECK.finding(
                context=one.view.context,
                key=key,
                peer=peer.context,
                entry=entry.name,
                istio_namespace=mesh.istio_namespace,
                evidence=(one.seen(entry.name, "spec.network", entry.spec.network, kind=kinds.WORKLOAD_ENTRY),),
            )
