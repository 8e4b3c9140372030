"""A generated ServiceEntry is there, and no cluster publishes its service any more.

Callers still resolve the host and reach nothing. It is said only where all selected clusters could be read, and where
nothing hints at a publisher outside the selection.
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
    code="MG206",
    slug="stale-entry",
    title="A generated ServiceEntry has outlived its service",
    level=Level.ERROR,
    summary="{reason}",
    remedy="kubectl --context {context} -n {istio_namespace} delete serviceentry {entry}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT),
    rule="R31",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Not expected, and nobody unseen can have published it."""
    for one in judged(mesh, Deviation.STALE_ENTRY):
        hosts = ", ".join(one.verdict.found_hosts) or None
        yield CHECK.finding(
            context=one.view.context,
            key=one.key,
            reason=one.verdict.reason,
            entry=one.verdict.entry,
            istio_namespace=mesh.istio_namespace,
            evidence=(one.seen(one.verdict.entry or "", "spec.hosts", hosts),),
        )
