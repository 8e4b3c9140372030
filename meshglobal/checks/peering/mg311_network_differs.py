"""The control plane's namespace and the cluster's own east-west gateway carry different `topology.istio.io/network`.

Peers look for the endpoints of one network and find the gateway of another. Which of the two is right, only the one who
set the mesh up knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.peering.borrowed import borrowed_from
from meshglobal.checks.peering.seen import labelled, members_of, network, place_of
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.links import EAST_WEST, gateways_of, network_of

CHECK = Check(
    code="MG311",
    slug="network-differs",
    title="Namespace and east-west gateway name different networks",
    level=Level.ERROR,
    summary="namespace {istio_namespace} is in network {network}, the east-west Gateway {gateway} in {other}",
    remedy="",
    needs=(kinds.GATEWAY, kinds.NAMESPACE),
    rule="R36",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Unless it is a peer's name that stands there (MG312)."""
    for view in members_of(mesh):
        for gateway in gateways_of(view, EAST_WEST):
            other, own = network_of(gateway), view.home.network
            if None in (other, own) or other == own or borrowed_from(view, gateway, mesh) is not None:
                continue
            yield CHECK.finding(
                context=view.context,
                istio_namespace=mesh.istio_namespace,
                network=own,
                gateway=place_of(gateway),
                other=other,
                evidence=(network(view, mesh.istio_namespace), labelled(view, gateway, own)),
            )
