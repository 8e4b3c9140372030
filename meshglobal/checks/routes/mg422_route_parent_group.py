"""A parent of an HTTPRoute is called like a generated ServiceEntry, and is of another kind or group.

Without kind and group a parent is a Gateway. A ServiceEntry is of kind `ServiceEntry`, group `networking.istio.io`.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.aims import misnamed
from meshglobal.checks.routes.targets import parents_of
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG422",
    slug="route-parent-group",
    title="An HTTPRoute names an entry as its parent in another kind or group",
    level=Level.ERROR,
    summary="{where} names {entry} as a {kind} of group {group}: it is a ServiceEntry of group networking.istio.io",
    remedy="kubectl --context {context} -n {object_namespace} patch httproute {object} --type=json -p {patch}",
    needs=(kinds.HTTP_ROUTE, kinds.SERVICE_ENTRY),
    rule="R39",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Only where an entry of that name stands."""
    return misnamed(mesh, parents_of(mesh), CHECK)
