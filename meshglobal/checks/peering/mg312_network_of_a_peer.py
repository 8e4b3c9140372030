"""A cluster's namespace or east-west gateway carries the network of a peer, the other of the two does not.

The setting was copied from the other cluster, or the contexts were mixed up when it was made. Two clusters that share
one network on purpose (a flat network) have it on both, namespace and gateway; nothing is said of these. The command
replaces the peer's network with the cluster's other one.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.peering.borrowed import borrowed_from, renetworked
from meshglobal.checks.peering.seen import labelled, members_of, network, own_networks, place_of
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.gateways import EAST_WEST
from meshglobal.domain.links import gateways_of, network_of

CHECK = Check(
    code="MG312",
    slug="network-of-a-peer",
    title="A cluster carries the network of a peer",
    level=Level.ERROR,
    summary="namespace {istio_namespace} is in network {network}, Gateway {gateway} in {other}; one is {peer}'s",
    remedy=(
        "kubectl --context {context} -n {gateway_namespace} label gateways.gateway.networking.k8s.io {gateway_name} "
        "topology.istio.io/network={network} --overwrite"
    ),
    needs=(kinds.GATEWAY, kinds.NAMESPACE),
    rule="R36",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Namespace and gateway differ, and a peer has one of the two."""
    for view in members_of(mesh):
        for gateway in gateways_of(view, EAST_WEST):
            if (peer := borrowed_from(view, gateway, mesh)) is not None:
                found = CHECK.finding(
                    context=view.context,
                    istio_namespace=mesh.istio_namespace,
                    network=view.home.network,
                    gateway=place_of(gateway),
                    gateway_namespace=gateway.namespace,
                    gateway_name=gateway.name,
                    other=network_of(gateway),
                    peer=peer.context,
                    evidence=(
                        network(view, mesh.istio_namespace),
                        labelled(view, gateway),
                        network(peer, mesh.istio_namespace),
                    ),
                )
                is_of_namespace = view.home.network in {peer.home.network, *own_networks(peer)}
                yield renetworked(found, view, mesh, network_of(gateway)) if is_of_namespace else found
