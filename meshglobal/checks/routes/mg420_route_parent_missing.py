"""An HTTPRoute hangs on a generated ServiceEntry that its cluster does not have.

The route is in effect for nobody. When a cluster joins a segment its entries get new names, and routes that hang on the
old ones come loose.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.aims import missed
from meshglobal.checks.routes.targets import parents_of
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG420",
    slug="route-parent-missing",
    title="An HTTPRoute hangs on an entry that does not exist",
    level=Level.ERROR,
    summary="{where} hangs on ServiceEntry {entry}, which does not exist here; {instead}",
    remedy="kubectl --context {context} -n {object_namespace} patch httproute {object} --type=json -p {patch}",
    needs=(kinds.HTTP_ROUTE, kinds.SERVICE_ENTRY, kinds.SEGMENT, kinds.NAMESPACE, kinds.SERVICE),
    rule="R8, R39",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Names of entries that people wrote are not looked at."""
    return missed(mesh, parents_of(mesh), CHECK)
