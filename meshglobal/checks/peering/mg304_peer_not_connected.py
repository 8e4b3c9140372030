"""The control plane says that a remote gateway's peer is not connected (`gloo.solo.io/PeerConnected`).

Port 15012 of the peer's east-west gateway is not reachable from here, its address has changed, or the two clusters do
not trust one another: compare root certificates and trust domains. What was known before stays; changes in the peer do
not arrive. A gateway without this condition is passed over. Where the address on the remote gateway is not the peer's,
the command writes the peer's.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.peering.seen import labelled, members_of, place_of, said
from meshglobal.checks.remedy import GATEWAYS, mended_by, written
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.gateways import EAST_WEST, REMOTE
from meshglobal.domain.links import CONNECTED, condition, gateways_of, links_to, why_of
from meshglobal.domain.objects import Gateway
from meshglobal.domain.view import ClusterView

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
            finding = CHECK.finding(
                context=view.context,
                gateway=place_of(gateway),
                status=found.status,
                why=why,
                evidence=(said(view, gateway, CONNECTED), labelled(view, gateway)),
            )
            yield _readdressing(mesh, view, gateway, finding)


def _readdressing(mesh: Mesh, view: ClusterView, gateway: Gateway, finding: Finding) -> Finding:
    """Only where one peer alone can be meant."""
    peers = [peer for peer in mesh.views if peer is not view and gateway in links_to(view, peer)]
    if len(peers) != 1:
        return finding
    own = [one for each in gateways_of(peers[0], EAST_WEST) for one in each.status.addresses or [] if one.value]
    if not own or {one.value for one in own} & {one.value for one in gateway.spec.addresses or []}:
        return finding
    patch = written({"spec": {"addresses": [{"type": one.type, "value": one.value} for one in own[:1]]}})
    kubectl = ("kubectl", "--context", view.context, "-n", gateway.namespace)
    return mended_by(finding, *kubectl, "patch", GATEWAYS, gateway.name, "--type=merge", "-p", patch)
