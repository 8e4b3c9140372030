"""The domain of a cluster: the default one, or that of the segment it joined (R6, R7)."""

from __future__ import annotations

from dataclasses import dataclass

from meshglobal.domain import kinds
from meshglobal.domain.labels import NETWORK, SEGMENT
from meshglobal.domain.names import DEFAULT_DOMAIN
from meshglobal.domain.objects import Namespace, Segment
from meshglobal.domain.snapshot import ClusterSnapshot


@dataclass(frozen=True, slots=True)
class Home:
    """Where a cluster stands in the mesh.

    Attributes:
        segment: the segment's name; None for the default segment.
        domain: the domain of its hosts; None when it cannot be told, with ``problem`` saying why.
        network: ``topology.istio.io/network``; None when unset or unread.
        is_unread: whether the problem is that something could not be read (else it is a fault of the mesh).
        is_segment_known: whether ``segment`` is what it seems: a cluster whose label was not read may be in any.
    """

    segment: str | None = None
    domain: str | None = DEFAULT_DOMAIN
    network: str | None = None
    problem: str = ""
    is_unread: bool = False
    is_segment_known: bool = True


def home_of(cluster: ClusterSnapshot, istio_namespace: str) -> Home:
    """The segment, domain and network of a cluster, as labelled on the control plane's namespace."""
    system = next((ns for ns in cluster.of(kinds.NAMESPACE, Namespace) if ns.name == istio_namespace), None)
    if system is None:
        if why := cluster.why_unread(kinds.NAMESPACE, name=istio_namespace):
            problem = f"namespace {istio_namespace} could not be read: {why}"
            return Home(domain=None, problem=problem, is_unread=True, is_segment_known=False)
        return Home()
    network = system.metadata.label(NETWORK)
    segment = system.metadata.label(SEGMENT)
    if not segment:
        return Home(network=network)
    return _segment_home(cluster, istio_namespace, segment, network)


def _segment_home(cluster: ClusterSnapshot, istio_namespace: str, segment: str, network: str | None) -> Home:
    for found in cluster.of(kinds.SEGMENT, Segment):
        if found.name == segment and found.namespace == istio_namespace and found.spec.domain:
            return Home(segment, found.spec.domain, network)
    if why := cluster.why_unread(kinds.SEGMENT, istio_namespace, segment):
        problem = f"segment {segment} could not be read: {why}"
        return Home(segment, None, network, problem, is_unread=True)
    problem = f"namespace {istio_namespace} is labelled {SEGMENT}={segment}, but there is no such Segment (R7)"
    return Home(segment, None, network, problem)
