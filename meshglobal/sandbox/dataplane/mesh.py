"""All clusters together, with what only the sandbox knows: where servers and Envoys listen, and who is cut off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from meshglobal.domain.names import ServiceKey
from meshglobal.sandbox.controlplane.switches import Switches
from meshglobal.sandbox.dataplane.distribution import Candidate, Spot
from meshglobal.sandbox.dataplane.enrolment import is_enrolled
from meshglobal.sandbox.dataplane.observed import Link, Member, ObjectKey, Pod
from meshglobal.sandbox.dataplane.pools import Endpoint
from meshglobal.sandbox.dataplane.sight import ClusterSight

REMOTE_CLASS, EASTWEST_CLASS = "istio-remote", "istio-eastwest"


class Server(NamedTuple):
    """Where the application of a pod listens: a port of 127.0.0.1, for these ports of the pod; None: for any."""

    port: int
    takes: frozenset[int] | None = None

    def has(self, pod_port: int) -> bool:
        """Whether the application listens at a port of the pod."""
        return self.takes is None or pod_port in self.takes


class PodKey(NamedTuple):
    """A pod of the mesh; the uid tells it from a later one of the same name."""

    cluster: str
    namespace: str
    name: str
    uid: str


@dataclass(frozen=True, slots=True)
class Mesh:
    """Everything that decides where a request goes."""

    clusters: Mapping[str, ClusterSight]
    servers: Mapping[PodKey, Server]
    doors: Mapping[str, int]
    """Cluster -> the port at which its Envoy takes requests of other clusters."""
    refusing: Endpoint
    """Where connections are refused: what stands for ports that no application listens at."""
    cuts: Mapping[frozenset[str], Endpoint] = field(default_factory=dict)
    """Pairs of clusters without contact -> what stands for the other side."""
    switches: Switches = field(default_factory=Switches)

    def server_of(self, cluster: str, pod: Pod) -> Server | None:
        """Where a pod's application listens; None while it does not."""
        return self.servers.get(PodKey(cluster, *pod.key, pod.uid))

    def has_enrolled(self, cluster: str, pod: Pod) -> bool:
        """Whether a pod is in the mesh."""
        return is_enrolled(pod, self.clusters[cluster].picture.namespace_labels(pod.key[0]))

    def spot_of(self, cluster: str, pod: Pod) -> Spot:
        """Where a pod is."""
        sight = self.clusters[cluster]
        return Spot(sight.network, sight.locality_of(pod))

    def ready_pods(self, cluster: str, key: ServiceKey, port: int) -> Iterator[tuple[Pod, Candidate]]:
        """The ready pods behind one port of a cluster's own Service, each with what answers there."""
        sight = self.clusters[cluster]
        service = sight.services.get(key)
        name = dict(service.ports).get(port) if service else None
        if name is None:
            return
        for each in sight.slices_of(key):
            target = each.ports.get(name)
            for endpoint in each.endpoints if target else ():
                pod = sight.pods.get((key.namespace, endpoint.pod))
                server = self.server_of(cluster, pod) if pod and endpoint.is_ready else None
                if pod and server and target:
                    answers = Endpoint("127.0.0.1", server.port) if server.has(target) else self.refusing
                    yield pod, Candidate(answers, self.spot_of(cluster, pod))

    def peer_of(self, cluster: str, member: Member) -> tuple[str, Link | None] | None:
        """The peer that a WorkloadEntry stands for, and the link by which it is reached.

        The link's address leads to the peer's east-west gateway. Where there is no link at all (switch `peering`), the
        entry's name says who is meant.
        """
        links = [
            each
            for _, each in sorted(self.clusters[cluster].links.items())
            if each.gateway_class == REMOTE_CLASS and each.network == member.network
        ]
        for each in links:
            peer = self._behind(each)
            if peer is not None and (len(links) == 1 or names_peer(member.key, peer)):
                return peer, each
        if links:
            return None
        named = next((name for name in sorted(self.clusters) if names_peer(member.key, name)), None)
        return (named, None) if named and named != cluster else None

    def _behind(self, link: Link) -> str | None:
        """The cluster whose east-west gateway has the address of a link."""
        for name, sight in self.clusters.items():
            for door in sight.links.values():
                if door.gateway_class == EASTWEST_CLASS and set(door.addresses) & set(link.addresses):
                    return name
        return None


def names_pod(key: ObjectKey, pod: Pod) -> bool:
    """Whether a generated WorkloadEntry's name has this pod in it (R21)."""
    return f".{pod.key[1]}." in key[1]


def names_peer(key: ObjectKey, peer: str) -> bool:
    """Whether a generated WorkloadEntry's name has this peer in it (R19, R21)."""
    return peer in key[1].split(".")[1:-2]
