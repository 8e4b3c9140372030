"""Parts two clusters of a mesh altogether: control planes, requests, and what their Gateways say of each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from meshglobal.sandbox.apiserver.cluster import EmbeddedCluster
from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.apiserver.objects import JSON
from meshglobal.sandbox.controlplane.peering import REMOTE_CLASS
from meshglobal.sandbox.controlplane.reconciler import Reconciler
from meshglobal.sandbox.controlplane.resources import GATEWAYS

if TYPE_CHECKING:
    from meshglobal.sandbox.dataplane.plane import Dataplane

_CONNECTED: Final = "gloo.solo.io/PeerConnected"
_EASTWEST_CLASS: Final = "istio-eastwest"


class Partitions:
    """The network between the clusters of a mesh, which can be cut pair by pair."""

    def __init__(self, clusters: Sequence[EmbeddedCluster], reconciler: Reconciler, plane: Dataplane | None) -> None:
        self._clients: Mapping[str, LocalClient] = {each.name: each.client("pilot-discovery") for each in clusters}
        self._reconciler = reconciler
        self._plane = plane

    def part(self, one: str, other: str, *, is_silent: bool = False) -> None:
        """Cut two clusters apart: their connections are refused or, where that is silent, never answered."""
        self._reconciler.cut(one, other)
        if self._plane is not None:
            self._plane.cut(one, other, is_silent=is_silent)
        why = "i/o timeout" if is_silent else "connection refused"
        self._say(one, other, is_connected=False, why=f"disconnected, retrying: {why}")

    def join(self, one: str, other: str) -> None:
        """Join two parted clusters again."""
        if self._plane is not None:
            self._plane.join(one, other)
        self._reconciler.join(one, other)
        self._say(one, other, is_connected=True, why="")

    async def settled(self) -> None:
        """Wait until requests go as the network and the objects are now."""
        if self._plane is not None:
            await self._plane.settled()

    def _say(self, one: str, other: str, *, is_connected: bool, why: str) -> None:
        for viewer, peer in ((one, other), (other, one)):
            client = self._clients[viewer]
            for gateway in tuple(self._remotes(client, peer)):
                said = _judged(gateway, peer, is_connected=is_connected, why=why)
                client.replace(GATEWAYS, gateway | {"status": said}, "status")

    def _remotes(self, viewer: LocalClient, peer: str) -> Iterator[JSON]:
        """The remote Gateways of a cluster that lead to a peer's east-west Gateway."""
        there = {
            address
            for each in self._clients[peer].list(GATEWAYS)
            if each["spec"].get("gatewayClassName") == _EASTWEST_CLASS
            for address in _values(each.get("status") or {})
        }
        for each in viewer.list(GATEWAYS):
            if each["spec"].get("gatewayClassName") == REMOTE_CLASS and _values(each["spec"]) & there:
                yield each


def _judged(gateway: JSON, peer: str, *, is_connected: bool, why: str) -> JSON:
    """The status of a remote Gateway; a condition that it does not have is not added."""
    status: JSON = gateway.get("status") or {}
    now = {
        "status": str(is_connected),
        "reason": "Connected" if is_connected else "NotConnected",
        "message": f"connected to {peer}" if is_connected else why,
    }
    conditions = status.get("conditions") or ()
    return status | {"conditions": [each | now if each.get("type") == _CONNECTED else each for each in conditions]}


def _values(holder: JSON) -> set[str]:
    return {str(each.get("value")) for each in holder.get("addresses") or () if each.get("value")}
