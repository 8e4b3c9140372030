"""The ports differ between clusters.

Each cluster builds the entry from its own Service. A caller may be sent to a port that the other cluster's pods do
not serve. The command gives one cluster the ports that most have, and of several those of the first cluster: see that
its pods serve them.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import by_service, grouped, prevailing, published_of
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.remedy import quoted
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
    remedy="kubectl --context {context_of_one} -n {namespace} patch service {service} --type=merge -p {patch}",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R16",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """All clusters that publish the service are compared at once."""
    for key, together in by_service(published_of(mesh)):
        if all(one.service.ports == together[0].service.ports for one in together):
            continue  # as nearly always, and much faster than to word them
        values = {one.context: _ports(one.service) for one in together}
        if len(set(values.values())) > 1:
            right = prevailing(values)
            source = next(one for one in together if values[one.context] == right)
            yield CHECK.finding(
                key=key,
                values=grouped(values),
                context_of_one=min(context for context, value in values.items() if value != right),
                patch=quoted({"spec": {"ports": msgspec.to_builtins(source.service.ports)}}),
                evidence=tuple(one.field("spec.ports", _ports(one.service)) for one in together),
            )


def _ports(service: Service) -> str:
    return ports_text(tuple(map(service_port, service.ports)))
