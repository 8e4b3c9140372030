"""Whether a cluster carries a network that belongs to a peer; what MG311 and MG312 share."""

from __future__ import annotations

from meshglobal.checks.mesh import Mesh
from meshglobal.checks.peering.seen import own_networks
from meshglobal.checks.remedy import mended_by
from meshglobal.domain.finding import Finding
from meshglobal.domain.labels import NETWORK
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


def renetworked(found: Finding, view: ClusterView, mesh: Mesh, network: str | None) -> Finding:
    """The finding with the command that puts a cluster's namespace into a network."""
    words = ("label", "namespace", mesh.istio_namespace, f"{NETWORK}={network}", "--overwrite")
    return mended_by(found, "kubectl", "--context", view.context, *words)
