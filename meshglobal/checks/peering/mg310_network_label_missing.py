"""The control plane's namespace does not carry `topology.istio.io/network`, though the cluster has gateways for peers.

Without it the control plane takes endpoints of peers for local ones, or does not find the gateway to them.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.peering.seen import labelled, members_of, network, own_networks
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.gateways import EAST_WEST, REMOTE
from meshglobal.domain.links import gateways_of

CHECK = Check(
    code="MG310",
    slug="network-label-missing",
    title="The control plane's namespace has no network label",
    level=Level.ERROR,
    summary="namespace {istio_namespace} has no label topology.istio.io/network, though there are gateways for peers",
    remedy="kubectl --context {context} label namespace {istio_namespace} topology.istio.io/network={network}",
    needs=(kinds.GATEWAY, kinds.NAMESPACE),
    rule="R36",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Only in clusters that have gateways for peers."""
    for view in members_of(mesh):
        gateways = [*gateways_of(view, EAST_WEST), *gateways_of(view, REMOTE)]
        if view.home.network is None and gateways:
            own = own_networks(view)
            evidence = (network(view, mesh.istio_namespace), *(labelled(view, one) for one in gateways[:1]))
            yield CHECK.finding(
                context=view.context,
                istio_namespace=mesh.istio_namespace,
                network=own[0] if own else view.context,
                evidence=evidence,
            )
