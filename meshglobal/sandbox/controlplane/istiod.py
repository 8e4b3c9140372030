"""Whether the control plane of an embedded cluster works: that follows from its istiod pods.

As in a real cluster, none does its work where the Deployment is scaled to nothing, and a new pod does what one that
hangs left undone. A cluster that never had an istiod is not held: its scenario leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from meshglobal.domain.names import ISTIO_NAMESPACE
from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.controlplane.observed import JSON, name_of, namespace_of
from meshglobal.sandbox.controlplane.ownership import labels_of
from meshglobal.sandbox.controlplane.reconciler import Reconciler

_LABEL, _VALUE = "app", "istiod"


class Istiods:
    """Holds the control planes whose istiod is down or hangs, and releases them when a pod of theirs is ready."""

    def __init__(self, clients: Iterable[LocalClient], reconciler: Reconciler) -> None:
        self._clients = {client.cluster: client for client in clients}
        self._reconciler = reconciler
        self._hanging: dict[str, set[str]] = {name: set() for name in self._clients}
        self._had_one: set[str] = set()
        self._cancels: list[Callable[[], None]] = []

    def start(self) -> None:
        """Follow the pods of every cluster."""
        for client in self._clients.values():
            self._cancels.append(client.subscribe("pods", self._follower(client)))
            self._look_at(client)

    def stop(self) -> None:
        """Follow nothing any more."""
        for cancel in self._cancels:
            cancel()
        self._cancels.clear()

    def hang(self, name: str) -> None:
        """Let the istiod pods that a cluster has now do nothing any more, though they stay ready."""
        self._hanging[name] = {_uid(pod) for pod in _pods(self._clients[name])}
        self._look_at(self._clients[name])

    def revive(self, name: str) -> None:
        """Let pods that hang go on."""
        self._hanging[name] = set()
        self._look_at(self._clients[name])

    def hanging(self) -> list[str]:
        """The clusters whose present istiod pods hang."""
        return [
            name for name, client in self._clients.items() if {_uid(pod) for pod in _pods(client)} & self._hanging[name]
        ]

    def _follower(self, client: LocalClient) -> Callable[[str, JSON], None]:
        def on_event(event: str, obj: JSON) -> None:
            del event
            if _is_istiod(obj):
                self._look_at(client)

        return on_event

    def _look_at(self, client: LocalClient) -> None:
        pods = _pods(client)
        if pods:
            self._had_one.add(client.cluster)
        works = any(_is_ready(pod) and _uid(pod) not in self._hanging[client.cluster] for pod in pods)
        if works or client.cluster not in self._had_one:
            self._reconciler.release(client.cluster)
        else:
            self._reconciler.hold(client.cluster)


def _pods(client: LocalClient) -> list[JSON]:
    return [pod for pod in client.list("pods", ISTIO_NAMESPACE) if _is_istiod(pod)]


def _is_istiod(pod: JSON) -> bool:
    return namespace_of(pod) == ISTIO_NAMESPACE and labels_of(pod).get(_LABEL) == _VALUE


def _is_ready(pod: JSON) -> bool:
    conditions = (pod.get("status") or {}).get("conditions") or ()
    return any((each.get("type"), each.get("status")) == ("Ready", "True") for each in conditions)


def _uid(pod: JSON) -> str:
    return str(pod["metadata"].get("uid", name_of(pod)))
