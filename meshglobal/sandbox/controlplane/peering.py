"""Which peers a cluster is linked with (R33), and what the links say about them.

A link is an istio-remote Gateway; it has one direction. It names its peer by the cluster label, else by the network
label; where several peers share a network, the Gateway's name, which ends in the peer's, tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from meshglobal.domain import labels
from meshglobal.sandbox.controlplane.observed import GatewaySeen
from meshglobal.sandbox.controlplane.picture import ClusterPicture
from meshglobal.sandbox.controlplane.switches import Switches

REMOTE_CLASS = "istio-remote"
LINK_CLASSES = frozenset({REMOTE_CLASS, "istio-eastwest"})
DEFAULT_TRUST_DOMAIN = "cluster.local"


class Link(NamedTuple):
    """A peer that a cluster is linked with, and the trust domain of its workloads."""

    peer: str
    trust_domain: str


def links(viewer: str, mesh: Mapping[str, ClusterPicture], switches: Switches) -> list[Link]:
    """The peers whose services a cluster sees, by name."""
    peers = {name: picture for name, picture in mesh.items() if name != viewer}
    found = dict.fromkeys(peers, DEFAULT_TRUST_DOMAIN) if switches.peering == "all" else {}
    for key in sorted(mesh[viewer].gateways):
        gateway = mesh[viewer].gateways[key]
        if gateway.gateway_class == REMOTE_CLASS:
            found |= dict.fromkeys(_peers_behind(gateway, peers), gateway.trust_domain or DEFAULT_TRUST_DOMAIN)
    return [Link(peer, found[peer]) for peer in sorted(found)]


def network_of(cluster: ClusterPicture) -> str:
    """The cluster's network by the label on istio-system; its own name where that is missing (R36)."""
    return cluster.mesh_labels.get(labels.NETWORK) or cluster.name


def is_flat(viewer: ClusterPicture, peer: ClusterPicture) -> bool:
    """Whether two clusters carry the same network label, so that pods are reached directly (R21, R36)."""
    own = viewer.mesh_labels.get(labels.NETWORK)
    return own is not None and own == peer.mesh_labels.get(labels.NETWORK)


def _peers_behind(gateway: GatewaySeen, peers: Mapping[str, ClusterPicture]) -> Iterator[str]:
    if gateway.cluster in peers:
        yield gateway.cluster
        return
    there = [name for name, peer in peers.items() if gateway.network in {name, network_of(peer)}]
    named = [name for name in there if gateway.name.endswith(f"-{name}")]
    # Of two names that fit, such as `west` and `us-west`, the longer one is meant.
    yield from ([max(named, key=len)] if named else there)
