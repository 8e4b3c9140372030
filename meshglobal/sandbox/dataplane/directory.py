"""The names and addresses of one cluster, and where they lead each kind of caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from meshglobal.sandbox.dataplane.mesh import Server
from meshglobal.sandbox.dataplane.observed import Locality, ObjectKey

CLUSTER_DOMAIN = "cluster.local"
_FEW_DOTS = 5
"""Names with fewer dots are tried below the search domains first, as pods' resolv.conf says (ndots:5)."""


class Caller(NamedTuple):
    """A pod that calls."""

    namespace: str
    is_enrolled: bool
    locality: Locality
    address: str
    server: Server | None
    """Its own application, if it listens."""


class Port(NamedTuple):
    """One port of a host: the pool by the caller's locality, and the pool's name at the far end of a hop."""

    pools: Mapping[Locality, str]
    onward: str = ""

    def pool_for(self, locality: Locality) -> str:
        """The pool for callers of a locality; all localities share one where they do not differ."""
        return self.pools.get(locality) or next(iter(self.pools.values()))


class Host(NamedTuple):
    """A name that resolves: to an address, with ports; or, for an ExternalName, to another name."""

    name: str
    address: str
    ports: Mapping[int, Port]
    alias_of: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    """What callers of one cluster find. Those outside the mesh know the cluster-local names alone (R37)."""

    callers: Mapping[ObjectKey, Caller] = field(default_factory=dict)
    cluster_hosts: Mapping[str, Host] = field(default_factory=dict)
    mesh_hosts: Mapping[str, Host] = field(default_factory=dict)
    """Everything that callers in the mesh find, the cluster-local names too."""
    pods: Mapping[str, Server] = field(default_factory=dict)
    """By the pod's address."""
    diversions: Mapping[str, int] = field(default_factory=dict)
    """Pool -> the port of loopback at which a route in the mesh takes its requests first."""

    def hosts_for(self, caller: Caller) -> Mapping[str, Host]:
        """The names that a caller can resolve."""
        return self.mesh_hosts if caller.is_enrolled else self.cluster_hosts

    def find(self, caller: Caller, name: str) -> Host | None:
        """The host that a caller means by a name; None where there is none."""
        hosts = self.hosts_for(caller)
        found = next((hosts[each] for each in candidates(name, caller.namespace) if each in hosts), None)
        if found is not None and found.alias_of:
            return hosts.get(found.alias_of)
        return found

    def at_address(self, caller: Caller, address: str) -> Host | None:
        """The host with a virtual address."""
        found = self.hosts_for(caller).values()
        return next((each for each in found if each.address == address), None)


def candidates(name: str, namespace: str) -> list[str]:
    """The full names that a name may mean to a pod of a namespace, in the order in which they are tried."""
    wanted = name.lower()
    if wanted.endswith("."):
        return [wanted.removesuffix(".")]
    searched = (f"{namespace}.svc.{CLUSTER_DOMAIN}", f"svc.{CLUSTER_DOMAIN}", CLUSTER_DOMAIN)
    below = [f"{wanted}.{domain}" for domain in searched]
    return [*below, wanted] if wanted.count(".") < _FEW_DOTS else [wanted, *below]
