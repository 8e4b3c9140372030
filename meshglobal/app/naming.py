"""Look up the hostnames of east-west gateways, and keep in the snapshot which of them resolve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address

import msgspec

from meshglobal.app.ports import Resolver
from meshglobal.domain import kinds
from meshglobal.domain.gateways import EAST_WEST
from meshglobal.domain.links import addresses_of
from meshglobal.domain.names import is_dns_name
from meshglobal.domain.objects import Gateway
from meshglobal.domain.snapshot import ClusterSnapshot, MeshSnapshot


def with_names(snapshot: MeshSnapshot, resolver: Resolver | None) -> MeshSnapshot:
    """The snapshot with what became of each hostname; without a resolver nothing is known of any."""
    wanted = {cluster.context: sorted(set(_names(cluster))) for cluster in snapshot.clusters}
    names = sorted({name for some in wanted.values() for name in some})
    if resolver is None or not names:
        return snapshot
    found = resolver.resolve(names)
    return MeshSnapshot(
        tuple(_with({name: found.get(name) for name in wanted[one.context]}, one) for one in snapshot.clusters)
    )


def _with(names: dict[str, bool | None], cluster: ClusterSnapshot) -> ClusterSnapshot:
    if not names:
        return cluster
    return replace(cluster, circumstances=msgspec.structs.replace(cluster.circumstances, names=names))


def _names(cluster: ClusterSnapshot) -> Iterator[str]:
    """The hostnames among the addresses of a cluster's own east-west gateways."""
    for gateway in cluster.of(kinds.GATEWAY, Gateway):
        if gateway.spec.gateway_class_name == EAST_WEST:
            yield from (address for address in addresses_of(gateway) if _is_name(address))


def _is_name(address: str) -> bool:
    try:
        ip_address(address)
    except ValueError:
        return is_dns_name(address.removesuffix(".").lower())
    return False
