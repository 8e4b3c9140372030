"""The cluster-local name is taken over, and a waypoint is attached to the local Service.

A workshop saw the name reach local endpoints only for as long as the waypoint was attached. Detach it, or let callers
use the global host. A waypoint may enforce policies, so the command takes the takeover away and leaves the waypoint.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import published_of
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.remedy import mended_by
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.labels import SERVICE_TAKEOVER, USE_WAYPOINT
from meshglobal.domain.scope import Origin, effective

CHECK = Check(
    code="MG110",
    slug="takeover-with-waypoint",
    title="Takeover together with a waypoint",
    level=Level.WARNING,
    summary="takeover with the waypoint {waypoint}: the cluster-local name may reach local endpoints only",
    remedy="kubectl --context {context} -n {namespace} label service {service} solo.io/service-takeover-",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R24",
)
_DETACHED = "none"


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """The Service's own label before its Namespace's."""
    for one in published_of(mesh):
        waypoint = effective(USE_WAYPOINT, one.service, one.view.namespaces.get(one.key.namespace))
        if one.scope.is_taken_over and waypoint.value not in (None, "", _DETACHED):
            is_own = waypoint.origin is Origin.SERVICE
            attached = one.seen(USE_WAYPOINT) if is_own else one.above(USE_WAYPOINT)
            found = CHECK.finding(
                context=one.context,
                key=one.key,
                waypoint=waypoint.value,
                evidence=(one.seen(SERVICE_TAKEOVER), attached),
            )
            yield found if one.has_own_takeover else mended_by(found)
