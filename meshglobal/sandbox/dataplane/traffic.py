"""From all clusters' objects to the pools and the directory of each: the pure core of the data plane."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from meshglobal.domain.names import ServiceKey
from meshglobal.sandbox.controlplane.hosts import global_host, home_of, local_host
from meshglobal.sandbox.controlplane.scope import publication
from meshglobal.sandbox.dataplane.directory import Caller, Directory, Host, Port
from meshglobal.sandbox.dataplane.distribution import ANY, PREFER_NETWORK, Candidate, Spot, Tiers, tiers
from meshglobal.sandbox.dataplane.mesh import Mesh, Server, names_peer, names_pod
from meshglobal.sandbox.dataplane.observed import Entry, Locality, Member, ObjectKey, Pod, Service
from meshglobal.sandbox.dataplane.pools import Endpoint, Pool
from meshglobal.sandbox.dataplane.sight import ClusterSight

Addresses = Callable[[str], str]
"""The virtual address of a global host; the same at each call."""


class Traffic(NamedTuple):
    """What one cluster's Envoy and its callers need to know."""

    pools: tuple[Pool, ...]
    directory: Directory


def traffic_of(mesh: Mesh, addresses: Addresses) -> dict[str, Traffic]:
    """Where requests go, in every cluster. `addresses` gives each global host a virtual address."""
    arrivals: dict[str, set[tuple[ServiceKey, int]]] = {name: set() for name in mesh.clusters}
    outbound = {name: _Outbound(mesh, sight, arrivals) for name, sight in mesh.clusters.items()}
    directories = {name: each.directory(addresses) for name, each in outbound.items()}
    return {
        name: Traffic((*each.pools.values(), *_inbound(mesh, name, arrivals[name])), directories[name])
        for name, each in outbound.items()
    }


def called(found: Mapping[str, Traffic], wanted: Mapping[str, Container[str]]) -> dict[str, tuple[Pool, ...]]:
    """The pools of each cluster that somebody uses: those of its callers, and what these lead to in other clusters."""
    outbound = {
        name: tuple(each for each in traffic.pools if each.name in wanted.get(name, ()))
        for name, traffic in found.items()
    }
    onward = {each.onward for pools in outbound.values() for each in pools if each.onward}
    return {
        name: (*outbound[name], *(each for each in traffic.pools if each.name in onward))
        for name, traffic in found.items()
    }


def _inbound(mesh: Mesh, cluster: str, arrivals: Iterable[tuple[ServiceKey, int]]) -> Iterator[Pool]:
    """The pools for requests of other clusters: this cluster's own pods, so that there is no second hop."""
    for key, port in sorted(arrivals):
        members = (candidate.endpoint for candidate in reachable_from_afar(mesh, cluster, key, port))
        yield Pool(_onward(key, port), (tuple(dict.fromkeys(members)),))


def reachable_from_afar(mesh: Mesh, cluster: str, key: ServiceKey, port: int) -> list[Candidate]:
    """The ready pods that other clusters reach: those in the mesh, for what arrives is meant for the mesh (R37)."""
    return [each for pod, each in mesh.ready_pods(cluster, key, port) if mesh.has_enrolled(cluster, pod)]


def caller_of(mesh: Mesh, cluster: str, pod: Pod) -> Caller:
    """What a pod is as one that calls."""
    locality = mesh.clusters[cluster].locality_of(pod)
    return Caller(pod.key[0], mesh.has_enrolled(cluster, pod), locality, pod.address, mesh.server_of(cluster, pod))


def _onward(key: ServiceKey, port: int) -> str:
    return f"in/{key.namespace}/{key.name}/{port}"


