"""A Service without selector and without endpoints takes the cluster-local name over.

Such a placeholder sends callers of the local name to other clusters. That may be meant; it also captures the name of a
service that was meant to be local. The command gives the name back; the global host stays.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import published_of
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.remedy import mended_by
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.inventory import endpoints_of
from meshglobal.domain.labels import SERVICE_TAKEOVER

CHECK = Check(
    code="MG111",
    slug="takeover-on-stub",
    title="A placeholder takes the name over",
    level=Level.WARNING,
    summary="a Service without selector and endpoints takes the cluster-local name over: its callers leave the cluster",
    remedy="kubectl --context {context} -n {namespace} label service {service} solo.io/service-takeover-",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.ENDPOINT_SLICE),
    rule="R24",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Nothing selects pods, and nobody wrote endpoints."""
    for one in published_of(mesh):
        is_stub = not one.service.spec.selector and not one.service.is_external_name
        if not (one.scope.is_taken_over and is_stub):
            continue
        count = endpoints_of(one.view, one.key)
        if count is not None and not count.total:
            evidence = (one.field("spec.selector", None), one.seen(SERVICE_TAKEOVER))
            found = CHECK.finding(context=one.context, key=one.key, evidence=evidence)
            yield found if one.has_own_takeover else mended_by(found)
