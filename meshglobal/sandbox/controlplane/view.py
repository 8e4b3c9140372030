"""The mesh as one cluster sees it: its own place, and the peers it is linked with, each in a known segment.

These follow from links, segments and istio-system's labels alone, so they are worked out once and hold until one of
those changes; then a new view is made. Services and pods are always looked up afresh.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from meshglobal.sandbox.controlplane.hosts import Home, home_of, home_of_peer
from meshglobal.sandbox.controlplane.peering import links
from meshglobal.sandbox.controlplane.picture import ClusterPicture
from meshglobal.sandbox.controlplane.switches import Switches


class Peer(NamedTuple):
    """A linked peer: what is known of it, the segment it lives in, the trust domain that the link names."""

    cluster: ClusterPicture
    home: Home
    trust_domain: str


class View:
    """All clusters as ``viewer`` sees them, under these answers to the open questions."""

    def __init__(self, viewer: str, mesh: Mapping[str, ClusterPicture], switches: Switches) -> None:
        self.here = mesh[viewer]
        self.switches = switches
        self._mesh = mesh

    @cached_property
    def home(self) -> Home | None:
        """The viewer's own segment (R6, R7)."""
        return home_of(self.here, self.switches)

    @cached_property
    def peers(self) -> tuple[Peer, ...]:
        """The linked peers whose segment is known here, by name (R10, R33)."""
        found = []
        for link in links(self.here.name, self._mesh, self.switches):
            cluster = self._mesh[link.peer]
            if home := home_of_peer(self.here, cluster, self.switches):
                found.append(Peer(cluster, home, link.trust_domain))
        return tuple(found)
