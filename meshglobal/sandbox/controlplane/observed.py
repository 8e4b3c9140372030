"""What the control plane reads of a cluster's objects: small frozen records, parsed as the objects arrive.

Two versions of an object that differ in nothing the control plane reads give equal records; so a pod that turns ready
or an annotation that changes costs nothing further. Objects come from any API server and are read with patience: what
is absent or of another shape counts as absent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from meshglobal.domain import labels
from meshglobal.domain.names import ServiceKey

JSON: TypeAlias = dict[str, Any]
Labels: TypeAlias = dict[str, str]


class PortSeen(NamedTuple):
    """One port of a Service; transport is TCP, UDP or SCTP, target a number, a name or None."""

    number: int
    name: str
    transport: str
    app_protocol: str | None
    target: int | str | None


@dataclass(frozen=True, slots=True)
class NamespaceSeen:
    """A Namespace's name and labels."""

    name: str
    labels: Labels


@dataclass(frozen=True, slots=True)
class ServiceSeen:
    """A Service as far as publishing goes."""

    key: ServiceKey
    labels: Labels
    selector: Labels
    ports: tuple[PortSeen, ...]
    is_headless: bool
    is_external_name: bool


@dataclass(frozen=True, slots=True)
class PodSeen:
    """A Pod that may serve: identity and address; address is empty until it has one."""

    namespace: str
    name: str
    labels: Labels
    service_account: str
    address: str
    is_finished: bool


@dataclass(frozen=True, slots=True)
class GatewaySeen:
    """A Gateway that links clusters (classes istio-eastwest and istio-remote); others are not kept."""

    namespace: str
    name: str
    gateway_class: str
    network: str
    cluster: str
    trust_domain: str


@dataclass(frozen=True, slots=True)
class SegmentSeen:
    """A Segment and its domain, as written."""

    namespace: str
    name: str
    domain: str


def namespace_seen(obj: JSON) -> NamespaceSeen:
    """Read a Namespace."""
    return NamespaceSeen(name_of(obj), _strings(_metadata(obj), "labels"))


def service_seen(obj: JSON) -> ServiceSeen:
    """Read a Service."""
    spec = _mapping(obj, "spec")
    return ServiceSeen(
        key=ServiceKey(namespace_of(obj), name_of(obj)),
        labels=_strings(_metadata(obj), "labels"),
        selector=_strings(spec, "selector"),
        ports=tuple(_port(port) for port in spec.get("ports") or () if isinstance(port.get("port"), int)),
        is_headless=spec.get("clusterIP") == "None",
        is_external_name=spec.get("type") == "ExternalName",
    )


def pod_seen(obj: JSON) -> PodSeen:
    """Read a Pod."""
    spec, status = _mapping(obj, "spec"), _mapping(obj, "status")
    return PodSeen(
        namespace=namespace_of(obj),
        name=name_of(obj),
        labels=_strings(_metadata(obj), "labels"),
        service_account=spec.get("serviceAccountName") or "default",
        address=status.get("podIP") or "",
        is_finished=status.get("phase") in {"Succeeded", "Failed"} or "deletionTimestamp" in _metadata(obj),
    )


def gateway_seen(obj: JSON) -> GatewaySeen:
    """Read a Gateway."""
    metadata = _metadata(obj)
    marks = _strings(metadata, "labels")
    return GatewaySeen(
        namespace=namespace_of(obj),
        name=name_of(obj),
        gateway_class=_mapping(obj, "spec").get("gatewayClassName") or "",
        network=marks.get(labels.NETWORK, ""),
        cluster=marks.get(labels.CLUSTER, ""),
        trust_domain=_strings(metadata, "annotations").get(labels.TRUST_DOMAIN, ""),
    )


def segment_seen(obj: JSON) -> SegmentSeen:
    """Read a Segment."""
    return SegmentSeen(namespace_of(obj), name_of(obj), _mapping(obj, "spec").get("domain") or "")


def name_of(obj: JSON) -> str:
    """The object's name."""
    return str(_metadata(obj).get("name", ""))


def namespace_of(obj: JSON) -> str:
    """The object's namespace; empty for cluster-wide ones."""
    return str(_metadata(obj).get("namespace") or "")


def _port(port: JSON) -> PortSeen:
    return PortSeen(
        number=port["port"],
        name=port.get("name") or "",
        transport=port.get("protocol") or "TCP",
        app_protocol=port.get("appProtocol"),
        target=port.get("targetPort"),
    )


def _metadata(obj: JSON) -> JSON:
    return _mapping(obj, "metadata")


def _mapping(obj: JSON, key: str) -> JSON:
    found = obj.get(key)
    return found if isinstance(found, dict) else {}


def _strings(obj: JSON, key: str) -> Labels:
    return {name: str(value) for name, value in _mapping(obj, key).items()}
