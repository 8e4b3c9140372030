"""The address of a cluster's east-west gateway is a hostname, and that does not resolve where meshglobal runs.

The name of a new load balancer needs up to a minute and a half. If it goes on, peers do not find the gateway. Names may
be known inside the clusters alone, so nothing is said where a peer that is linked through this very name is connected,
where another address of the gateway does, where the answer did not come in time, or while the gateways of a cluster
could not be read. Only `check` and `diagnose` look.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.peering.seen import addressed, members_of, place_of
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.gateways import EAST_WEST, REMOTE
from meshglobal.domain.links import CONNECTED, addresses_of, are_read, gateways_of, is_true
from meshglobal.domain.objects import Gateway
from meshglobal.domain.view import ClusterView

CHECK = Check(
    code="MG315",
    slug="address-not-resolved",
    title="The name of an east-west gateway does not resolve",
    level=Level.WARNING,
    summary="the address of the east-west Gateway {place}, {name}, does not resolve from here",
    remedy="",
    needs=(kinds.GATEWAY, kinds.NAMESPACE),
    rule="R34",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Gateways of which no address can be used; a cluster that could not be read may be connected all the same."""
    if not all(map(are_read, mesh.views)):
        return
    vouched = {name for view in members_of(mesh) for name in _connected_through(view)}
    for view in members_of(mesh):
        for gateway in gateways_of(view, EAST_WEST):
            names = addresses_of(gateway)
            if names and all(_is_lost(view, name) for name in names) and not vouched & set(names):
                yield CHECK.finding(
                    context=view.context,
                    place=place_of(gateway),
                    name=", ".join(sorted(names)),
                    evidence=(addressed(view, gateway),),
                )


def _is_lost(view: ClusterView, name: str) -> bool:
    return view.cluster.circumstances.names.get(name) is False


def _connected_through(view: ClusterView) -> Iterator[str]:
    """The addresses of the peers with which a cluster is connected."""
    for gateway in gateways_of(view, REMOTE):
        if is_true(gateway, CONNECTED):
            yield from _leading_to(gateway)


def _leading_to(gateway: Gateway) -> Iterator[str]:
    return (address.value for address in gateway.spec.addresses or [] if address.value)
