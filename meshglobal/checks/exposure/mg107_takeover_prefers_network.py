"""The cluster-local name is taken over while requests still prefer the caller's own network.

The vendor's guide says that another mode than PreferNetwork *must* be chosen; a workshop ran takeover without one and
saw it work, locally first, with failover. So this is a warning and never fails.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import published_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.distribution import DEFAULT_MODE, canonical_mode, mode_of
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.labels import SERVICE_TAKEOVER, TRAFFIC_DISTRIBUTION

CHECK = Check(
    code="MG107",
    slug="takeover-prefers-network",
    title="Takeover together with PreferNetwork",
    level=Level.WARNING,
    summary="takeover with {mode}: the guide asks for another mode",
    remedy="meshglobal expose svc {service} -n {namespace} --context {context} --traffic-distribution Any --overwrite",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R27",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Taken over, in the default mode."""
    for one in published_of(mesh):
        mode = mode_of(one.service)
        if one.scope.is_taken_over and canonical_mode(mode or DEFAULT_MODE) == DEFAULT_MODE:
            named = mode or f"{DEFAULT_MODE} (the default)"
            seen = (one.seen(SERVICE_TAKEOVER), one.seen(TRAFFIC_DISTRIBUTION, "Any"))
            yield CHECK.finding(context=one.context, key=one.key, mode=named, evidence=seen)
