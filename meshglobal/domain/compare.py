"""Compare a generated entry with what is expected of it (R11, R15), and a host's peers with its publishers (R19-R22).

Location, inline endpoints, names of ports and targetPort are not looked at: they may be anything (R12, R13, R15).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from meshglobal.domain.expectation import ExpectedEntry
from meshglobal.domain.names import ServiceKey, peer_in
from meshglobal.domain.objects import ServiceEntry, WorkloadEntry
from meshglobal.domain.ports import Port, agree, entry_port, ports_text
from meshglobal.domain.view import ClusterView

RESOLUTION = "STATIC"


def _same_ports(wanted: tuple[Port, ...], found: tuple[Port, ...]) -> bool:
    if len(wanted) != len(found):
        return False
    by_number = {port.number: port for port in found}
    return all(port.number in by_number and agree(port, by_number[port.number]) for port in wanted)


def differences(expected: ExpectedEntry, entry: ServiceEntry) -> list[str]:
    """What is wrong with an entry that carries the right host, a clause each; empty: nothing."""
    found = []
    if entry.spec.resolution != RESOLUTION:
        found.append(f"resolution is {entry.spec.resolution or 'unset'}, not {RESOLUTION} (R11)")
    ports = tuple(map(entry_port, entry.spec.ports or []))
    if not any(_same_ports(wanted, ports) for wanted in expected.ports):
        wanted = " or ".join(ports_text(alternative) for alternative in expected.ports)
        found.append(f"ports are {ports_text(ports)}, the Service's are {wanted} (R15)")
    return found


def stands_for(entry: WorkloadEntry, view: ClusterView) -> bool:
    """Whether a generated WorkloadEntry stands for this cluster's endpoints: by its network, else by its name (R19)."""
    peer = peer_in(entry.name)
    network = view.home.network
    if network is not None and network in (entry.spec.network, peer):
        return True
    return peer is not None and (peer == view.context or peer.endswith(f".{view.context}"))


def by_network(publishers: Sequence[str], views: Mapping[str, ClusterView]) -> dict[str, list[ClusterView]]:
    """The publishing clusters by their network; those whose network is not known are left out."""
    found: dict[str, list[ClusterView]] = {}
    for context in publishers:
        if (network := views[context].home.network) is not None:
            found.setdefault(network, []).append(views[context])
    return found


def missing_peers(key: ServiceKey, view: ClusterView, networks: Mapping[str, list[ClusterView]]) -> list[str]:
    """Publishing peers whose WorkloadEntry is not there, given the publishers by network.

    A peer on the same network is reached pod by pod (flat network, R21) and one whose network is not known cannot be
    recognised: neither is called missing.
    """
    entries = view.peers.get(key, [])
    found = {entry.spec.network for entry in entries}
    return [
        peer.context
        for network in networks.keys() - found - {view.home.network}
        for peer in networks[network]
        if peer is not view and not any(stands_for(entry, peer) for entry in entries)
    ]


def outside_peers(entries: Sequence[WorkloadEntry], views: Sequence[ClusterView]) -> list[str]:
    """Peers named by WorkloadEntries that are none of the selected clusters: publishers that we do not see."""
    return [
        peer_in(entry.name) or entry.spec.network
        for entry in entries
        if not any(stands_for(entry, view) for view in views)
    ]
