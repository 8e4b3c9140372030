"""An AuthorizationPolicy is for a generated ServiceEntry that its cluster does not have.

The policy is not in effect. When a cluster joins a segment its entries get new names, and policies for the old ones no
longer hold.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.aims import missed
from meshglobal.checks.routes.targets import policy_targets_of
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG430",
    slug="policy-target-missing",
    title="An AuthorizationPolicy is for an entry that does not exist",
    level=Level.ERROR,
    summary="{where} is for ServiceEntry {entry}, which does not exist here; {instead}",
    remedy="kubectl --context {context} -n {object_namespace} patch authorizationpolicy {object} "
    "--type=json -p {patch}",
    needs=(kinds.AUTHORIZATION_POLICY, kinds.SERVICE_ENTRY, kinds.SEGMENT, kinds.NAMESPACE, kinds.SERVICE),
    rule="R8, R39",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Names of entries that people wrote are not looked at."""
    return missed(mesh, policy_targets_of(mesh), CHECK)
