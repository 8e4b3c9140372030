"""A peer publishes the service, and its endpoints have not joined the host in this cluster.

For each remote network the control plane writes a WorkloadEntry. Without it requests never reach that peer. Mostly the
two clusters are not linked; `diagnose` looks at that. Where they are, and istiod runs, it hangs: restarting it does no
harm, the proxies go on with what they know.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.generated.judged import judged, restarting
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.names import peer_entry_name
from meshglobal.domain.verdict import Deviation

CHECK = Check(
    code="MG207",
    slug="peer-missing",
    title="A peer's endpoints have not joined",
    level=Level.WARNING,
    summary="{reason}",
    remedy="kubectl --context {context} -n {istio_namespace} rollout restart deployment -l app=istiod",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT),
    uses=(kinds.DEPLOYMENT, kinds.GATEWAY),
    rule="R19",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Publishing peers without WorkloadEntry."""
    for one in judged(mesh, Deviation.PEER_MISSING):
        absent = one.verdict.missing_peers
        found = CHECK.finding(
            context=one.view.context,
            key=one.key,
            reason=one.verdict.reason,
            istio_namespace=mesh.istio_namespace,
            evidence=tuple(
                one.seen(peer_entry_name(peer, one.key), expected=peer, kind=kinds.WORKLOAD_ENTRY) for peer in absent
            ),
        )
        yield restarting(one, found)
