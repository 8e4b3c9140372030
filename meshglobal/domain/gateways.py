"""The gateways that link clusters, indexed: by class, and by what tells to which peer they lead (R34, R36)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshglobal.domain.labels import CLUSTER, NETWORK
from meshglobal.domain.objects import Gateway

EAST_WEST = "istio-eastwest"
UPSTREAM_EAST_WEST = "istio-east-west"
REMOTE = "istio-remote"


def by_class(gateways: Iterable[Gateway]) -> dict[str, list[Gateway]]:
    """The gateways of each class, by place; those that are being deleted count as gone."""
    found: dict[str, list[Gateway]] = {}
    for gateway in sorted(gateways, key=lambda one: (one.namespace, one.name)):
        if gateway.metadata.deletion_timestamp is None:
            found.setdefault(gateway.spec.gateway_class_name, []).append(gateway)
    return found


def by_sign(gateways: Iterable[Gateway]) -> dict[str, list[Gateway]]:
    """Remote gateways by each thing that tells their peer: its name, its network or its address."""
    found: dict[str, list[Gateway]] = {}
    for gateway in gateways:
        for sign in dict.fromkeys(_signs(gateway)):
            found.setdefault(sign, []).append(gateway)
    return found


def name_sign(name: str) -> str:
    """The sign of a cluster's or network's name."""
    return f"name {name}"


def address_sign(address: str) -> str:
    """The sign of an address."""
    return f"address {address}"


def _signs(gateway: Gateway) -> Iterator[str]:
    for key in (CLUSTER, NETWORK):
        if (name := gateway.metadata.label(key)) is not None:
            yield name_sign(name)
    for address in gateway.spec.addresses or []:
        yield address_sign(address.value)
    rest = gateway.name
    while "-" in rest:  # istio-remote-peer-<name>, and names may have hyphens of their own
        _, _, rest = rest.partition("-")
        yield name_sign(rest)
