"""EndpointSlices: for each Service with a selector, the pods behind it with their readiness and ports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver.objects import JSON, name_of, namespace_of
from meshglobal.sandbox.apiserver.selectors import selects
from meshglobal.sandbox.controllers.conditions import is_true
from meshglobal.sandbox.controllers.controller import Cluster, Key, KeysOf, itself
from meshglobal.sandbox.controllers.label_index import LabelIndex, SelectorIndex
from meshglobal.sandbox.controllers.ownership import controller_reference, is_leaving, labels_of, uid_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from meshglobal.sandbox.controllers.picture import Event

SERVICES, SLICES, PODS, NODES = "services", "endpointslices.discovery.k8s.io", "pods", "nodes"
SERVICE_NAME = "kubernetes.io/service-name"
MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
_US = "endpointslice-controller.k8s.io"
_MOST_ENDPOINTS = 100
_ZONE = "topology.kubernetes.io/zone"


def slices_of(service: JSON, pods: Iterable[JSON], zones: Mapping[str, str]) -> list[JSON]:
    """Return the EndpointSlices that a Service must have, without names.

    Pods that resolve a named targetPort to different numbers stand in different slices; none holds more than 100.

    Args:
        service: any Service; one without a selector, or an ExternalName, has no slices of ours.
        pods: the pods of its namespace.
        zones: node name -> zone.
    """
    selector = service["spec"].get("selector")
    if not selector or service["spec"].get("type") == "ExternalName":
        return []
    groups: dict[tuple[tuple[tuple[str, Any], ...], ...], list[JSON]] = {}
    for pod in pods:
        if selects({"matchLabels": selector}, labels_of(pod)) and _has_address(pod):
            ports = tuple(tuple(sorted(each.items())) for each in _ports(service, pod))
            groups.setdefault(ports, []).append(_endpoint(service, pod, zones))
    found = []
    for ports, endpoints in groups.items():
        endpoints.sort(key=lambda each: str(each["targetRef"]["name"]))
        parts = (endpoints[at : at + _MOST_ENDPOINTS] for at in range(0, len(endpoints), _MOST_ENDPOINTS))
        found += [_slice(service, [dict(each) for each in ports], part) for part in parts]
    return found or [_slice(service, [], [])]


def _has_address(pod: JSON) -> bool:
    status = pod.get("status") or {}
    return bool(status.get("podIP")) and status.get("phase") not in {"Succeeded", "Failed"}


def _endpoint(service: JSON, pod: JSON, zones: Mapping[str, str]) -> JSON:
    is_serving, node = is_true(pod, "Ready"), pod["spec"].get("nodeName", "")
    is_ready = bool(service["spec"].get("publishNotReadyAddresses")) or (is_serving and not is_leaving(pod))
    reference = {"kind": "Pod", "namespace": namespace_of(pod), "name": name_of(pod), "uid": uid_of(pod)}
    conditions = {"ready": is_ready, "serving": is_serving, "terminating": is_leaving(pod)}
    endpoint: JSON = {"addresses": [pod["status"]["podIP"]], "conditions": conditions, "targetRef": reference}
    if node:
        endpoint["nodeName"] = node
    if node in zones:
        endpoint["zone"] = zones[node]
    return endpoint


def _ports(service: JSON, pod: JSON) -> list[JSON]:
    """Return the ports of the slice that a pod belongs to; a named targetPort that the pod lacks is left out."""
    found = []
    for port in service["spec"].get("ports") or ():
        protocol = port.get("protocol", "TCP")
        number = _resolved(pod, port.get("targetPort", port["port"]), protocol)
        if number is None:
            continue
        shown = {"name": port.get("name", ""), "port": number, "protocol": protocol}
        if port.get("appProtocol"):
            shown["appProtocol"] = port["appProtocol"]
        found.append(shown)
    return found


def _resolved(pod: JSON, target: int | str, protocol: str) -> int | None:
    if isinstance(target, int):
        return target
    for container in pod["spec"]["containers"]:
        for port in container.get("ports") or ():
            if port.get("name") == target and port.get("protocol", "TCP") == protocol:
                return int(port["containerPort"])
    return None


def _slice(service: JSON, ports: Sequence[JSON], endpoints: Sequence[JSON]) -> JSON:
    labels = labels_of(service) | {SERVICE_NAME: name_of(service), MANAGED_BY: _US}
    if service["spec"].get("clusterIP") == "None":
        labels["service.kubernetes.io/headless"] = ""
    meta = {
        "generateName": f"{name_of(service)}-",
        "namespace": namespace_of(service),
        "labels": labels,
        "ownerReferences": [controller_reference(service)],
    }
    family = (service["spec"].get("ipFamilies") or ["IPv4"])[0]
    typed = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": meta, "addressType": family}
    return typed | {"ports": list(ports), "endpoints": list(endpoints)}


def matched(wanted: Sequence[JSON], present: Sequence[JSON]) -> tuple[list[JSON], list[JSON], list[JSON]]:
    """Return (create, replace, delete) that turn the present slices into the wanted ones.

    A present slice is reused where its ports are the same, else where there is any left: few writes, stable names.
    """
    left, create, replace = list(present), [], []
    for each in sorted(wanted, key=lambda one: -len(one["endpoints"])):
        same_ports = [other for other in left if (other.get("ports") or []) == each["ports"]]
        found = next(iter(same_ports or left), None)
        if found is None:
            create.append(each)
            continue
        left.remove(found)
        if _contents(found) != _contents(each):
            meta = found["metadata"] | {"labels": each["metadata"]["labels"]}
            replace.append(found | {"metadata": meta, "ports": each["ports"], "endpoints": each["endpoints"]})
    return create, replace, left


def _contents(endpoint_slice: JSON) -> tuple[Any, ...]:
    """Return what a slice says; empty lists are left out of stored objects."""
    lists = (endpoint_slice.get("ports") or [], endpoint_slice.get("endpoints") or [])
    return labels_of(endpoint_slice), *lists


class EndpointSlices:
    """Keeps the slices of each Service."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._pods = LabelIndex()
        self._services = SelectorIndex()
        self.watches: Mapping[str, KeysOf] = {
            SERVICES: self._of_service,
            SLICES: self._of_slice,
            PODS: self._behind_which,
            NODES: lambda _: (),
        }

    def reconcile(self, key: Key) -> None:
        """Bring the slices of one Service in order; those of a Service that is gone go with it as its dependents."""
        picture, client = self._cluster.picture, self._cluster.client
        service = picture.get(SERVICES, *key)
        if service is None or is_leaving(service):
            return
        nodes = picture.everything(NODES)
        zones = {name_of(each): labels_of(each)[_ZONE] for each in nodes if _ZONE in labels_of(each)}
        owned = [each for kind, each in picture.dependents(uid_of(service)) if kind == SLICES]
        present = [each for each in owned if labels_of(each).get(MANAGED_BY) == _US and not is_leaving(each)]
        create, replace, delete = matched(slices_of(service, self._selected_by(service), zones), present)
        for each in replace:
            client.replace(SLICES, each)
        for each in create:
            client.create(SLICES, each)
        for each in delete:
            client.delete(SLICES, key[0], name_of(each))

    def _selected_by(self, service: JSON) -> list[JSON]:
        selector, namespace = _selector(service), namespace_of(service)
        names = self._pods.selected(namespace, selector) if selector else []
        found = (self._cluster.picture.get(PODS, namespace, name) for name in names)
        return [each for each in found if each is not None]

    def _of_slice(self, event: Event) -> list[Key]:
        service = labels_of(event.obj).get(SERVICE_NAME)
        return [(namespace_of(event.obj), service)] if service else []

    def _of_service(self, event: Event) -> list[Key]:
        (key,) = itself(event)
        if event.before is not None:
            self._services.drop(*key, _selector(event.before))
        if event.after is not None:
            self._services.put(*key, _selector(event.after))
        return [key]

    def _behind_which(self, event: Event) -> list[Key]:
        """Return the Services that select a pod, or did before it changed."""
        ((namespace, name),) = itself(event)
        services: dict[str, None] = {}
        if event.before is not None:
            self._pods.drop(namespace, name, labels_of(event.before))
            services |= dict.fromkeys(self._services.selecting(namespace, labels_of(event.before)))
        if event.after is not None:
            self._pods.put(namespace, name, labels_of(event.after))
            services |= dict.fromkeys(self._services.selecting(namespace, labels_of(event.after)))
        return [(namespace, service) for service in services]


def _selector(service: JSON) -> dict[str, str]:
    return service["spec"].get("selector") or {}
