"""The control plane says that peering through a remote gateway has not succeeded (`gloo.solo.io/PeeringSucceeded`).

The peer may be connected all the same. A gateway without this condition is passed over, and so is one whose peer is not
even connected (MG304).
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.peering.seen import labelled, members_of, place_of, said
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.gateways import REMOTE
from meshglobal.domain.links import CONNECTED, SUCCEEDED, condition, gateways_of, is_true, why_of

CHECK = Check(
    code="MG305",
    slug="peering-failed",
    title="Peering with a cluster has not succeeded",
    level=Level.ERROR,
    summary="peering through the remote Gateway {gateway} has not succeeded: PeeringSucceeded is {status}{why}",
    remedy="istioctl multicluster check --contexts {context} --verbose",
    needs=(kinds.GATEWAY, kinds.NAMESPACE),
    rule="R34",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Every remote gateway that reports the condition."""
    for view in members_of(mesh):
        for gateway in gateways_of(view, REMOTE):
            found = condition(gateway, SUCCEEDED)
            if found is None or found.status == "True" or is_true(gateway, CONNECTED) is False:
                continue
            why = f" ({said_why})" if (said_why := why_of(found)) else ""
            yield CHECK.finding(
                context=view.context,
                gateway=place_of(gateway),
                status=found.status,
                why=why,
                evidence=(said(view, gateway, SUCCEEDED), labelled(view, gateway)),
            )
