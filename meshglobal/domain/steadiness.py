"""Whether what the control plane says of its peers stays as it is: conditions of remote gateways, followed in time."""

from __future__ import annotations

from meshglobal.domain.circumstances import Unsteady
from meshglobal.domain.gateways import REMOTE
from meshglobal.domain.links import CONNECTED, SUCCEEDED, condition
from meshglobal.domain.objects import Gateway

FOLLOWED = (CONNECTED, SUCCEEDED)
_THERE_AND_BACK = 3


def is_flapping(one: Unsteady) -> bool:
    """Whether it went and came back: a single change is news, not unrest."""
    return len(one.seen) >= _THERE_AND_BACK


class Sightings:
    """What was seen of the remote gateways of one cluster, one after another."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, str], list[str]] = {}

    def see(self, gateway: Gateway) -> None:
        """Take down what a gateway says now; a condition that it does not report says nothing."""
        if gateway.spec.gateway_class_name != REMOTE:
            return
        for kind in FOLLOWED:
            found = condition(gateway, kind)
            seen = self._seen.setdefault((gateway.namespace, gateway.name, kind), [])
            if found is not None and found.status not in seen[-1:]:
                seen.append(found.status)

    def forget(self, gateway: Gateway) -> None:
        """It is gone: one that comes under its name is another."""
        for kind in FOLLOWED:
            self._seen.pop((gateway.namespace, gateway.name, kind), None)

    def unsteady(self) -> tuple[Unsteady, ...]:
        """The conditions that changed."""
        return tuple(
            Unsteady(namespace=namespace, name=name, condition=kind, seen=tuple(seen))
            for (namespace, name, kind), seen in sorted(self._seen.items())
            if len(seen) > 1
        )
