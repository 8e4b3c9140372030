"""Who offers a service to one cluster: all publications, one offer for each segment (R1, R10, R17, R18)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from meshglobal.domain.names import ServiceKey
from meshglobal.sandbox.controlplane.hosts import Home
from meshglobal.sandbox.controlplane.picture import ClusterPicture
from meshglobal.sandbox.controlplane.scope import GLOBAL, Publication, publication
from meshglobal.sandbox.controlplane.view import View


@dataclass(frozen=True, slots=True)
class PeerOffer:
    """A peer that publishes the service, and the trust domain that the link to it names."""

    cluster: ClusterPicture
    publication: Publication
    trust_domain: str


@dataclass(slots=True)
class Offer:
    """All that offer one service under one segment's domain, as one cluster sees it.

    ``is_own`` says that this is the viewing cluster's own segment; ``local`` is its own publication, if any.
    """

    key: ServiceKey
    home: Home
    is_own: bool
    local: Publication | None = None
    peers: list[PeerOffer] = field(default_factory=list)

    @property
    def publications(self) -> Iterator[Publication]:
        """The local publication first, then the peers' by name."""
        if self.local:
            yield self.local
        yield from (peer.publication for peer in self.peers)


def offers(view: View, key: ServiceKey) -> list[Offer]:
    """What one cluster sees of a service: an offer a segment, its own segment first."""
    found: dict[Home, Offer] = {}
    local = publication(view.here, key, view.switches)
    if local and view.home:
        found[view.home] = Offer(key, view.home, is_own=True, local=local)
    for peer in view.peers:
        offer = publication(peer.cluster, key, view.switches)
        if offer and _is_visible(offer, peer.home, view):
            group = found.setdefault(peer.home, Offer(key, peer.home, is_own=peer.home == view.home))
            group.peers.append(PeerOffer(peer.cluster, offer, peer.trust_domain))
    return sorted(found.values(), key=lambda offer: (not offer.is_own, offer.home))


def _is_visible(offer: Publication, home: Home, view: View) -> bool:
    """Inside one segment always; beyond it scope `global` alone, if at all (R10)."""
    if home == view.home:
        return True
    return offer.reach == GLOBAL and view.switches.across_segments == "visible"
