"""Taking objects into a picture, and which services a change concerns.

Each kind has a way in and a way out. Both answer with the services that may look different now - EVERYTHING where a
change moves the whole cluster, such as another segment - and with nothing where the record stayed equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from meshglobal.domain.names import ISTIO_NAMESPACE, ServiceKey
from meshglobal.sandbox.controlplane import observed, resources
from meshglobal.sandbox.controlplane.observed import JSON
from meshglobal.sandbox.controlplane.peering import LINK_CLASSES
from meshglobal.sandbox.controlplane.picture import ClusterPicture


class Touched(NamedTuple):
    """The services that a change concerns."""

    keys: frozenset[ServiceKey] = frozenset()
    everything: bool = False


NOTHING = Touched()
EVERYTHING = Touched(everything=True)


class Sight(Protocol):
    """How one kind is taken in."""

    def __call__(self, picture: ClusterPicture, obj: JSON, *, is_gone: bool) -> Touched:
        """Change the picture; say what that concerns."""


def take_in(picture: ClusterPicture, resource: str, obj: JSON, *, is_gone: bool = False) -> Touched:
    """Show an object of a read resource, or its end, to a picture."""
    return _SIGHTS[resource](picture, obj, is_gone=is_gone)


def _namespace(picture: ClusterPicture, obj: JSON, *, is_gone: bool) -> Touched:
    seen = observed.namespace_seen(obj)
    before = picture.namespace_labels(seen.name)
    services = [picture.services[key] for key in picture.services_in(seen.name)]
    waypoints = _waypoints(picture, services)
    if not is_gone:
        picture.put_namespace(seen)
    elif seen.name in picture.namespaces:
        picture.drop_namespace(seen.name)
    if before == picture.namespace_labels(seen.name):
        return NOTHING
    if seen.name == ISTIO_NAMESPACE:
        return EVERYTHING
    return Touched(frozenset({service.key for service in services} | waypoints | _waypoints(picture, services)))


def _service(picture: ClusterPicture, obj: JSON, *, is_gone: bool) -> Touched:
    seen = observed.service_seen(obj)
    before = picture.services.get(seen.key)
    after = None if is_gone else seen
    if before == after:
        return NOTHING
    waypoints = _waypoints(picture, [before] if before else [])
    if after:
        picture.put_service(after)
        waypoints |= _waypoints(picture, [after])
    else:
        picture.drop_service(seen.key)
    return Touched(frozenset({seen.key} | waypoints))


def _pod(picture: ClusterPicture, obj: JSON, *, is_gone: bool) -> Touched:
    seen = observed.pod_seen(obj)
    key = (seen.namespace, seen.name)
    before = picture.pods.get(key)
    after = None if is_gone else seen
    if before == after:
        return NOTHING
    if after:
        picture.put_pod(after)
    else:
        picture.drop_pod(key)
    return Touched(frozenset(service for pod in (before, after) if pod for service in picture.services_of(pod)))


def _gateway(picture: ClusterPicture, obj: JSON, *, is_gone: bool) -> Touched:
    seen = observed.gateway_seen(obj)
    key = (seen.namespace, seen.name)
    before = picture.gateways.pop(key, None)
    if not is_gone and seen.gateway_class in LINK_CLASSES:
        picture.gateways[key] = seen
    return NOTHING if before == picture.gateways.get(key) else EVERYTHING


def _segment(picture: ClusterPicture, obj: JSON, *, is_gone: bool) -> Touched:
    seen = observed.segment_seen(obj)
    key = (seen.namespace, seen.name)
    before = picture.segments.pop(key, None)
    if not is_gone:
        picture.segments[key] = seen
    return NOTHING if before == picture.segments.get(key) else EVERYTHING


def _waypoints(picture: ClusterPicture, services: Iterable[observed.ServiceSeen]) -> set[ServiceKey]:
    return {waypoint for service in services if (waypoint := picture.waypoint_of(service))}


_SIGHTS: dict[str, Sight] = {
    resources.NAMESPACES: _namespace,
    resources.SEGMENTS: _segment,
    resources.GATEWAYS: _gateway,
    resources.SERVICES: _service,
    resources.PODS: _pod,
}
