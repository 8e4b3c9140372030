"""The control plane's namespace and the cluster's own east-west gateway carry different `topology.istio.io/network`.

Peers look for the endpoints of one network and find the gateway of another. Which of the two is right, only the one who
set the mesh up knows. The command gives the gateway the network of the namespace, unless the peers' gateways to this
cluster carry that of the gateway: then it is the namespace's that is changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.peering.borrowed import borrowed_from, renetworked
from meshglobal.checks.peering.seen import labelled, members_of, network, place_of
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.gateways import EAST_WEST, REMOTE
from meshglobal.domain.links import addresses_of, gateways_of, network_of
from meshglobal.domain.view import ClusterView

CHECK = Check(
    code="MG311",
    slug="network-differs",
    title="Namespace and east-west gateway name different networks",
    level=Level.ERROR,
    summary="namespace {istio_namespace} is in network {network}, the east-west Gateway {gateway} in {other}",
    remedy=(
        "kubectl --context {context} -n {gateway_namespace} label gateways.gateway.networking.k8s.io {gateway_name} "
        "topology.istio.io/network={network} --overwrite"
    ),
    needs=(kinds.GATEWAY, kinds.NAMESPACE),
    rule="R36",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Unless it is a peer's name that stands there (MG312)."""
    for view in members_of(mesh):
        for gateway in gateways_of(view, EAST_WEST):
            other, own = network_of(gateway), view.home.network
            if None in (other, own) or other == own or borrowed_from(view, gateway, mesh) is not None:
                continue
            found = CHECK.finding(
                context=view.context,
                istio_namespace=mesh.istio_namespace,
                network=own,
                gateway=place_of(gateway),
                gateway_namespace=gateway.namespace,
                gateway_name=gateway.name,
                other=other,
                evidence=(network(view, mesh.istio_namespace), labelled(view, gateway, own)),
            )
            known = _known_to_peers(mesh, view)
            yield renetworked(found, view, mesh, other) if other in known and own not in known else found


def _known_to_peers(mesh: Mesh, view: ClusterView) -> set[str | None]:
    """The networks on the remote gateways that hold an address of this cluster."""
    own = {address for gateway in gateways_of(view, EAST_WEST) for address in addresses_of(gateway)}
    return {
        network_of(gateway)
        for peer in mesh.views
        if peer is not view
        for gateway in gateways_of(peer, REMOTE)
        if own & {one.value for one in gateway.spec.addresses or []}
    }
