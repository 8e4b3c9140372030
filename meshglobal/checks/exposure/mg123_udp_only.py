"""A Service with nothing but UDP ports is published.

The mesh carries TCP. UDP ports of a global service are not reachable in other clusters. The command takes the
Service back in this cluster; where other clusters publish it, their endpoints go on.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import published_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG123",
    slug="udp-only",
    title="A Service with nothing but UDP ports is published",
    level=Level.WARNING,
    summary="a Service with UDP ports only cannot be reached through the mesh's tunnel",
    remedy="meshglobal unexpose svc {service} -n {namespace} --context {context} --opt-out",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R40",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """As the condition says."""
    for one in published_of(mesh):
        if bool(one.service.ports) and all(port.protocol == "UDP" for port in one.service.ports):
            yield CHECK.finding(
                context=one.context, key=one.key, evidence=(one.field("spec.ports[*].protocol", "UDP"),)
            )
