"""Whether a cluster carries a network that belongs to a peer; what MG311 and MG312 share."""

from __future__ import annotations

from meshglobal.checks.mesh import Mesh
from meshglobal.checks.peering.seen import own_networks
from meshglobal.domain.links import network_of
from meshglobal.domain.objects import Gateway
from meshglobal.domain.view import ClusterView


def borrowed_from(view: ClusterView, gateway: Gateway, mesh: Mesh) -> ClusterView | None:
    """The first peer, by context, that one of the two different networks of a cluster belongs to; None: nobody's."""
    own, other = view.home.network, network_of(gateway)
    if own is None or other is None or own == other:
        return None
    peers = sorted((peer for peer in mesh.views if peer is not view), key=lambda one: one.context)
    return next((peer for peer in peers if {own, other} & {peer.home.network, *own_networks(peer)}), None)
