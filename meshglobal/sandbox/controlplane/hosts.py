"""Segments, their domains, and the hosts that follow from them (R6, R7, R9, R10)."""

from __future__ import annotations

from typing import NamedTuple

from meshglobal.domain import labels
from meshglobal.domain.names import DEFAULT_DOMAIN, ISTIO_NAMESPACE, ServiceKey
from meshglobal.sandbox.controlplane.picture import ClusterPicture
from meshglobal.sandbox.controlplane.switches import Switches


class Home(NamedTuple):
    """The segment that a cluster lives in: an empty name for the default one, and its domain."""

    segment: str
    domain: str


DEFAULT_HOME = Home("", DEFAULT_DOMAIN)


def home_of(cluster: ClusterPicture, switches: Switches) -> Home | None:
    """A cluster's segment by the label on istio-system; None where the label names none that exists (R6, R7)."""
    segment = cluster.mesh_labels.get(labels.SEGMENT, "")
    if not segment:
        return DEFAULT_HOME
    if domain := domain_of(cluster, segment):
        return Home(segment, domain)
    return DEFAULT_HOME if switches.unknown_segment == "default" else None


def domain_of(cluster: ClusterPicture, segment: str) -> str:
    """The domain of a Segment as this cluster's own copy has it; empty if it has none."""
    found = cluster.segments.get((ISTIO_NAMESPACE, segment))
    return found.domain if found else ""


def home_of_peer(viewer: ClusterPicture, peer: ClusterPicture, switches: Switches) -> Home | None:
    """A peer's segment as another cluster knows it, which needs a copy of the Segment there; None if unknown."""
    home = home_of(peer, switches)
    if home is None or home == DEFAULT_HOME:
        return home
    if domain := domain_of(viewer, home.segment):
        return Home(home.segment, domain)
    return home if switches.peer_segment == "borrowed" else None


def global_host(key: ServiceKey, home: Home) -> str:
    """`<service>.<namespace>.<domain>` (R6)."""
    return f"{key.name}.{key.namespace}.{home.domain}"


def local_host(key: ServiceKey) -> str:
    """The ordinary name inside a cluster, which takeover redirects (R25)."""
    return f"{key.name}.{key.namespace}.svc.cluster.local"
