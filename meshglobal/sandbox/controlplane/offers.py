"""Who offers a service to one cluster: all publications, one offer for each segment (R1, R10, R17, R18)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from meshglobal.domain.names import ServiceKey
from meshglobal.sandbox.controlplane.hosts import Home, home_of, home_of_peer
from meshglobal.sandbox.controlplane.peering import links
from meshglobal.sandbox.controlplane.picture import ClusterPicture
from meshglobal.sandbox.controlplane.scope import GLOBAL, Publication, publication
from meshglobal.sandbox.controlplane.switches import Switches


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


def offers(viewer: str, mesh: Mapping[str, ClusterPicture], key: ServiceKey, switches: Switches) -> list[Offer]:
    """What one cluster sees of a service: an offer a segment, its own segment first."""
    here = mesh[viewer]
    own_home = home_of(here, switches)
    found: dict[Home, Offer] = {}
    local = publication(here, key, switches)
    if local and own_home:
        found[own_home] = Offer(key, own_home, is_own=True, local=local)
    for link in links(viewer, mesh, switches):
        offer = publication(mesh[link.peer], key, switches)
        home = home_of_peer(here, mesh[link.peer], switches) if offer else None
        if offer and home and _is_visible(offer, home, own_home, switches):
            group = found.setdefault(home, Offer(key, home, is_own=home == own_home))
            group.peers.append(PeerOffer(mesh[link.peer], offer, link.trust_domain))
    return sorted(found.values(), key=lambda offer: (not offer.is_own, offer.home))


def _is_visible(offer: Publication, home: Home, own_home: Home | None, switches: Switches) -> bool:
    """Inside one segment always; beyond it scope `global` alone, if at all (R10)."""
    if home == own_home:
        return True
    return offer.reach == GLOBAL and switches.across_segments == "visible"
