"""`python -m bench.bundles PATH CLUSTERS SERVICES GLOBAL [REFERENCES]`: a healthy mesh in a bundle, from no clusters.

It is for measuring what comes after the reading, and made in a process of its own: the most memory of a program that
is started counts from what its parent had.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from meshglobal.app.checking import fleet_queries
from meshglobal.app.picture import MeshSettings, mesh_queries, route_queries
from meshglobal.domain import gateways, kinds, labels, links
from meshglobal.domain.kinds import Kind
from meshglobal.domain.names import DEFAULT_DOMAIN, ISTIO_NAMESPACE
from meshglobal.domain.objects import Object
from meshglobal.domain.snapshot import Query
from meshglobal.files.bundle import Index, IndexCluster, IndexMember, IndexReading
from meshglobal.files.bundle_writing import write_bundle

Objects = dict[Kind, list[Object]]
_NAMESPACES = 20
SEGMENT = "acme"
_PORTS = ({"name": "http", "port": 80, "targetPort": 8080}, {"name": "grpc", "port": 9090, "targetPort": 9090})


class Size(NamedTuple):
    """A mesh: in each cluster so many Services, the first of which are global, published by all clusters.

    ``references``: HTTPRoutes in all, each of which names a global host; with any, every cluster knows a Segment.
    """

    clusters: int
    services: int
    exposed: int
    references: int = 0

    @property
    def contexts(self) -> list[str]:
        """The names of its clusters."""
        return [f"cluster{number}" for number in range(1, self.clusters + 1)]


def queries() -> tuple[Query, ...]:
    """What the commands read, of all namespaces."""
    mesh = MeshSettings()
    found = (*mesh_queries(mesh, None, (kinds.ENDPOINT_SLICE,)), *fleet_queries(mesh), *route_queries())
    return tuple(dict.fromkeys(found))


def write(path: Path, size: Size) -> None:
    """Write the bundle of a mesh."""
    contexts = size.contexts
    readings = tuple(
        IndexReading(kind=one.kind.word, namespace=one.namespace, name=one.name, is_optional=one.is_optional)
        for one in queries()
    )
    made = {place: _cluster(context, size) for place, context in enumerate(contexts)}
    index = Index(
        members=tuple(IndexMember(context=context, server="https://127.0.0.1:6443") for context in contexts),
        clusters=tuple(
            IndexCluster(
                context=context,
                uid=f"uid-{context}",
                readings=readings,
                objects={kind.word: len(found) for kind, found in made[place].items()},
            )
            for place, context in enumerate(contexts)
        ),
    )
    write_bundle(path, index, lambda place, kind: tuple(made[place][kind]))


def _cluster(context: str, size: Size) -> Objects:
    exposed = [_name(number) for number in range(size.exposed)]
    peers = [peer for peer in size.contexts if peer != context]
    referring = range(size.references // size.clusters)
    return {
        kinds.SEGMENT: _records(kinds.SEGMENT, [_segment()] if size.references else []),
        kinds.HTTP_ROUTE: _records(kinds.HTTP_ROUTE, (_route(n, n % size.exposed) for n in referring)),
        kinds.NAMESPACE: _records(kinds.NAMESPACE, _namespaces(context)),
        kinds.SERVICE: _records(kinds.SERVICE, (_service(n, size) for n in range(size.services))),
        kinds.ENDPOINT_SLICE: _records(kinds.ENDPOINT_SLICE, map(_slice, range(size.services))),
        kinds.SERVICE_ENTRY: _records(kinds.SERVICE_ENTRY, (_entry(*name) for name in exposed)),
        kinds.WORKLOAD_ENTRY: _records(
            kinds.WORKLOAD_ENTRY, (_peer_entry(peer, *name) for name in exposed for peer in peers)
        ),
        kinds.GATEWAY: _records(kinds.GATEWAY, _gateways(context, peers)),
        kinds.DEPLOYMENT: _records(kinds.DEPLOYMENT, [_control_plane()]),
        kinds.DAEMON_SET: _records(kinds.DAEMON_SET, map(_agent, ("ztunnel", "istio-cni-node"))),
    }


def _records(kind: Kind, found: Iterable[dict[str, Any]]) -> list[Object]:
    return [msgspec.convert(one, kind.record) for one in found]


def _name(number: int) -> tuple[str, str]:
    return f"team-{number % _NAMESPACES:02}", f"service-{number:05}"


def _meta(name: str, namespace: str = "", **own: str) -> dict[str, Any]:
    return {
        "name": name,
        "namespace": namespace,
        "uid": f"0b1f3c9e-8f2e-4a4f-9a55-{abs(hash((namespace, name))) % 10**12:012}",
        "resourceVersion": "123456",
        "creationTimestamp": "2026-11-01T10:00:00Z",
        "labels": own,
    }


def _namespaces(context: str) -> Iterator[dict[str, Any]]:
    yield {"metadata": _meta(ISTIO_NAMESPACE, **{labels.NETWORK: context})}
    for number in range(_NAMESPACES):
        yield {"metadata": _meta(f"team-{number:02}", **{labels.DATAPLANE_MODE: "ambient"})}


def _service(number: int, size: Size) -> dict[str, Any]:
    namespace, name = _name(number)
    scope = {labels.SERVICE_SCOPE: "global"} if number < size.exposed else {}
    own = {"app": name, "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "shop"}
    spec = {"clusterIP": f"10.96.0.{number % 250}", "selector": {"app": name}, "ports": list(_PORTS)}
    return {"metadata": _meta(name, namespace, **own, **scope), "spec": spec}


def _slice(number: int) -> dict[str, Any]:
    namespace, name = _name(number)
    endpoints = [{"addresses": [f"10.1.2.{host}"], "conditions": {"ready": True}} for host in (1, 2)]
    return {"metadata": _meta(f"{name}-x1", namespace, **{labels.SERVICE_NAME: name}), "endpoints": endpoints}


def _entry(namespace: str, name: str) -> dict[str, Any]:
    ports = [{"name": one["name"], "number": one["port"], "protocol": str(one["name"]).upper()} for one in _PORTS]
    spec = {
        "hosts": [f"{name}.{namespace}.{DEFAULT_DOMAIN}"],
        "ports": ports,
        "resolution": "STATIC",
        "workloadSelector": {"labels": {labels.PARENT_SERVICE: name}},
    }
    own = {labels.PARENT_SERVICE: name, labels.PARENT_SERVICE_NAMESPACE: namespace}
    return {"metadata": _meta(f"autogen.{namespace}.{name}", ISTIO_NAMESPACE, **own), "spec": spec}


def _peer_entry(peer: str, namespace: str, name: str) -> dict[str, Any]:
    own = {labels.PARENT_SERVICE: name, labels.PARENT_SERVICE_NAMESPACE: namespace, labels.CLUSTER: peer}
    return {
        "metadata": _meta(f"autogen.{peer}.{namespace}.{name}", ISTIO_NAMESPACE, **own),
        "spec": {"network": peer},
    }


def _gateways(context: str, peers: list[str]) -> Iterator[dict[str, Any]]:
    yield _gateway("istio-eastwest", gateways.EAST_WEST, context, (links.PROGRAMMED,))
    for peer in peers:
        yield _gateway(f"istio-remote-peer-{peer}", gateways.REMOTE, peer, (links.CONNECTED, links.SUCCEEDED))


def _gateway(name: str, class_name: str, network: str, conditions: tuple[str, ...]) -> dict[str, Any]:
    own = {labels.NETWORK: network} | ({labels.CLUSTER: network} if class_name == gateways.REMOTE else {})
    addresses = [{"value": f"{network}.example.com", "type": "Hostname"}]
    return {
        "metadata": _meta(name, "istio-gateways", **own),
        "spec": {"gatewayClassName": class_name, "addresses": addresses},
        "status": {
            "addresses": addresses,
            "conditions": [{"type": one, "status": "True", "reason": "Ready"} for one in conditions],
        },
    }


def _segment() -> dict[str, Any]:
    return {"metadata": _meta(SEGMENT, ISTIO_NAMESPACE), "spec": {"domain": f"mesh.{SEGMENT}"}}


def _route(number: int, service: int) -> dict[str, Any]:
    namespace, name = _name(service)
    host = f"{name}.{namespace}.{DEFAULT_DOMAIN}"
    backend = {"group": "networking.istio.io", "kind": "Hostname", "name": host, "port": 80}
    spec = {"parentRefs": [{"name": "gateway"}], "rules": [{"backendRefs": [backend]}]}
    return {"metadata": _meta(f"route-{number:05}", namespace), "spec": spec}


def _control_plane() -> dict[str, Any]:
    return {
        "metadata": _meta("istiod", ISTIO_NAMESPACE, app="istiod"),
        "spec": {"replicas": 1},
        "status": {"replicas": 1, "readyReplicas": 1},
    }


def _agent(name: str) -> dict[str, Any]:
    own = {"app": name} if name == "ztunnel" else {"k8s-app": name}
    counts = {"desiredNumberScheduled": 3, "numberReady": 3, "updatedNumberScheduled": 3, "numberAvailable": 3}
    spec = {"selector": {"matchLabels": own}, "template": {"metadata": {"labels": own}}}
    return {"metadata": _meta(name, ISTIO_NAMESPACE, **own), "spec": spec, "status": counts}


if __name__ == "__main__":
    write(Path(sys.argv[1]), Size(*map(int, sys.argv[2:])))
