"""Filling in what an object leaves out.

Most defaults are data (`Schema.default`) and hold for Kubernetes' own kinds and for custom ones alike. Those that
depend on other fields are the small functions below, one for each definition that has some; a function gets the
object after its own fixed defaults were filled in and before its parts are looked at.
"""

from __future__ import annotations

import base64
import copy
from functools import cache
from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver.definitions import full_name
from meshglobal.sandbox.apiserver.schema import UNSET

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.schema import Schema

_BY_DEFINITION: dict[str, Callable[[JSON], None]] = {}


def fill(schema: Schema, value: Any) -> None:
    """Fill in the defaults of a value and of its parts, in place."""
    if schema.type == "object" and isinstance(value, dict):
        _fill_object(schema, value)
    elif schema.items is not None and _has_defaults(schema.items):
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for part in parts:
            fill(schema.items, part)


def _fill_object(schema: Schema, value: JSON) -> None:
    for name, default in _fixed(schema):
        if name not in value or (value[name] is None and not schema.fields[name].nullable):
            value[name] = copy.deepcopy(default)
    if conditional := _BY_DEFINITION.get(schema.reference):
        conditional(value)
    for name, part in value.items():
        if isinstance(part, dict | list) and name in schema.fields:
            fill(schema.fields[name], part)


@cache
def _fixed(schema: Schema) -> tuple[tuple[str, Any], ...]:
    return tuple((name, field.default) for name, field in schema.fields.items() if field.default is not UNSET)


def _has_defaults(schema: Schema) -> bool:
    return schema.type in ("object", "list", "map")


def _defaults(name: str) -> Callable[[Callable[[JSON], None]], Callable[[JSON], None]]:
    def register(function: Callable[[JSON], None]) -> Callable[[JSON], None]:
        _BY_DEFINITION[full_name(name)] = function
        return function

    return register


@_defaults("core.Namespace")
def _name_as_label(namespace: JSON) -> None:
    meta = namespace.setdefault("metadata", {})
    if meta.get("name"):
        meta["labels"] = meta.get("labels", {}) | {"kubernetes.io/metadata.name": meta["name"]}


@_defaults("core.ServicePort")
def _target_port(port: JSON) -> None:
    if not port.get("targetPort") and "port" in port:
        port["targetPort"] = port["port"]


@_defaults("core.ServiceSpec")
def _service_spec(spec: JSON) -> None:
    kind = spec["type"]
    if spec["sessionAffinity"] == "ClientIP":
        spec.setdefault("sessionAffinityConfig", {}).setdefault("clientIP", {})
    elif spec["sessionAffinity"] == "None":
        spec.pop("sessionAffinityConfig", None)
    if kind in ("ClusterIP", "NodePort", "LoadBalancer"):
        spec.setdefault("internalTrafficPolicy", "Cluster")
    if kind in ("NodePort", "LoadBalancer") or (kind == "ClusterIP" and spec.get("externalIPs")):
        spec.setdefault("externalTrafficPolicy", "Cluster")
    if kind == "LoadBalancer":
        spec.setdefault("allocateLoadBalancerNodePorts", True)


@_defaults("core.LoadBalancerIngress")
def _ip_mode(ingress: JSON) -> None:
    if ingress.get("ip"):
        ingress.setdefault("ipMode", "VIP")


@_defaults("core.Secret")
def _plain_text(secret: JSON) -> None:
    plain = secret.pop("stringData", None) or {}
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in plain.items()}
    if encoded:
        secret["data"] = secret.get("data", {}) | encoded


@_defaults("core.Pod")
def _pod(pod: JSON) -> None:
    spec = pod["spec"]
    spec.setdefault("enableServiceLinks", True)
    for container in [*spec.get("containers", ()), *spec.get("initContainers", ())]:
        resources = container.get("resources") or {}
        if limits := resources.get("limits"):
            resources["requests"] = limits | resources.get("requests", {})


@_defaults("core.PodSpec")
def _pod_spec(spec: JSON) -> None:
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account:
        spec |= {"serviceAccountName": account, "serviceAccount": account}
    if spec.get("hostNetwork"):
        for container in spec.get("containers", ()):
            for port in container.get("ports", ()):
                port.setdefault("hostPort", port.get("containerPort"))


def _pull_policy(container: JSON) -> None:
    image = container.get("image", "")
    tag = image.rpartition("/")[2].partition(":")[2]
    is_latest = "@" not in image and tag in ("", "latest")
    container.setdefault("imagePullPolicy", "Always" if is_latest else "IfNotPresent")


_defaults("core.Container")(_pull_policy)
_defaults("core.EphemeralContainer")(_pull_policy)


@_defaults("core.Volume")
def _some_source(volume: JSON) -> None:
    if not any(key != "name" for key in volume):
        volume["emptyDir"] = {}


@_defaults("apps.DeploymentStrategy")
def _rolling_update(strategy: JSON) -> None:
    if strategy["type"] == "RollingUpdate":
        strategy["rollingUpdate"] = {"maxSurge": "25%", "maxUnavailable": "25%"} | strategy.get("rollingUpdate", {})


@_defaults("core.ReplicationControllerSpec")
def _selector_of_template(spec: JSON) -> None:
    labels = (spec.get("template") or {}).get("metadata", {}).get("labels")
    if labels:
        spec.setdefault("selector", labels)


@_defaults("rbac.RoleRef")
def _role_group(reference: JSON) -> None:
    reference["apiGroup"] = reference.get("apiGroup") or "rbac.authorization.k8s.io"


@_defaults("rbac.Subject")
def _subject_group(subject: JSON) -> None:
    if subject.get("kind") in ("User", "Group"):
        subject.setdefault("apiGroup", "rbac.authorization.k8s.io")


@_defaults("apiextensions.CustomResourceDefinitionSpec")
def _names(spec: JSON) -> None:
    names = spec.get("names") or {}
    kind = names.get("kind", "")
    names["singular"] = names.get("singular") or kind.lower()
    names["listKind"] = names.get("listKind") or f"{kind}List"


@_defaults("apiextensions.CustomResourceDefinition")
def _stored_versions(definition: JSON) -> None:
    status = definition.setdefault("status", {})
    stored = [version["name"] for version in definition.get("spec", {}).get("versions", ()) if version.get("storage")]
    status.setdefault("storedVersions", stored)
    status.setdefault("acceptedNames", {"kind": "", "plural": ""})
