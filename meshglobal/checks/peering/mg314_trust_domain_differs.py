"""Two clusters expect different trust domains of the same peer (annotation `gateway.istio.io/trust-domain`).

The annotation on a remote gateway says which identity the peer's gateway must show, and a peer has one trust domain:
one of the two clusters refuses it, unless the check of trust domains is relaxed there. Linking anew writes what is
right. Gateways without the annotation are passed over, and so are those that may lead to several peers (a flat
network). What the peer's own trust domain is, is not read. Nothing is said while the network of a cluster is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.peering.seen import members_of, place_of, trusted
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.gateways import REMOTE
from meshglobal.domain.labels import TRUST_DOMAIN
from meshglobal.domain.links import gateways_of, links_to, peers_of
from meshglobal.domain.objects import Gateway
from meshglobal.domain.view import ClusterView

CHECK = Check(
    code="MG314",
    slug="trust-domain-differs",
    title="Links to a peer expect different trust domains",
    level=Level.WARNING,
    summary="the links to {peer} expect different trust domains of it: {domains}",
    remedy="istioctl multicluster link --contexts {contexts} --namespace {gateway_namespace}",
    needs=(kinds.GATEWAY, kinds.NAMESPACE),
    rule="R34",
)


class _Link(NamedTuple):
    context: str
    view: ClusterView
    gateway: Gateway
    domain: str


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Each peer once, with all links to it; a cluster of unknown network may be what a link leads to."""
    if not all(view.home.is_segment_known for view in mesh.views):
        return
    for peer, links in sorted(_links(mesh).items()):
        if len({link.domain for link in links}) > 1:
            yield CHECK.finding(
                peer=peer,
                domains=_said(links),
                contexts=",".join(sorted({peer, *(link.context for link in links)})),
                gateway_namespace=links[0].gateway.namespace,
                evidence=tuple(trusted(link.view, link.gateway) for link in links),
            )


def _links(mesh: Mesh) -> dict[str, list[_Link]]:
    """By peer, the gateways that lead to it and to no other, with the trust domain that each expects."""
    found: dict[str, list[_Link]] = {}
    for view in sorted(members_of(mesh), key=lambda one: one.context):
        led_to: dict[str, list[str]] = {}
        for peer in peers_of(view, mesh.views):
            for gateway in links_to(view, peer):
                led_to.setdefault(place_of(gateway), []).append(peer.context)
        for gateway in gateways_of(view, REMOTE):
            peers, domain = led_to.get(place_of(gateway), []), gateway.metadata.annotation(TRUST_DOMAIN)
            if domain and len(peers) == 1:
                found.setdefault(peers[0], []).append(_Link(view.context, view, gateway, domain))
    return found


def _said(links: Sequence[_Link]) -> str:
    """Which clusters expect which: ``a in c1, c2; b in c3``."""
    contexts: dict[str, dict[str, None]] = {}
    for link in links:
        contexts.setdefault(link.domain, {})[link.context] = None
    return "; ".join(f"{domain} in {', '.join(some)}" for domain, some in sorted(contexts.items()))
