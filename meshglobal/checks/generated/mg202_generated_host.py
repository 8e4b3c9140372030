"""The generated ServiceEntry carries another host than the cluster's domain asks for.

Callers that use the expected host find nothing. Once deleted, the entry is written anew by the control plane. If it
comes back as it was, compare the segment's domain in the clusters.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.generated.judged import judged
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.verdict import Deviation

CHECK = Check(
    code="MG202",
    slug="generated-host",
    title="The generated ServiceEntry carries another host",
    level=Level.ERROR,
    summary="{reason}",
    remedy="kubectl --context {context} -n {istio_namespace} delete serviceentry {entry}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT),
    rule="R6",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """The entry has the right name and not the host."""
    for one in judged(mesh, Deviation.OTHER_HOST):
        hosts = ", ".join(one.verdict.found_hosts) or None
        yield CHECK.finding(
            context=one.view.context,
            key=one.key,
            reason=one.verdict.reason,
            entry=one.verdict.entry,
            istio_namespace=mesh.istio_namespace,
            evidence=(one.seen(one.verdict.entry or "", "spec.hosts", hosts, one.verdict.host),),
        )
