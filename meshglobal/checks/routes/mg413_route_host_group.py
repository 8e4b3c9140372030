"""A backend of kind Hostname stands in another group than `networking.istio.io`, or in none.

Without its group the kind is unknown, and the route is not resolved.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.backends import GROUP, host_backends
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG413",
    slug="route-host-group",
    title="An HTTPRoute names a host without the group of its kind",
    level=Level.ERROR,
    summary="{where} names {host} with {group}: kind Hostname is known in group networking.istio.io only",
    remedy="kubectl --context {context} -n {route_namespace} patch httproute {route} --type=json -p {patch}",
    needs=(kinds.HTTP_ROUTE, kinds.NAMESPACE, kinds.SEGMENT),
    rule="R38",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Whether the host exists is another question."""
    for one, host in host_backends(mesh):
        if one.ref.group != GROUP:
            yield CHECK.finding(
                context=one.view.context,
                key=host.key,
                group=f"group {one.ref.group}" if one.ref.group else "no group",
                patch=one.patch(group=GROUP),
                evidence=(one.field.seen("group", one.ref.group, GROUP),),
                **one.words,
            )
