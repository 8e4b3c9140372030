"""Several generated ServiceEntries carry the same host.

Which of them answers is not defined. Often a cluster joined or left a segment and the entry under the earlier name
stayed. Once deleted, the one that is right is written anew if need be.
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
    code="MG205",
    slug="generated-twice",
    title="Several generated ServiceEntries carry one host",
    level=Level.ERROR,
    summary="{reason}",
    remedy="kubectl --context {context} -n {istio_namespace} delete serviceentry {entries}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT),
    rule="R8",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """More than one; the one with the name of the cluster's segment may stay."""
    for one in judged(mesh, Deviation.SEVERAL_ENTRIES):
        names = [entry.name for entry in one.entries]
        proper = one.wanted.names[0] if one.wanted is not None else ""
        yield CHECK.finding(
            context=one.view.context,
            key=one.key,
            reason=one.verdict.reason,
            entries=" ".join(name for name in names if name != proper),
            istio_namespace=mesh.istio_namespace,
            evidence=tuple(one.seen(name, "spec.hosts", one.verdict.host) for name in names),
        )
