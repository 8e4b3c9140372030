"""A cluster's own Gateway of class `istio-eastwest` is not Programmed, or has no address.

Often the load balancer is pending: look at the Service that belongs to the Gateway. Peering through NodePorts needs no
address. Where a cluster has several such Gateways, one that works is enough.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.peering.seen import addressed, members_of, place_of, said
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.gateways import EAST_WEST
from meshglobal.domain.links import PROGRAMMED, gateways_of, what_ails

CHECK = Check(
    code="MG302",
    slug="eastwest-gateway-not-ready",
    title="A cluster's own east-west gateway cannot be reached",
    level=Level.ERROR,
    summary="the east-west Gateway {place} {ailment}",
    remedy="kubectl --context {context} -n {gateway_namespace} describe gateways.gateway.networking.k8s.io {gateway}",
    needs=(kinds.GATEWAY, kinds.NAMESPACE),
    rule="R34",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Only where no east-west gateway works."""
    for view in members_of(mesh):
        ailing = {place_of(one): (one, what_ails(one)) for one in gateways_of(view, EAST_WEST)}
        if not all(ailment for _, ailment in ailing.values()):
            continue
        for place, (gateway, ailment) in ailing.items():
            yield CHECK.finding(
                context=view.context,
                place=place,
                ailment=ailment,
                gateway_namespace=gateway.namespace,
                gateway=gateway.name,
                evidence=(said(view, gateway, PROGRAMMED), addressed(view, gateway)),
            )
