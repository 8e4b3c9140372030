"""The clusters themselves, as `check` shows them: reached, control plane, gateways, links to peers (R34, R36)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from meshglobal.domain import kinds
from meshglobal.domain.builds import build_of
from meshglobal.domain.finding import Finding
from meshglobal.domain.gateways import EAST_WEST
from meshglobal.domain.links import Tie, addresses_of, are_read, gateways_of, tie_of, what_ails
from meshglobal.domain.objects import Deployment
from meshglobal.domain.report import API_VERSION, ClusterReport, Problem, Summary
from meshglobal.domain.view import ClusterView
from meshglobal.domain.waivers import Waived

_APP, _ISTIOD = "app", "istiod"


class Direction(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What one cluster says about one peer."""

    context: str
    peer: str
    state: Tie


class Member(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One cluster of the mesh.

    Attributes:
        control_plane_ready, control_plane_total: pods of istiod; null where they could not be read, or none was found.
        versions: of istiod, as its images or revisions tell them; several while one takes over from another.
        network, segment: as labelled; null where unset or unread.
        gateway: ``ready``, ``not-ready``, ``missing`` or ``unknown``.
        addresses: of the cluster's own east-west gateways.
        linked, peers: how many of the selected peers it is linked with, of how many.
    """

    context: str
    reached: bool
    control_plane_ready: int | None = None
    control_plane_total: int | None = None
    versions: tuple[str, ...] = ()
    network: str | None = None
    segment: str | None = None
    gateway: str = "unknown"
    addresses: tuple[str, ...] = ()
    linked: int = 0
    peers: int = 0


class FleetCheck(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `check` prints: the clusters, what each says about each other, and what is wrong."""

    api_version: str = API_VERSION
    kind: str = "FleetCheck"
    command: str = "check"
    exit_code: int = 0
    fail_on: str = "error"
    error: Problem | None = None
    clusters: tuple[ClusterReport, ...] = ()
    members: tuple[Member, ...] = ()
    peering: tuple[Direction, ...] = ()
    findings: tuple[Finding, ...] = ()
    waived: tuple[Waived, ...] = ()
    summary: Summary = Summary()


def control_planes(view: ClusterView) -> list[Deployment]:
    """The Deployments of istiod, of all revisions, by name: wherever Deployments were read."""
    found = [one for one in view.cluster.of(kinds.DEPLOYMENT, Deployment) if one.metadata.label(_APP) == _ISTIOD]
    return sorted(found, key=lambda one: one.name)


def directions(views: Sequence[ClusterView]) -> list[Direction]:
    """Every ordered pair of clusters: links have one direction."""
    return [
        Direction(context=view.context, peer=peer.context, state=tie_of(view, peer))
        for view in views
        for peer in views
        if peer is not view
    ]


def member_of(view: ClusterView, said: Sequence[Direction]) -> Member:
    """One cluster; ``said``: the directions of all."""
    istiods = control_planes(view)
    gateways = gateways_of(view, EAST_WEST)
    own = [one for one in said if one.context == view.context]
    return Member(
        context=view.context,
        reached=view.cluster.is_reached,
        control_plane_ready=sum(one.status.ready_replicas for one in istiods) if istiods else None,
        control_plane_total=sum(one.spec.replicas or 0 for one in istiods) if istiods else None,
        versions=tuple(dict.fromkeys(str(build) for one in istiods if (build := build_of(one)) is not None)),
        network=view.home.network,
        segment=view.home.segment,
        gateway=_gateway_state(view),
        addresses=tuple(address for gateway in gateways for address in addresses_of(gateway)),
        linked=sum(one.state is Tie.LINKED for one in own),
        peers=len(own),
    )


def _gateway_state(view: ClusterView) -> str:
    if not are_read(view):
        return "unknown"
    gateways = gateways_of(view, EAST_WEST)
    if not gateways:
        return "missing"
    return "not-ready" if all(map(what_ails, gateways)) else "ready"
