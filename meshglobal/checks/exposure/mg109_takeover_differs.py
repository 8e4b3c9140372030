"""Some of the clusters that publish the service take its cluster-local name over, and others do not.

Takeover holds for the callers of one cluster. The same name then means all endpoints here and the local ones there.
Clusters without a Service of their own follow their peers.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import by_service, published_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.labels import SERVICE_TAKEOVER

CHECK = Check(
    code="MG109",
    slug="takeover-differs",
    title="Only some clusters take the name over",
    level=Level.WARNING,
    summary="the cluster-local name is taken over in {taken}, not in {others}",
    remedy="meshglobal expose svc {service} -n {namespace} --context {context_list} --takeover",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R24, R25",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """All clusters that publish the service are compared at once; what was not read counts for nothing."""
    for key, together in by_service(published_of(mesh)):
        taken = sorted(one.context for one in together if one.scope.is_taken_over is True)
        others = sorted(one.context for one in together if one.scope.is_taken_over is False)
        if taken and others:
            yield CHECK.finding(
                key=key,
                taken=", ".join(taken),
                others=", ".join(others),
                context_list=",".join(others),
                evidence=tuple(one.seen(SERVICE_TAKEOVER) for one in sorted(together, key=lambda one: one.context)),
            )