@dataclass(slots=True)
class _Outbound:
    """Works out one cluster's pools and names; notes at which peers requests will arrive."""

    mesh: Mesh
    sight: ClusterSight
    arrivals: dict[str, set[tuple[ServiceKey, int]]]
    pools: dict[str, Pool] = field(default_factory=dict)

    def directory(self, addresses: Addresses) -> Directory:
        """All names of the cluster; its pools come along."""
        own = {str(host.name): host for host in map(self._cluster_host, self.sight.services.values())}
        known = dict(own)
        # Where several entries have a host, the generated one counts.
        for entry in sorted(self.sight.entries.values(), key=lambda each: (each.parent is None, each.key)):
            fresh = [name for name in entry.hosts if name not in known]
            ports = self._ports(entry, fresh[0]) if fresh else {}
            known |= {name: Host(name, addresses(name), ports) for name in fresh}
        for service in self.sight.services.values():
            self._take_over(service.key, known)
        return Directory(self._callers(), own, known, self._pod_servers())

    def _cluster_host(self, service: Service) -> Host:
        name = local_host(service.key)
        if service.external_name:
            return Host(name, "", {}, service.external_name.lower())
        ports = {}
        for port, _ in service.ports:
            ready = [each for _, each in self.mesh.ready_pods(self.sight.name, service.key, port)]
            pools = self._pooled(f"{name}/{port}", service.distribution or ANY, ready, "")
            ports[port] = Port(pools)
        return Host(name, service.address, ports)

    def _take_over(self, key: ServiceKey, known: dict[str, Host]) -> None:
        """Let the cluster-local name of a taken-over Service lead where the global host leads (R24)."""
        picture, switches = self.sight.picture, self.mesh.switches
        published, home = publication(picture, key, switches), home_of(picture, switches)
        if published is None or not published.is_taken_over or home is None:
            return
        own, everywhere = known[local_host(key)], known.get(global_host(key, home))
        if everywhere is not None:
            known[own.name] = own._replace(ports=everywhere.ports)

    def _ports(self, entry: Entry, name: str) -> dict[int, Port]:
        """The ports of an entry; those of one that nobody generated lead nowhere."""
        if entry.parent is None:
            return {port: Port(self._pooled(f"{name}/{port}", ANY, (), "")) for port in entry.ports}
        local = self.sight.services.get(entry.parent)
        mode = (local.distribution if local else None) or PREFER_NETWORK
        found = {}
        for port in entry.ports:
            members = [*self._local(entry, entry.parent, port), *self._remote(entry, entry.parent, port)]
            onward = _onward(entry.parent, port)
            found[port] = Port(self._pooled(f"{name}/{port}", mode, members, onward), onward)
        return found

    def _local(self, entry: Entry, parent: ServiceKey, port: int) -> Iterator[Candidate]:
        """The cluster's own ready pods that the entry selects: none where its Service is not published (R18)."""
        for pod, candidate in self.mesh.ready_pods(self.sight.name, parent, port):
            if entry.selector.items() <= pod.labels.items():
                yield candidate

    def _remote(self, entry: Entry, parent: ServiceKey, port: int) -> Iterator[Candidate]:
        """What the entry's WorkloadEntries stand for, of each peer one (R19) or, on one network, its pods (R21)."""
        members = [each for each in self.sight.members_of(parent) if entry.selector.items() <= each.labels.items()]
        for each in members:
            if each.address:
                yield from self._flat_pod(each, parent, port)
            elif not (each.network == self.sight.network and any(other.address for other in members)):
                yield from self._through_gateway(each, parent, port)

    def _flat_pod(self, member: Member, parent: ServiceKey, port: int) -> Iterator[Candidate]:
        for peer in self.mesh.clusters:
            if peer == self.sight.name or not names_peer(member.key, peer):
                continue
            for pod, candidate in self.mesh.ready_pods(peer, parent, port):
                if pod.address == member.address and names_pod(member.key, pod):
                    cut = self._cut(peer)
                    yield candidate._replace(endpoint=cut) if cut else candidate

    def _through_gateway(self, member: Member, parent: ServiceKey, port: int) -> Iterator[Candidate]:
        """One endpoint for all of a peer's pods, as heavy as they are many; none where the peer has none ready.

        How many a peer has that cannot be seen is not known: it is then taken to have one.
        """
        found = self.mesh.peer_of(self.sight.name, member)
        if found is None:
            return
        peer, link = found
        cut = self._cut(peer)
        count = len(reachable_from_afar(self.mesh, peer, parent, port)) or (1 if cut else 0)
        if count:
            self.arrivals[peer].add((parent, port))
            endpoint = cut or Endpoint("127.0.0.1", self.mesh.doors[peer])
            yield Candidate(
                endpoint._replace(weight=count), Spot(member.network, link.locality if link else Locality())
            )

    def _cut(self, peer: str) -> Endpoint | None:
        return self.mesh.cuts.get(frozenset({self.sight.name, peer}))

    def _pooled(self, name: str, mode: str, members: Iterable[Candidate], onward: str) -> dict[Locality, str]:
        """Put members into a pool, or into one for each kind of caller's locality that sees them otherwise."""
        found, names = list(members), {}
        shapes: dict[Tiers, str] = {}
        for locality in self._localities():
            shape = tiers(mode, Spot(self.sight.network, locality), found)
            if shape not in shapes:
                shapes[shape] = f"{name}@{len(shapes)}" if shapes else name
                self.pools[shapes[shape]] = Pool(shapes[shape], shape, onward)
            names[locality] = shapes[shape]
        return names

    def _localities(self) -> list[Locality]:
        """Where this cluster's callers can be."""
        return sorted(set(self.sight.nodes.values())) or [Locality()]

    def _callers(self) -> Mapping[ObjectKey, Caller]:
        here = self.sight.name
        return {key: caller_of(self.mesh, here, pod) for key, pod in self.sight.pods.items() if pod.is_running}

    def _pod_servers(self) -> dict[str, Server]:
        found = ((pod.address, self.mesh.server_of(self.sight.name, pod)) for pod in self.sight.pods.values())
        return {address: server for address, server in found if address and server}
