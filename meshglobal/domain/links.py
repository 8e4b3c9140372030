"""How clusters are linked: the gateways that a peered cluster has, and what they say about each peer (R34, R36).

Each cluster has a gateway of its own for traffic from its peers (class ``istio-eastwest``) and one for each peer that
stands for that peer's (class ``istio-remote``). They may be in any namespace: they are found by class.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from meshglobal.domain import kinds
from meshglobal.domain.gateways import EAST_WEST, REMOTE, address_sign, name_sign
from meshglobal.domain.labels import NETWORK
from meshglobal.domain.objects import Condition, Gateway
from meshglobal.domain.view import ClusterView

CONNECTED = "gloo.solo.io/PeerConnected"
SUCCEEDED = "gloo.solo.io/PeeringSucceeded"
DATA_PLANE_TYPE = "peering.solo.io/data-plane-service-type"
PROGRAMMED = "Programmed"


class Tie(StrEnum):
    """What a cluster says about one peer."""

    LINKED = "linked"
    MISSING = "missing"
    DISCONNECTED = "disconnected"
    FAILED = "failed"
    UNKNOWN = "unknown"


def gateways_of(view: ClusterView, class_name: str) -> list[Gateway]:
    """The gateways of a class in all namespaces, by place; those that are being deleted count as gone."""
    return view.gateways.get(class_name, [])


def condition(gateway: Gateway, kind: str) -> Condition | None:
    """A status condition; None when it is not reported."""
    return next((one for one in gateway.status.conditions or [] if one.type == kind), None)


def is_true(gateway: Gateway, kind: str) -> bool | None:
    """Whether a condition holds; None when it is not reported."""
    found = condition(gateway, kind)
    return None if found is None else found.status == "True"


def why_of(said: Condition) -> str:
    """What a condition gives as its reason, on one line; empty: nothing."""
    return " ".join((said.message or said.reason).split())


def network_of(gateway: Gateway) -> str | None:
    """The network that a gateway leads to."""
    return gateway.metadata.label(NETWORK)


def addresses_of(gateway: Gateway) -> tuple[str, ...]:
    """Where a gateway can be reached."""
    return tuple(one.value for one in gateway.status.addresses or [] if one.value)


def ports_of(gateway: Gateway) -> frozenset[int]:
    """The ports that a gateway listens on."""
    return frozenset(one.port for one in gateway.spec.listeners or [])


def what_ails(gateway: Gateway) -> str:
    """Why a cluster's own east-west gateway cannot be reached, a clause; empty when nothing is wrong (R34)."""
    if not is_true(gateway, PROGRAMMED):
        said = condition(gateway, PROGRAMMED)
        why = why_of(said) if said is not None else ""
        return f"is not Programmed: {why}" if why else "is not Programmed"
    by_node_port = (gateway.metadata.annotation(DATA_PLANE_TYPE) or "").casefold() == "nodeport"
    return "" if by_node_port or addresses_of(gateway) else "has no address"


def links_to(view: ClusterView, peer: ClusterView) -> list[Gateway]:
    """The remote gateways of a cluster that lead to a peer: by cluster, network, or the peer's own address.

    On a flat network several peers share one network, and the gateways to it cannot be told apart by it: each counts.
    """
    signs = [address_sign(address) for own in gateways_of(peer, EAST_WEST) for address in addresses_of(own)]
    signs += [name_sign(name) for name in (peer.context, peer.home.network) if name is not None]
    found = {id(gateway): gateway for sign in signs for gateway in view.signposts.get(sign, [])}
    return sorted(found.values(), key=lambda one: (one.namespace, one.name))


def are_read(view: ClusterView) -> bool:
    """Whether the absence of a gateway means that there is none: all were read, or all where they are said to be.

    Those that were read and could not be followed afterwards were read.
    """
    cluster = view.cluster
    of_gateways = [gap.query for gap in cluster.gaps if gap.query is None or gap.query.kind is kinds.GATEWAY]
    is_hidden = any(query not in cluster.queries for query in of_gateways)
    return not is_hidden and any(query.covers(kinds.GATEWAY, query.namespace) for query in cluster.queries)


def looked_in(view: ClusterView) -> str:
    """Where gateways were looked for, as a part of a sentence."""
    places = {query.namespace for query in view.cluster.queries if query.kind is kinds.GATEWAY}
    return f"namespace {', '.join(sorted(filter(None, places)))}" if None not in places else "any namespace"


def peers_of(view: ClusterView, views: Sequence[ClusterView]) -> list[ClusterView]:
    """The other clusters that are known to belong to the mesh: those with a network of their own or shared (R36)."""
    return [peer for peer in views if peer is not view and peer.home.network is not None]


def tie_of(view: ClusterView, peer: ClusterView) -> Tie:
    """What a cluster's gateways say about a peer; conditions that are not reported say nothing (R34)."""
    if not are_read(view) or peer.home.network is None:
        return Tie.UNKNOWN
    gateways = links_to(view, peer)
    if not gateways:
        # One that is known by nothing but the peer's address may be among those that stand here.
        is_told = are_read(peer) or not gateways_of(view, REMOTE)
        return Tie.MISSING if is_told else Tie.UNKNOWN
    return max((_said(gateway) for gateway in gateways), key=_GOOD.index)


_GOOD = (Tie.MISSING, Tie.DISCONNECTED, Tie.FAILED, Tie.UNKNOWN, Tie.LINKED)


def _said(gateway: Gateway) -> Tie:
    connected, succeeded = is_true(gateway, CONNECTED), is_true(gateway, SUCCEEDED)
    if connected is False:
        return Tie.DISCONNECTED
    if succeeded is False:
        return Tie.FAILED
    return Tie.UNKNOWN if connected is None or succeeded is None else Tie.LINKED
