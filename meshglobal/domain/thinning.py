"""What of a cluster is kept in memory: of a Service that is not published, only what a table or a finding tells of it.

A mesh has many times more Services than global ones. Of a Service that its cluster does not publish, name, type, ports
and the keys of the mesh stay; of its EndpointSlices, how many endpoints are ready. Equal parts are shared. No verdict,
finding or table changes by that. Whoever looks at pods, or writes, needs the whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from meshglobal.domain import kinds
from meshglobal.domain.labels import SERVICE_NAME, Section
from meshglobal.domain.misspelling import intended
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import (
    Endpoint,
    EndpointConditions,
    EndpointSlice,
    Meta,
    Namespace,
    Object,
    Service,
    ServicePort,
    ServiceSpec,
)
from meshglobal.domain.scope import scope_of
from meshglobal.domain.snapshot import ClusterSnapshot

Thin = Callable[[ClusterSnapshot], ClusterSnapshot]

# A cluster of fewer Services is kept whole: thinning takes 6 µs an object.
_MANY = 500
_OURS = ("solo.io", "istio", "gateway.networking.k8s.io")
_READY = Endpoint()
_UNREADY = Endpoint(conditions=EndpointConditions(ready=False))


def thinned(cluster: ClusterSnapshot) -> ClusterSnapshot:
    """The cluster without what nobody looks at.

    The same where it has few Services, or where they or the Namespaces were not read as a whole.
    """
    is_whole = cluster.has_read(kinds.SERVICE) and cluster.has_read(kinds.NAMESPACE)
    if not is_whole or len(cluster.objects.get(kinds.SERVICE, ())) < _MANY:
        return cluster
    quiet = _quiet_services(cluster)
    specs: dict[tuple[object, ...], ServiceSpec] = {}
    objects: dict[kinds.Kind, tuple[Object, ...]] = dict(cluster.objects)
    objects[kinds.SERVICE] = tuple(
        _thin_service(one, specs) if ServiceKey(one.namespace, one.name) in quiet else one
        for one in cluster.of(kinds.SERVICE, Service)
    )
    if kinds.ENDPOINT_SLICE in objects:
        objects[kinds.ENDPOINT_SLICE] = tuple(
            _thin_slice(one, name) if (one.namespace, name := one.metadata.label(SERVICE_NAME)) in quiet else one
            for one in cluster.of(kinds.ENDPOINT_SLICE, EndpointSlice)
        )
    return replace(cluster, objects=objects)


def _quiet_services(cluster: ClusterSnapshot) -> set[tuple[str, str | None]]:
    """The Services that their cluster does not publish for certain."""
    namespaces = {one.name: one for one in cluster.of(kinds.NAMESPACE, Namespace)}
    return {
        ServiceKey(one.namespace, one.name)
        for one in cluster.of(kinds.SERVICE, Service)
        if scope_of(one, namespaces.get(one.namespace, Namespace())).is_published is False
    }


def _thin_service(service: Service, specs: dict[tuple[object, ...], ServiceSpec]) -> Service:
    spec, metadata = service.spec, service.metadata
    looks = (spec.type, spec.cluster_ip == "None", spec.external_name, tuple(map(_facts, service.ports)))
    if (shared := specs.get(looks)) is None:
        cluster_ip = spec.cluster_ip if service.is_headless else None
        shared = specs[looks] = ServiceSpec(
            type=spec.type, cluster_ip=cluster_ip, ports=spec.ports, external_name=spec.external_name
        )
    kept = Meta(
        name=metadata.name,
        namespace=_one(metadata.namespace),
        deletion_timestamp=metadata.deletion_timestamp,
        labels=_kept(metadata.labels),
        annotations=_kept(metadata.annotations),
    )
    return Service(metadata=kept, spec=shared)


def _thin_slice(found: EndpointSlice, service: str | None) -> EndpointSlice:
    metadata = Meta(
        name=found.name, namespace=_one(found.namespace), labels={SERVICE_NAME: service} if service else None
    )
    endpoints = [_READY if one.is_ready else _UNREADY for one in found.endpoints or ()]
    return EndpointSlice(metadata=metadata, address_type=found.address_type, endpoints=endpoints)


def _facts(port: ServicePort) -> tuple[object, ...]:
    return port.port, port.name, port.protocol, port.app_protocol, port.target_port


def _kept(written: dict[str, str] | None) -> dict[str, str] | None:
    return {name: value for name, value in (written or {}).items() if _matters(name)} or None


@lru_cache(maxsize=1 << 12)  # the same keys stand on most objects
def _matters(name: str) -> bool:
    return any(word in name for word in _OURS) or any(intended(name, section) for section in Section)


@lru_cache(maxsize=1 << 12)
def _one(text: str) -> str:
    """The same text, held once."""
    return text
