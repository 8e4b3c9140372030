"""What is read of Gateways, GatewayClasses and HTTPRoutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

JSON: TypeAlias = dict[str, Any]
ObjectKey: TypeAlias = tuple[str, str]

GATEWAY_GROUP = "gateway.networking.k8s.io"
CONTROLLERS = frozenset(
    {
        "istio.io/gateway-controller",
        "kgateway.dev/kgateway",
        "agentgateway.dev/agentgateway",
        "solo.io/gloo-gateway",
    }
)
"""The controllers of GatewayClasses whose Gateways the sandbox serves."""


@dataclass(frozen=True, slots=True)
class Listener:
    """One listener of a Gateway. `namespaces` is All, Same or Selector."""

    name: str
    port: int
    protocol: str
    hostname: str
    namespaces: str
    selector: JSON


@dataclass(frozen=True, slots=True)
class Gateway:
    """A Gateway."""

    key: ObjectKey
    gateway_class: str
    generation: int
    listeners: tuple[Listener, ...]


class Backend(NamedTuple):
    """A backend of a rule; `namespace` is empty where none is set."""

    group: str
    kind: str
    namespace: str
    name: str
    port: int
    weight: int


class Rule(NamedTuple):
    """A rule of an HTTPRoute; matches and filters as they are written."""

    matches: tuple[JSON, ...]
    filters: tuple[JSON, ...]
    backends: tuple[Backend, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """An HTTPRoute; parents as they are written."""

    key: ObjectKey
    created: str
    generation: int
    parents: tuple[JSON, ...]
    hostnames: tuple[str, ...]
    rules: tuple[Rule, ...]


def gateway(obj: JSON) -> Gateway:
    """Read a Gateway."""
    meta, spec = obj["metadata"], obj["spec"]
    return Gateway(
        key=(meta["namespace"], meta["name"]),
        gateway_class=spec["gatewayClassName"],
        generation=meta.get("generation", 1),
        listeners=tuple(map(_listener, spec.get("listeners") or ())),
    )


def _listener(obj: JSON) -> Listener:
    allowed = (obj.get("allowedRoutes") or {}).get("namespaces") or {}
    return Listener(
        name=obj["name"],
        port=obj["port"],
        protocol=obj["protocol"],
        hostname=obj.get("hostname") or "",
        namespaces=allowed.get("from", "Same"),
        selector=allowed.get("selector") or {},
    )


def controller(obj: JSON) -> str | None:
    """The controller of a GatewayClass that the sandbox serves; None for any other, so that it is not kept."""
    name = str(obj["spec"].get("controllerName") or "")
    return name if name in CONTROLLERS else None


def route(obj: JSON) -> Route:
    """Read an HTTPRoute."""
    meta, spec = obj["metadata"], obj["spec"]
    return Route(
        key=(meta["namespace"], meta["name"]),
        created=meta.get("creationTimestamp", ""),
        generation=meta.get("generation", 1),
        parents=tuple(spec.get("parentRefs") or ()),
        hostnames=tuple(spec.get("hostnames") or ()),
        rules=tuple(map(_rule, spec.get("rules") or ({},))),
    )


def _rule(obj: JSON) -> Rule:
    any_path = {"path": {"type": "PathPrefix", "value": "/"}}
    return Rule(
        tuple(obj.get("matches") or (any_path,)),
        tuple(obj.get("filters") or ()),
        tuple(map(_backend, obj.get("backendRefs") or ())),
    )


def _backend(obj: JSON) -> Backend:
    weight = obj.get("weight")
    return Backend(
        obj.get("group") or "",
        obj.get("kind") or "Service",
        obj.get("namespace") or "",
        obj["name"],
        obj.get("port") or 0,
        1 if weight is None else weight,
    )
