"""An HTTPRoute sends requests to a global host that does not exist in its cluster, and the service has another one.

A cluster that joins a segment, or leaves it, has new hosts and loses the old ones: each route that names an old host
breaks. Or the name is one slip away from the only host that it can stand for.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.backends import lost_backends
from meshglobal.checks.routes.hosts import is_asked, text_of
from meshglobal.domain import kinds
from meshglobal.domain.fields import replacement
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG411",
    slug="route-host-moved",
    title="An HTTPRoute sends requests to a host that is another one now",
    level=Level.ERROR,
    summary="{where} sends requests to {host}, which does not exist here; {meant} does",
    remedy="kubectl --context {context} -n {route_namespace} patch httproute {route} --type=json -p {patch}",
    needs=(kinds.HTTP_ROUTE, kinds.SERVICE_ENTRY, kinds.SEGMENT, kinds.NAMESPACE, kinds.SERVICE),
    rule="R9, R38",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """The same service under another domain, or a name that is nearly the same."""
    for lost in lost_backends(mesh):
        if lost.meant is not None and is_asked(mesh, lost.meant.key):
            one, right = lost.backends[0], text_of(lost.meant)
            yield CHECK.finding(
                context=one.view.context,
                key=lost.meant.key,
                meant=right,
                patch=replacement(lost.spots, one.ref.name, right),
                evidence=tuple(spot.field.seen(spot.member, one.ref.name, right) for spot in lost.spots),
                **one.words,
            )
