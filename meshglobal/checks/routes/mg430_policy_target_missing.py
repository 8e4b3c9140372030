"""An AuthorizationPolicy is for a generated ServiceEntry that its cluster does not have.

The policy is not in effect. When a cluster joins a segment its entries get new names, and policies for the old ones no
longer hold.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.hosts import is_asked
from meshglobal.checks.routes.publishing import without_remedy
from meshglobal.checks.routes.targets import lost_targets, policy_targets_of
from meshglobal.domain import kinds
from meshglobal.domain.fields import Spot, replacement
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
    for one, key, meant in lost_targets(policy_targets_of(mesh), mesh):
        if is_asked(mesh, key):
            found = CHECK.finding(
                context=one.view.context,
                key=key,
                instead=f"{meant} does" if meant else f"none in {mesh.istio_namespace} is called so",
                patch=replacement([Spot(one.field, "name")], one.ref.name, meant),
                evidence=(one.field.seen("name", one.ref.name, meant or None),),
                **one.words,
            )
            yield found if meant else without_remedy(found)
