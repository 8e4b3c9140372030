"""One cluster as the data plane sees it, kept current by events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from meshglobal.domain import labels
from meshglobal.domain.names import ServiceKey
from meshglobal.sandbox.controlplane import resources, sight
from meshglobal.sandbox.controlplane.picture import ClusterPicture
from meshglobal.sandbox.dataplane import observed
from meshglobal.sandbox.dataplane.ingress import observed as ingress
from meshglobal.sandbox.dataplane.observed import JSON, Entry, Link, Locality, Member, ObjectKey, Pod, Service, Slice

if TYPE_CHECKING:
    from collections.abc import Callable

SLICES, NODES = "endpointslices.discovery.k8s.io", "nodes"
CLASSES, ROUTES = (f"{plural}.{ingress.GATEWAY_GROUP}" for plural in ("gatewayclasses", "httproutes"))
_SHARED: Final = tuple(kind.resource for kind in resources.READ)
"""What the control plane's picture takes in; scope, takeover and segments are looked up there."""
_OWN: Final[Mapping[str, Mapping[str, Callable[[JSON], Any]]]] = {
    resources.PODS: {"pods": observed.pod},
    resources.SERVICES: {"services": observed.service},
    resources.GATEWAYS: {"links": observed.link, "gateways": ingress.gateway},
    resources.SERVICE_ENTRIES: {"entries": observed.entry},
    resources.WORKLOAD_ENTRIES: {"members": observed.member},
    SLICES: {"slices": observed.endpoint_slice},
    NODES: {"nodes": observed.node_locality},
    CLASSES: {"gateway_classes": ingress.controller},
    ROUTES: {"routes": ingress.route},
}
"""By resource, what is kept of an object and how that is read; what reads as None is not kept."""
_Record = TypeVar("_Record")
FOLLOWED: Final = tuple(dict.fromkeys((*_SHARED, *_OWN)))


@dataclass(slots=True)
class ClusterSight:
    """What is known of one cluster. The plain dicts are for reading; `take_in` writes."""

    name: str
    picture: ClusterPicture
    pods: dict[ObjectKey, Pod] = field(default_factory=dict)
    services: dict[ObjectKey, Service] = field(default_factory=dict)
    slices: dict[ObjectKey, Slice] = field(default_factory=dict)
    nodes: dict[ObjectKey, Locality] = field(default_factory=dict)
    entries: dict[ObjectKey, Entry] = field(default_factory=dict)
    members: dict[ObjectKey, Member] = field(default_factory=dict)
    links: dict[ObjectKey, Link] = field(default_factory=dict)
    gateways: dict[ObjectKey, ingress.Gateway] = field(default_factory=dict)
    gateway_classes: dict[ObjectKey, str] = field(default_factory=dict)
    """Those that the sandbox serves, each with its controller's name."""
    routes: dict[ObjectKey, ingress.Route] = field(default_factory=dict)
    _slices_of: dict[ServiceKey, dict[ObjectKey, Slice]] = field(default_factory=dict)
    _members_of: dict[ServiceKey, dict[ObjectKey, Member]] = field(default_factory=dict)

    def take_in(self, resource: str, event: str, obj: JSON) -> bool:
        """Take in an event; whether anything that is read has changed."""
        is_gone = event == "DELETED"
        is_news = False
        if resource in _SHARED:
            is_news = sight.take_in(self.picture, resource, obj, is_gone=is_gone) != sight.NOTHING
            is_news = is_news or resource == resources.NAMESPACES
        for attribute, read in _OWN.get(resource, {}).items():
            is_news |= self._keep(attribute, observed.key_of(obj), None if is_gone else read(obj))
        return is_news

    def _keep(self, attribute: str, key: ObjectKey, record: Any) -> bool:
        kept: dict[ObjectKey, Any] = getattr(self, attribute)
        before = kept.pop(key, None)
        if record is not None:
            kept[key] = record
        if before == record:
            return False
        if attribute == "slices":
            _reindex(self._slices_of, key, before and before.service, record and record.service, record)
        elif attribute == "members":
            _reindex(self._members_of, key, before and before.parent, record and record.parent, record)
        return True

    @property
    def network(self) -> str:
        """The network by the label on istio-system; the cluster's own name where that is missing (R36)."""
        return self.picture.mesh_labels.get(labels.NETWORK) or self.name

    def slices_of(self, service: ServiceKey) -> Iterator[Slice]:
        """The EndpointSlices of a Service."""
        yield from self._slices_of.get(service, {}).values()

    def members_of(self, parent: ServiceKey) -> list[Member]:
        """The generated WorkloadEntries for a service, by name."""
        found = self._members_of.get(parent, {})
        return [found[key] for key in sorted(found)]

    def locality_of(self, pod: Pod) -> Locality:
        """Where a pod runs: where its node stands."""
        return self.nodes.get(("", pod.node), Locality())


def _reindex(
    index: dict[ServiceKey, dict[ObjectKey, _Record]],
    key: ObjectKey,
    before: ServiceKey | None,
    after: ServiceKey | None,
    record: _Record,
) -> None:
    """List a record under another service than before; None: under none."""
    if before is not None:
        index[before].pop(key, None)
        if not index[before]:
            del index[before]
    if after is not None:
        index.setdefault(after, {})[key] = record
