"""A DestinationRule is for a global host that no ServiceEntry of its cluster has: it has no effect.

When a cluster joins a segment its hosts get another domain, and rules for the old ones no longer hold.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.rules import lost_among
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.references import destination_rule_hosts

CHECK = Check(
    code="MG432",
    slug="destination-rule-host",
    title="A DestinationRule is for a host that does not exist",
    level=Level.WARNING,
    summary="{where} is for {host}, which does not exist here; {instead}",
    remedy="kubectl --context {context} -n {object_namespace} patch destinationrule {object} --type=json -p {patch}",
    needs=(kinds.DESTINATION_RULE, kinds.SERVICE_ENTRY, kinds.SEGMENT, kinds.NAMESPACE, kinds.SERVICE),
    rule="R6, R9",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """One host each."""
    for view in mesh.views:
        yield from lost_among(mesh, destination_rule_hosts(view), CHECK)
