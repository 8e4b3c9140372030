"""The ports differ between clusters.

Each cluster builds the entry from its own Service. A caller may be sent to a port that the other cluster's pods do
not serve.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import by_service, grouped, published_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.objects import Service
from meshglobal.domain.ports import ports_text, service_port

CHECK = Check(
    code="MG117",
    slug="ports-differ",
    title="The ports differ between clusters",
    level=Level.WARNING,
    summary="ports differ between clusters: {values}",
    remedy="",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R16",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """All clusters that publish the service are compared at once."""
    for key, together in by_service(published_of(mesh)):
        values = {one.context: _ports(one.service) for one in together}
        if len(set(values.values())) > 1:
            yield CHECK.finding(
                key=key,
                values=grouped(values),
                evidence=tuple(one.field("spec.ports", _ports(one.service)) for one in together),
            )


def _ports(service: Service) -> str:
    return ports_text(tuple(map(service_port, service.ports)))
