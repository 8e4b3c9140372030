"""What a remote Gateway says of its peer after somebody changed it: connected, if its address is the peer's.

A Gateway as the scenario made it keeps the status that the scenario gave it. Once its spec has changed, that status is
of an older generation, and the control plane looks again, as istiod does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.controlplane.observed import JSON, name_of, namespace_of
from meshglobal.sandbox.controlplane.peering import REMOTE_CLASS
from meshglobal.sandbox.controlplane.resources import GATEWAYS

_EAST_WEST = "istio-eastwest"
_CONNECTED, _SUCCEEDED = "gloo.solo.io/PeerConnected", "gloo.solo.io/PeeringSucceeded"


class LinkStatus:
    """Writes the conditions of remote Gateways whose spec was changed, in embedded clusters."""

    def __init__(self, clients: Iterable[LocalClient]) -> None:
        self._clients = list(clients)
        self._cancels: list[Callable[[], None]] = []

    def start(self) -> None:
        """Follow the Gateways of every cluster."""
        self._cancels += [client.subscribe(GATEWAYS, self._follower(client)) for client in self._clients]

    def stop(self) -> None:
        """Follow nothing any more."""
        for cancel in self._cancels:
            cancel()
        self._cancels.clear()

    def _follower(self, client: LocalClient) -> Callable[[str, JSON], None]:
        def on_event(event: str, obj: JSON) -> None:
            now = client.get(GATEWAYS, namespace_of(obj), name_of(obj)) if event == "MODIFIED" else None
            if now is not None and now["spec"].get("gatewayClassName") == REMOTE_CLASS and _is_outdated(now):
                client.replace(GATEWAYS, now | {"status": self._status(client.cluster, now)}, "status")

        return on_event

    def _status(self, viewer: str, gateway: JSON) -> JSON:
        addresses = _values(gateway["spec"])
        reached = sorted(name for name, own in self._own_addresses().items() if name != viewer and own & addresses)
        said = ", ".join(sorted(addresses)) or "no address"
        why = f"connected to {reached[0]}" if reached else f"{said}:15012: no route to host"
        status: JSON = gateway["status"]
        return status | {
            "addresses": gateway["spec"].get("addresses") or [],
            "conditions": [_judged(each, gateway, why, is_true=bool(reached)) for each in _conditions(gateway)],
        }

    def _own_addresses(self) -> dict[str, set[str]]:
        """Cluster -> where its own east-west Gateways can be reached."""
        return {
            client.cluster: {
                address
                for each in client.list(GATEWAYS)
                if each["spec"].get("gatewayClassName") == _EAST_WEST
                for address in _values(each.get("status") or {})
            }
            for client in self._clients
        }


def _conditions(gateway: JSON) -> list[JSON]:
    return list((gateway.get("status") or {}).get("conditions") or ())


def _is_outdated(gateway: JSON) -> bool:
    seen = (each.get("observedGeneration") for each in _conditions(gateway) if each.get("type") == _CONNECTED)
    return any(number is not None and number < gateway["metadata"]["generation"] for number in seen)


def _judged(condition: JSON, gateway: JSON, why: str, *, is_true: bool) -> JSON:
    now = {"observedGeneration": gateway["metadata"]["generation"]}
    if condition.get("type") not in (_CONNECTED, _SUCCEEDED):
        return condition | now
    word = "Connected" if condition["type"] == _CONNECTED else "Succeeded"
    reason = word if is_true else f"Not{word}"
    return condition | now | {"status": str(is_true), "reason": reason, "message": why}


def _values(holder: JSON) -> set[str]:
    return {str(each.get("value")) for each in holder.get("addresses") or () if each.get("value")}
