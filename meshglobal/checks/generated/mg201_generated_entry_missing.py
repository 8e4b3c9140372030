"""Some cluster publishes the service, and this one has no generated ServiceEntry for its host.

The control plane writes the entry some seconds after the label was set. If it stays away though istiod runs and is
connected to its peers, it hangs: restarting it does no harm, the proxies go on with what they know. As long as it was
not looked at whether it runs, `diagnose` goes on.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.generated.judged import judged, restarting
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.verdict import Deviation

CHECK = Check(
    code="MG201",
    slug="generated-entry-missing",
    title="The generated ServiceEntry is missing",
    level=Level.ERROR,
    summary="{reason}",
    remedy="kubectl --context {context} -n {istio_namespace} rollout restart deployment -l app=istiod",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT),
    uses=(kinds.DEPLOYMENT,),
    rule="R8, R32",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Expected, read, and not there."""
    for one in judged(mesh, Deviation.ENTRY_MISSING):
        name = one.wanted.names[0] if one.wanted is not None else ""
        found = CHECK.finding(
            context=one.view.context,
            key=one.key,
            reason=one.verdict.reason,
            istio_namespace=mesh.istio_namespace,
            evidence=(one.seen(name, "spec.hosts", None, one.verdict.host),),
        )
        yield restarting(one, found)
