"""A cluster has no Gateway of class `istio-remote` that leads to one of the other selected clusters.

A link has one direction: this cluster does not see what that peer publishes, though the peer may see this one. A remote
gateway is told by the network or cluster on its labels, by its name's end, or by the address that it holds.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.peering.seen import members_of, network
from meshglobal.domain import kinds
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.gateways import EAST_WEST, REMOTE
from meshglobal.domain.labels import NETWORK
from meshglobal.domain.links import Tie, gateways_of, peers_of, tie_of

CHECK = Check(
    code="MG303",
    slug="peer-not-linked",
    title="A cluster has no remote gateway for a peer",
    level=Level.ERROR,
    summary="no Gateway of class istio-remote leads to {peer} (network {network}): its services are not seen here",
    remedy="istioctl multicluster link --contexts {context},{peer} --namespace {gateway_namespace}",
    needs=(kinds.GATEWAY, kinds.NAMESPACE),
    rule="R34",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Each direction by itself; a peer without a known network is not asked for."""
    for view in members_of(mesh):
        gateways = [*gateways_of(view, EAST_WEST), *gateways_of(view, REMOTE)]
        for peer in peers_of(view, mesh.views):
            if tie_of(view, peer) is Tie.MISSING:
                seen = Evidence(
                    context=view.context,
                    kind="Gateway",
                    field=f"metadata.labels[{NETWORK}]",
                    expected=peer.home.network,
                )
                yield CHECK.finding(
                    context=view.context,
                    peer=peer.context,
                    network=peer.home.network,
                    gateway_namespace=gateways[0].namespace if gateways else EAST_WEST,
                    evidence=(seen, network(peer, mesh.istio_namespace)),
                )
