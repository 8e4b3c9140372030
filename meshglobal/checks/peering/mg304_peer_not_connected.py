"""The control plane says that a remote gateway's peer is not connected (`gloo.solo.io/PeerConnected`).

Port 15012 of the peer's east-west gateway is not reachable from here, its address has changed, or the two clusters do
not trust one another: compare root certificates and trust domains. What was known before stays; changes in the peer do
not arrive. A gateway without this condition is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.peering.seen import labelled, members_of, place_of, said
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.links import CONNECTED, REMOTE, condition, gateways_of, why_of

CHECK = Check(
    code="MG304",
    slug="peer-not-connected",
    title="A peer's control plane is not connected",
    level=Level.ERROR,
    summary="the peer behind the remote Gateway {gateway} is not connected: PeerConnected is {status}{why}",
    remedy="istioctl multicluster check --contexts {context} --verbose",
    needs=(kinds.GATEWAY, kinds.NAMESPACE),
    rule="R34",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Every remote gateway that reports the condition."""
    for view in members_of(mesh):
        for gateway in gateways_of(view, REMOTE):
            found = condition(gateway, CONNECTED)
            if found is None or found.status == "True":
                continue
            why = f" ({said_why})" if (said_why := why_of(found)) else ""
            yield CHECK.finding(
                context=view.context,
                gateway=place_of(gateway),
                status=found.status,
                why=why,
                evidence=(said(view, gateway, CONNECTED), labelled(view, gateway)),
            )
