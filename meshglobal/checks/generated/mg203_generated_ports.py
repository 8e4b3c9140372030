"""The generated ServiceEntry lists other ports than the Service that it was made from.

Number and protocol are compared; names and target ports may be anything. Once deleted, the entry is written anew by
the control plane. If it comes back as it was, the control plane has not seen the Service as it is now.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.generated.judged import judged
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.compare import ports_difference
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.ports import entry_port, ports_text
from meshglobal.domain.verdict import Deviation

CHECK = Check(
    code="MG203",
    slug="generated-ports",
    title="The generated ServiceEntry lists other ports than the Service",
    level=Level.ERROR,
    summary="{reason}",
    remedy="kubectl --context {context} -n {istio_namespace} delete serviceentry {entry}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT),
    rule="R15",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Other numbers or protocols."""
    for one in judged(mesh, Deviation.OTHER_PORTS):
        if (wanted := one.wanted) is None:
            continue
        for entry in one.entries:
            found = ports_text(tuple(map(entry_port, entry.spec.ports or [])))
            expected = " or ".join(map(ports_text, wanted.ports))
            yield CHECK.finding(
                context=one.view.context,
                key=one.key,
                reason=ports_difference(wanted, entry),
                entry=entry.name,
                istio_namespace=mesh.istio_namespace,
                evidence=(one.seen(entry.name, "spec.ports", found, expected),),
            )
