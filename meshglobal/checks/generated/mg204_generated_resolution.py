"""The generated ServiceEntry has another resolution than STATIC.

The control plane always writes STATIC, so somebody changed the entry, or something else wrote it. Once deleted, it is
written anew.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.generated.judged import judged
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.compare import RESOLUTION, resolution_difference
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.verdict import Deviation

CHECK = Check(
    code="MG204",
    slug="generated-resolution",
    title="The generated ServiceEntry has another resolution",
    level=Level.ERROR,
    summary="{reason}",
    remedy="kubectl --context {context} -n {istio_namespace} delete serviceentry {entry}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT),
    rule="R11",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Anything else than STATIC."""
    for one in judged(mesh, Deviation.OTHER_RESOLUTION):
        for entry in one.entries:
            yield CHECK.finding(
                context=one.view.context,
                key=one.key,
                reason=resolution_difference(entry),
                entry=entry.name,
                istio_namespace=mesh.istio_namespace,
                evidence=(one.seen(entry.name, "spec.resolution", entry.spec.resolution or None, RESOLUTION),),
            )
