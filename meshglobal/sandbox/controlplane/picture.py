"""One cluster as the control plane sees it: records by key, with the indexes that keep each question cheap.

A picture is fed with single objects in any order. It answers about one service without walking over all of them:
which pods a selector finds, which services a pod serves, which services use a waypoint.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from meshglobal.domain import labels
from meshglobal.domain.names import ISTIO_NAMESPACE, ServiceKey
from meshglobal.sandbox.controlplane.observed import (
    GatewaySeen,
    Labels,
    NamespaceSeen,
    PodSeen,
    SegmentSeen,
    ServiceSeen,
)

ObjectKey: TypeAlias = tuple[str, str]
"""(namespace, name)"""
_LabelKey: TypeAlias = tuple[str, str, str]
"""(namespace, label, value)"""
_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(slots=True)
class ClusterPicture:
    """What is known of one cluster. The plain dicts are for reading; the put and drop methods write."""

    name: str
    namespaces: dict[str, NamespaceSeen] = field(default_factory=dict)
    services: dict[ServiceKey, ServiceSeen] = field(default_factory=dict)
    pods: dict[ObjectKey, PodSeen] = field(default_factory=dict)
    gateways: dict[ObjectKey, GatewaySeen] = field(default_factory=dict)
    segments: dict[ObjectKey, SegmentSeen] = field(default_factory=dict)
    _by_namespace: dict[str, set[ServiceKey]] = field(default_factory=dict)
    _by_selector: dict[_LabelKey, set[ServiceKey]] = field(default_factory=dict)
    _pods_by_label: dict[_LabelKey, set[ObjectKey]] = field(default_factory=dict)
    _by_waypoint: dict[ServiceKey, set[ServiceKey]] = field(default_factory=dict)

    def frozen(self) -> ClusterPicture:
        """A copy that no later put or drop changes."""
        twin = copy(self)
        for name in ("namespaces", "services", "pods", "gateways", "segments"):
            setattr(twin, name, dict(getattr(self, name)))
        for name in ("_by_namespace", "_by_selector", "_pods_by_label", "_by_waypoint"):
            setattr(twin, name, {key: set(found) for key, found in getattr(self, name).items()})
        return twin

    def namespace_labels(self, namespace: str) -> Labels:
        """The labels of a Namespace; empty while it is not known."""
        seen = self.namespaces.get(namespace)
        return seen.labels if seen else {}

    @property
    def mesh_labels(self) -> Labels:
        """The labels of istio-system: they place the cluster in a network and a segment (R6, R36)."""
        return self.namespace_labels(ISTIO_NAMESPACE)

    def services_in(self, namespace: str) -> Iterable[ServiceKey]:
        """The services of a namespace."""
        return self._by_namespace.get(namespace, ())

    def pods_of(self, service: ServiceSeen) -> Iterator[PodSeen]:
        """The pods that a Service selects, by name; none for a Service without a selector."""
        if not service.selector:
            return
        wanted = service.selector.items()
        first, value = next(iter(wanted))
        for key in sorted(self._pods_by_label.get((service.key.namespace, first, value), ())):
            pod = self.pods[key]
            if wanted <= pod.labels.items():
                yield pod

    def services_of(self, pod: PodSeen) -> Iterator[ServiceKey]:
        """The services that select a pod."""
        for label, value in pod.labels.items():
            for key in self._by_selector.get((pod.namespace, label, value), ()):
                if self.services[key].selector.items() <= pod.labels.items():
                    yield key

    def waypoint_of(self, service: ServiceSeen) -> ServiceKey | None:
        """The waypoint that a Service uses by its own label or else its Namespace's; None for none."""
        marks = service.labels
        if labels.USE_WAYPOINT not in marks:
            marks = self.namespace_labels(service.key.namespace)
        name = marks.get(labels.USE_WAYPOINT, "")
        if name in {"", "none"}:
            return None
        return ServiceKey(marks.get(labels.USE_WAYPOINT_NAMESPACE, service.key.namespace), name)

    def users_of(self, waypoint: ServiceKey) -> Iterable[ServiceKey]:
        """The services that use a waypoint."""
        return self._by_waypoint.get(waypoint, ())

    def put_namespace(self, seen: NamespaceSeen) -> None:
        """Take in a Namespace."""
        with_waypoints = tuple(self.services[key] for key in self.services_in(seen.name))
        for service in with_waypoints:
            self._unlist_waypoint(service)
        self.namespaces[seen.name] = seen
        for service in with_waypoints:
            self._list_waypoint(service)

    def drop_namespace(self, name: str) -> None:
        """Forget a Namespace; its services go by their own events."""
        self.put_namespace(NamespaceSeen(name, {}))
        del self.namespaces[name]

    def put_service(self, seen: ServiceSeen) -> None:
        """Take in a Service."""
        self.drop_service(seen.key)
        self.services[seen.key] = seen
        self._by_namespace.setdefault(seen.key.namespace, set()).add(seen.key)
        if seen.selector:
            self._by_selector.setdefault(_first(seen), set()).add(seen.key)
        self._list_waypoint(seen)

    def drop_service(self, key: ServiceKey) -> None:
        """Forget a Service."""
        seen = self.services.get(key)
        if seen is None:
            return
        self._unlist_waypoint(seen)
        if seen.selector:
            _unlist(self._by_selector, _first(seen), key)
        _unlist(self._by_namespace, key.namespace, key)
        del self.services[key]

    def put_pod(self, seen: PodSeen) -> None:
        """Take in a Pod."""
        key = (seen.namespace, seen.name)
        self.drop_pod(key)
        self.pods[key] = seen
        for label, value in seen.labels.items():
            self._pods_by_label.setdefault((seen.namespace, label, value), set()).add(key)

    def drop_pod(self, key: ObjectKey) -> None:
        """Forget a Pod."""
        seen = self.pods.pop(key, None)
        for label, value in seen.labels.items() if seen else ():
            _unlist(self._pods_by_label, (key[0], label, value), key)

    def _list_waypoint(self, service: ServiceSeen) -> None:
        if waypoint := self.waypoint_of(service):
            self._by_waypoint.setdefault(waypoint, set()).add(service.key)

    def _unlist_waypoint(self, service: ServiceSeen) -> None:
        if waypoint := self.waypoint_of(service):
            _unlist(self._by_waypoint, waypoint, service.key)


def _first(service: ServiceSeen) -> _LabelKey:
    """One label of the selector: enough to find the service from a pod's labels."""
    label, value = next(iter(service.selector.items()))
    return service.key.namespace, label, value


def _unlist(index: dict[_K, set[_V]], key: _K, value: _V) -> None:
    found = index.get(key, set())
    found.discard(value)
    if not found:
        index.pop(key, None)
