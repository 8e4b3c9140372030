"""The link to a peer goes and comes back: its remote gateway's condition changed at least twice while it was watched.

Something on the way drops connections now and then: a load balancer that sends to a gateway that is not ready, a limit
of connections, two control planes that write the same gateway. It is looked for with `--samples` alone; links are
followed all the time in between, so a change between two looks counts as well. A single change is no unrest.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.peering.seen import labelled, members_of, place_of, said
from meshglobal.domain import kinds
from meshglobal.domain.circumstances import Unsteady
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.gateways import REMOTE
from meshglobal.domain.links import gateways_of
from meshglobal.domain.objects import Gateway
from meshglobal.domain.steadiness import is_flapping
from meshglobal.domain.view import ClusterView

CHECK = Check(
    code="MG313",
    slug="peer-flapping",
    title="The link to a peer flaps",
    level=Level.ERROR,
    summary="the link through the remote Gateway {gateway} flaps: {condition} was {seen}",
    remedy="istioctl multicluster check --contexts {context} --verbose",
    needs=(kinds.GATEWAY, kinds.NAMESPACE),
    rule="R34",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Each gateway once, by the first of its conditions that did not stay."""
    for view in members_of(mesh):
        for gateway in gateways_of(view, REMOTE):
            unrest = [one for one in view.cluster.circumstances.unsteady if is_flapping(one) and _is_of(one, gateway)]
            if unrest:
                yield CHECK.finding(
                    context=view.context,
                    gateway=place_of(gateway),
                    condition=unrest[0].condition.rpartition("/")[2],
                    seen=_shown(unrest[0]),
                    evidence=(_seen(view, gateway, unrest[0]), labelled(view, gateway)),
                )


def _is_of(one: Unsteady, gateway: Gateway) -> bool:
    return (one.namespace, one.name) == (gateway.namespace, gateway.name)


def _seen(view: ClusterView, gateway: Gateway, unrest: Unsteady) -> Evidence:
    return msgspec.structs.replace(said(view, gateway, unrest.condition), value=_shown(unrest))


def _shown(one: Unsteady, most: int = 5) -> str:
    shown = ", ".join(one.seen[:most])
    return shown if len(one.seen) <= most else f"{shown} and changed {len(one.seen) - most} times more"
