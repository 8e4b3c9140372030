"""What the data plane reads of a cluster's objects: small records, parsed as the objects arrive.

Versions of an object that differ in nothing read here give equal records, so they cause no work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from meshglobal.domain import labels
from meshglobal.domain.names import ServiceKey

JSON: TypeAlias = dict[str, Any]
Labels: TypeAlias = dict[str, str]
ObjectKey: TypeAlias = tuple[str, str]
"""(namespace, name)"""

_SUBZONE = "topology.istio.io/subzone"


class Locality(NamedTuple):
    """Where something runs; empty where that is not said."""

    region: str = ""
    zone: str = ""
    subzone: str = ""


@dataclass(frozen=True, slots=True)
class Pod:
    """A Pod: whether it runs, where, and by what its application is told."""

    key: ObjectKey
    uid: str
    labels: Labels
    address: str
    node: str
    images: tuple[str, ...]
    ports: tuple[int, ...]
    is_running: bool
    is_on_host_network: bool


@dataclass(frozen=True, slots=True)
class Service:
    """A Service: its address and ports, (number, name) each."""

    key: ServiceKey
    address: str
    ports: tuple[tuple[int, str], ...]
    distribution: str | None
    """By annotation, else by spec.trafficDistribution, as written."""
    external_name: str


class SliceEndpoint(NamedTuple):
    """One endpoint of an EndpointSlice."""

    address: str
    pod: str
    is_ready: bool


@dataclass(frozen=True, slots=True)
class Slice:
    """An EndpointSlice: the Service that it belongs to, ports by name."""

    key: ObjectKey
    service: ServiceKey
    ports: dict[str, int]
    endpoints: tuple[SliceEndpoint, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A ServiceEntry; one that was generated names the service that it stands for as its parent."""

    key: ObjectKey
    parent: ServiceKey | None
    hosts: tuple[str, ...]
    ports: tuple[int, ...]
    selector: Labels


@dataclass(frozen=True, slots=True)
class Member:
    """A WorkloadEntry: without an address it stands for all of a peer (R19), with one for a pod (R21)."""

    key: ObjectKey
    parent: ServiceKey | None
    labels: Labels
    address: str
    network: str


@dataclass(frozen=True, slots=True)
class Link:
    """A Gateway between clusters; the addresses of its status count before those that it asks for."""

    key: ObjectKey
    gateway_class: str
    network: str
    addresses: tuple[str, ...]
    locality: Locality


def pod(obj: JSON) -> Pod:
    """Read a Pod."""
    spec, status = _mapping(obj, "spec"), _mapping(obj, "status")
    containers = spec.get("containers") or ()
    return Pod(
        key=key_of(obj),
        uid=str(_metadata(obj).get("uid", "")),
        labels=_strings(_metadata(obj), "labels"),
        address=status.get("podIP") or "",
        node=spec.get("nodeName") or "",
        images=tuple(str(each.get("image", "")) for each in containers),
        ports=tuple(port["containerPort"] for each in containers for port in each.get("ports") or ()),
        is_running=status.get("phase") == "Running" and "deletionTimestamp" not in _metadata(obj),
        is_on_host_network=bool(spec.get("hostNetwork")),
    )


def service(obj: JSON) -> Service:
    """Read a Service."""
    spec = _mapping(obj, "spec")
    marked = _strings(_metadata(obj), "annotations").get(labels.TRAFFIC_DISTRIBUTION)
    return Service(
        key=ServiceKey(*key_of(obj)),
        address=spec.get("clusterIP") or "",
        ports=tuple((port["port"], port.get("name") or "") for port in spec.get("ports") or ()),
        distribution=marked if marked is not None else spec.get("trafficDistribution"),
        external_name=(spec.get("externalName") or "") if spec.get("type") == "ExternalName" else "",
    )


def endpoint_slice(obj: JSON) -> Slice:
    """Read an EndpointSlice."""
    namespace, _ = key_of(obj)
    return Slice(
        key=key_of(obj),
        service=ServiceKey(namespace, _strings(_metadata(obj), "labels").get(labels.SERVICE_NAME, "")),
        ports={port.get("name") or "": port["port"] for port in obj.get("ports") or () if port.get("port")},
        endpoints=tuple(_slice_endpoint(each) for each in obj.get("endpoints") or ()),
    )


def _slice_endpoint(obj: JSON) -> SliceEndpoint:
    # A condition that is not said counts as ready, as the API defines it.
    is_ready = _mapping(obj, "conditions").get("ready") is not False
    return SliceEndpoint((obj.get("addresses") or [""])[0], _mapping(obj, "targetRef").get("name", ""), is_ready)


def entry(obj: JSON) -> Entry:
    """Read a ServiceEntry."""
    spec = _mapping(obj, "spec")
    return Entry(
        key=key_of(obj),
        parent=_parent(obj),
        hosts=tuple(spec.get("hosts") or ()),
        ports=tuple(port["number"] for port in spec.get("ports") or () if isinstance(port.get("number"), int)),
        selector=_strings(_mapping(spec, "workloadSelector"), "labels"),
    )


def member(obj: JSON) -> Member:
    """Read a WorkloadEntry."""
    spec = _mapping(obj, "spec")
    return Member(
        key_of(obj), _parent(obj), _strings(spec, "labels"), spec.get("address") or "", spec.get("network") or ""
    )


def link(obj: JSON) -> Link:
    """Read a Gateway."""
    spec, marks = _mapping(obj, "spec"), _strings(_metadata(obj), "labels")
    given = _mapping(obj, "status").get("addresses") or spec.get("addresses") or ()
    return Link(
        key=key_of(obj),
        gateway_class=spec.get("gatewayClassName") or "",
        network=marks.get(labels.NETWORK, ""),
        addresses=tuple(str(each.get("value", "")) for each in given),
        locality=_locality(marks),
    )


def node_locality(obj: JSON) -> Locality:
    """Read where a Node stands."""
    return _locality(_strings(_metadata(obj), "labels"))


def key_of(obj: JSON) -> ObjectKey:
    """Return the namespace, empty for cluster-wide objects, and the name."""
    found = _metadata(obj)
    return str(found.get("namespace") or ""), str(found.get("name", ""))


def _locality(marks: Labels) -> Locality:
    return Locality(marks.get(labels.REGION, ""), marks.get(labels.ZONE, ""), marks.get(_SUBZONE, ""))


def _parent(obj: JSON) -> ServiceKey | None:
    marks = _strings(_metadata(obj), "labels")
    name, namespace = marks.get(labels.PARENT_SERVICE), marks.get(labels.PARENT_SERVICE_NAMESPACE)
    return ServiceKey(namespace, name) if name and namespace else None


def _metadata(obj: JSON) -> JSON:
    return _mapping(obj, "metadata")


def _mapping(obj: JSON, key: str) -> JSON:
    found = obj.get(key)
    return found if isinstance(found, dict) else {}


def _strings(obj: JSON, key: str) -> Labels:
    return {name: str(value) for name, value in _mapping(obj, key).items()}
