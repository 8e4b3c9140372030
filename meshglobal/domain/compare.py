"""Compare a generated entry with what is expected of it (R11, R15), and a host's peers with its publishers (R19-R22).

Location, inline endpoints, names of ports and targetPort are not looked at: they may be anything (R12, R13, R15).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from meshglobal.domain.expectation import ExpectedEntry
from meshglobal.domain.names import ServiceKey, peer_in
from meshglobal.domain.objects import ServiceEntry, WorkloadEntry
from meshglobal.domain.ports import Port, agree, entry_port, ports_text
from meshglobal.domain.view import ClusterView

RESOLUTION = "STATIC"


def _holds(found: Sequence[Port], wanted: Sequence[Port]) -> bool:
    """Whether each wanted port is there. That UDP ports are carried at all is not documented (R40)."""
    return all(any(agree(want, port) for port in found) for want in wanted if want.protocol != "UDP")


def _fits(found: Sequence[Port], alternatives: Sequence[Sequence[Port]]) -> bool:
    """Whether one alternative is there completely, and nothing that is in none of them.

    Where several peers publish different ports, an entry may follow one of them or gather what they have (R15).
    """
    any_of_them = [port for alternative in alternatives for port in alternative]
    return all(any(agree(want, port) for want in any_of_them) for port in found) and any(
        _holds(found, wanted) for wanted in alternatives
    )


def resolution_difference(entry: ServiceEntry) -> str:
    """What is wrong with an entry's resolution (R11), a clause; empty: nothing."""
    if entry.spec.resolution == RESOLUTION:
        return ""
    return f"resolution is {entry.spec.resolution or 'unset'}, not {RESOLUTION} (R11)"


def ports_difference(expected: ExpectedEntry, entry: ServiceEntry) -> str:
    """What is wrong with an entry's ports (R15), a clause; empty: nothing."""
    ports = tuple(map(entry_port, entry.spec.ports or []))
    if _fits(ports, expected.ports):
        return ""
    wanted = " or ".join(ports_text(alternative) for alternative in expected.ports)
    return f"ports are {ports_text(ports)}, the Service's are {wanted} (R15)"


@lru_cache(maxsize=1 << 16)  # the same names stand in every cluster
def _called(name: str) -> frozenset[str]:
    """What the peer in a WorkloadEntry's name may be called: the name may hold the segment before the cluster (R19)."""
    parts = (peer_in(name) or "").split(".")
    return frozenset(".".join(parts[start:]) for start in range(len(parts))) - {""}


def stands_for(entry: WorkloadEntry, view: ClusterView) -> bool:
    """Whether a generated WorkloadEntry stands for this cluster's endpoints: by its network, else by its name (R19).

    A cluster is called by its context or like its network.
    """
    network = view.home.network
    if network is not None and entry.spec.network == network:
        return True
    called = _called(entry.name)
    return view.context in called or network in called


def is_named_after(entry: WorkloadEntry, view: ClusterView) -> bool:
    """Whether an entry bears both this cluster's context and its network: nobody else's then, as far as names tell."""
    network = view.home.network
    return network is not None and entry.spec.network == network and view.context in _called(entry.name)


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
    reached = {view.home.network, *[entry.spec.network for entry in entries]}
    unreached = [network for network in networks if network not in reached]
    if not unreached:
        return []
    called = frozenset().union(*[_called(entry.name) for entry in entries])
    return [
        peer.context
        for network in unreached
        if network not in called
        for peer in networks[network]
        if peer is not view and peer.context not in called
    ]


def outside_peers(entries: Sequence[WorkloadEntry], views: Sequence[ClusterView]) -> list[str]:
    """Peers named by WorkloadEntries that are none of the selected clusters: publishers that we do not see."""
    return [
        peer_in(entry.name) or entry.spec.network
        for entry in entries
        if not any(stands_for(entry, view) for view in views)
    ]
