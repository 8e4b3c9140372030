"""Checks of Kubernetes' own kinds that look at several fields of one object, by the definition they belong to.

Each function gets the part of the object that the definition describes and the path before its fields (empty, or
with a dot at its end).
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver import causes, names
from meshglobal.sandbox.apiserver.definitions import full_name
from meshglobal.sandbox.apiserver.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.problems import Cause

    Check = Callable[[JSON, str], Iterator[Cause]]

BY_DEFINITION: dict[str, Check] = {}
_TLS = "kubernetes.io/tls"
_BAD_ADDRESS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
_SECURITY_LEVELS = ("privileged", "baseline", "restricted")
_SECURITY_LABELS = tuple(f"pod-security.kubernetes.io/{mode}" for mode in ("enforce", "audit", "warn"))
_EPHEMERAL_CANNOT = ("ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "resizePolicy")


def _of(name: str) -> Callable[[Check], Check]:
    def register(function: Check) -> Check:
        BY_DEFINITION[full_name(name)] = function
        return function

    return register


@_of("core.ServiceSpec")
def _service(spec: JSON, path: str) -> Iterator[Cause]:
    ports = spec.get("ports") or []
    is_external = spec.get("type") == "ExternalName"
    if not ports and not is_external and spec.get("clusterIP") != "None":
        yield causes.required(f"{path}ports")
    if is_external and not spec.get("externalName"):
        yield causes.required(f"{path}externalName")
    addresses = spec.get("clusterIPs") or ([spec["clusterIP"]] if spec.get("clusterIP") else [])
    for index, address in enumerate(addresses):
        if address != "None" and not is_address(address):
            yield causes.invalid(f"{path}clusterIPs[{index}]", address, _BAD_ADDRESS)
    yield from _service_ports(ports, f"{path}ports")
    if spec.get("type") == "ClusterIP":
        for index, port in enumerate(ports):
            if port.get("nodePort"):
                yield causes.forbidden(f"{path}ports[{index}].nodePort", "may not be used when `type` is 'ClusterIP'")


def _service_ports(ports: list[JSON], path: str) -> Iterator[Cause]:
    seen_names: set[str] = set()
    seen: set[tuple[Any, ...]] = set()
    for index, port in enumerate(ports):
        name, key = port.get("name", ""), (port.get("port"), port.get("protocol"))
        if not name and len(ports) > 1:
            yield causes.required(f"{path}[{index}].name")
        elif name in seen_names:
            yield causes.duplicate(f"{path}[{index}].name", name)
        if key in seen:
            yield causes.duplicate(f"{path}[{index}]", port)
        seen_names.add(name)
        seen.add(key)


@_of("core.PodSpec")
def _pod(spec: JSON, path: str) -> Iterator[Cause]:
    known: set[str] = set()
    for field in ("containers", "initContainers", "ephemeralContainers"):
        for index, container in enumerate(spec.get(field) or []):
            name = container.get("name")
            if name in known:
                yield causes.duplicate(f"{path}{field}[{index}].name", name)
            known.add(name)
    yield from _repeated(spec.get("volumes") or [], "name", f"{path}volumes")
    yield from _ephemeral(spec, path)


def _ephemeral(spec: JSON, path: str) -> Iterator[Cause]:
    targets = {
        container.get("name") for field in ("containers", "initContainers") for container in spec.get(field) or []
    }
    for index, container in enumerate(spec.get("ephemeralContainers") or []):
        where = f"{path}ephemeralContainers[{index}]"
        target = container.get("targetContainerName")
        if target and target not in targets:
            yield causes.not_found(f"{where}.targetContainerName", target)
        for field in _EPHEMERAL_CANNOT:
            if container.get(field):
                yield causes.forbidden(f"{where}.{field}", "cannot be set for an Ephemeral Container")


@_of("core.ResourceRequirements")
def _resources(resources: JSON, path: str) -> Iterator[Cause]:
    limits = resources.get("limits") or {}
    for name, asked in (resources.get("requests") or {}).items():
        if name in limits and quantity(asked) > quantity(limits[name]):
            why = f"must be less than or equal to {name} limit of {limits[name]}"
            yield causes.invalid(f"{path}requests", asked, why)


@_of("apps.DeploymentSpec")
@_of("apps.ReplicaSetSpec")
@_of("apps.StatefulSetSpec")
def _selector_of_template(spec: JSON, path: str) -> Iterator[Cause]:
    selector = spec.get("selector") or {}
    labels = (spec.get("template") or {}).get("metadata", {}).get("labels") or {}
    wanted = selector.get("matchLabels") or {}
    if (not selector and "selector" in spec) or wanted.items() - labels.items() or not selector:
        yield causes.invalid(f"{path}template.metadata.labels", labels, "`selector` does not match template `labels`")


@_of("apps.DeploymentStrategy")
def _strategy(strategy: JSON, path: str) -> Iterator[Cause]:
    kind = strategy.get("type")
    if kind not in ("Recreate", "RollingUpdate"):
        yield causes.not_supported(path.rstrip("."), strategy, ("Recreate", "RollingUpdate"))
    elif kind == "Recreate" and "rollingUpdate" in strategy:
        why = "may not be specified when strategy `type` is 'Recreate'"
        yield causes.forbidden(f"{path}rollingUpdate", why)


@_of("core.ConfigMap")
def _config_map(found: JSON, path: str) -> Iterator[Cause]:
    binary = found.get("binaryData") or {}
    for key in found.get("data") or {}:
        yield from _config_key(key, f"{path}data[{key}]")
        if key in binary:
            yield causes.invalid(f"{path}data[{key}]", key, "duplicate of key present in binaryData")
    for key in binary:
        yield from _config_key(key, f"{path}binaryData[{key}]")


@_of("core.Secret")
def _secret(found: JSON, path: str) -> Iterator[Cause]:
    held = found.get("data") or {}
    for key in held:
        yield from _config_key(key, f"{path}data[{key}]")
    for key in ("tls.crt", "tls.key") if found.get("type") == _TLS else ():
        if key not in held:
            yield causes.required(f"{path}data[{key}]")


def _config_key(key: str, path: str) -> Iterator[Cause]:
    yield from (causes.invalid(path, key, why) for why in names.config_key_problems(key))


@_of("core.Namespace")
def _security_levels(found: JSON, path: str) -> Iterator[Cause]:
    for key, value in (found["metadata"].get("labels") or {}).items():
        if key in _SECURITY_LABELS and value not in _SECURITY_LEVELS:
            why = f"must be one of {', '.join(_SECURITY_LEVELS)}"
            yield causes.invalid(f"{path}metadata.labels[{key}]", value, why)


@_of("core.Event")
def _event(event: JSON, path: str) -> Iterator[Cause]:
    about = (event.get("involvedObject") or {}).get("namespace", "")
    own = event["metadata"].get("namespace", "")
    if about != own and (about or own != "default"):
        yield causes.invalid(f"{path}involvedObject.namespace", about, "does not match event.namespace")


@_of("discovery.EndpointSlice")
def _addresses(found: JSON, path: str) -> Iterator[Cause]:
    versions = {"IPv4": 4, "IPv6": 6}
    version = versions.get(found.get("addressType", ""))
    for index, endpoint in enumerate(found.get("endpoints") or []):
        for place, address in enumerate(endpoint.get("addresses") or []):
            if version is not None and not is_address(address, version):
                yield causes.invalid(f"{path}endpoints[{index}].addresses[{place}]", address, _BAD_ADDRESS)
    yield from _repeated(found.get("ports") or [], "name", f"{path}ports")


@_of("authorization.SelfSubjectAccessReviewSpec")
def _review(spec: JSON, path: str) -> Iterator[Cause]:
    if ("resourceAttributes" in spec) == ("nonResourceAttributes" in spec):
        why = "exactly one of nonResourceAttributes or resourceAttributes must be specified"
        yield causes.invalid(f"{path}resourceAttributes", spec.get("resourceAttributes"), why)


@_of("apiextensions.CustomResourceDefinition")
def _definition(found: JSON, path: str) -> Iterator[Cause]:
    spec = found.get("spec") or {}
    name = f"{(spec.get('names') or {}).get('plural', '')}.{spec.get('group', '')}"
    if found["metadata"].get("name") != name:
        yield causes.invalid(
            f"{path}metadata.name", found["metadata"].get("name"), 'must be spec.names.plural+"."+spec.group'
        )
    if sum(bool(version.get("storage")) for version in spec.get("versions") or []) != 1:
        yield causes.invalid(f"{path}spec.versions", None, "must have exactly one version marked as storage version")


def is_address(text: str, version: int | None = None) -> bool:
    """Whether a text is an IP address (of this version)."""
    try:
        return version in (None, ipaddress.ip_address(text).version)
    except ValueError:
        return False


def _repeated(items: Iterable[JSON], key: str, path: str) -> Iterator[Cause]:
    seen: set[Any] = set()
    for index, item in enumerate(items):
        if (value := item.get(key, "")) in seen:
            yield causes.duplicate(f"{path}[{index}].{key}", value)
        seen.add(value)
