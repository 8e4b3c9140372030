"""Whether a cluster publishes a service, how far, and whether it takes over the cluster-local name (R1-R5, R24-R26)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from meshglobal.domain import labels
from meshglobal.domain.names import ServiceKey
from meshglobal.sandbox.controlplane.observed import Labels, ServiceSeen
from meshglobal.sandbox.controlplane.picture import ClusterPicture
from meshglobal.sandbox.controlplane.switches import Switches

GLOBAL = "global"
SEGMENT = "segment"

_REACH: Mapping[str, str] = {"global": GLOBAL, "segment": SEGMENT, "global-only": GLOBAL}
"""What publishes, and how far. Everything else - `cluster`, empty, unknown - does not (R1, R3)."""
_TAKES_OVER = "global-only"


class Publication(NamedTuple):
    """A Service that its cluster publishes: reach is GLOBAL or SEGMENT."""

    service: ServiceSeen
    reach: str
    is_taken_over: bool


def publication(cluster: ClusterPicture, key: ServiceKey, switches: Switches) -> Publication | None:
    """How a cluster publishes its own Service of that name; None if it has none or does not publish it."""
    service = cluster.services.get(key)
    if service is None or not _is_publishable(service, switches):
        return None
    return _by_label(cluster, service, switches) or _as_waypoint(cluster, service, switches)


def _is_publishable(service: ServiceSeen, switches: Switches) -> bool:
    """Kinds of Services about which the record is silent (R40)."""
    if service.is_external_name:
        return switches.external_name == "published"
    return not service.is_headless or switches.headless == "published"


def _by_label(cluster: ClusterPicture, service: ServiceSeen, switches: Switches) -> Publication | None:
    scope = _effective_scope(service.labels, cluster.namespace_labels(service.key.namespace), switches)
    reach = _REACH.get(scope)
    if reach is None:
        return None
    return Publication(service, reach, scope == _TAKES_OVER or _is_taken_over(cluster, service))


def _effective_scope(own: Labels, namespace: Labels, switches: Switches) -> str:
    """The Service's label if the key is there, even empty; else the Namespace's; else `cluster` (R2)."""
    inherited = namespace.get(labels.SERVICE_SCOPE, "cluster")
    scope = own.get(labels.SERVICE_SCOPE, inherited)
    if switches.scope_precedence == "either" and scope not in _REACH:
        return inherited
    return scope


def _is_taken_over(cluster: ClusterPicture, service: ServiceSeen) -> bool:
    """Exactly `true`, on the Service or else on its Namespace (R24)."""
    inherited = cluster.namespace_labels(service.key.namespace).get(labels.SERVICE_TAKEOVER)
    return service.labels.get(labels.SERVICE_TAKEOVER, inherited) == labels.TAKEOVER_ON


def _as_waypoint(cluster: ClusterPicture, service: ServiceSeen, switches: Switches) -> Publication | None:
    """A waypoint's Service goes with the services that use it, though nobody labelled it (R23)."""
    if switches.waypoint_entries == "none":
        return None
    users = (cluster.services[key] for key in cluster.users_of(service.key))
    reaches = {found.reach for user in users if (found := _by_label(cluster, user, switches))}
    if not reaches:
        return None
    return Publication(service, GLOBAL if GLOBAL in reaches else SEGMENT, is_taken_over=False)
