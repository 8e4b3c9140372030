"""Table cells that are more than one field of an object, by the name data/columns.yaml gives them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver import pod_cells
from meshglobal.sandbox.apiserver.durations import since

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON

Cell = Callable[["JSON", dt.datetime], Any]
NONE = "<none>"
_SHOWN_ENDPOINTS = 3


def age(obj: JSON, now: dt.datetime) -> str:
    """How long ago the object was made."""
    return since(obj["metadata"].get("creationTimestamp"), now)


def labels(found: JSON | None) -> str:
    """Labels as `a=1,b=2`, sorted."""
    return ",".join(f"{key}={value}" for key, value in sorted((found or {}).items())) or NONE


def selector(found: JSON | None) -> str:
    """A label selector as a query: `app=x,tier in (a,b),!old`."""
    parts = [labels(found["matchLabels"])] if found and found.get("matchLabels") else []
    for each in (found or {}).get("matchExpressions") or []:
        key, values = each["key"], ",".join(sorted(each.get("values") or []))
        words = {"In": f"{key} in ({values})", "NotIn": f"{key} notin ({values})", "Exists": key}
        parts.append(words.get(each["operator"], f"!{key}"))
    return ",".join(parts) or NONE


def _external_ip(obj: JSON, _now: dt.datetime) -> str:
    spec = obj["spec"]
    addresses = list(spec.get("externalIPs") or [])
    if spec.get("type") == "ExternalName":
        return str(spec.get("externalName") or NONE)
    if spec.get("type") == "LoadBalancer":
        ingress = obj.get("status", {}).get("loadBalancer", {}).get("ingress") or []
        addresses = [each.get("ip") or each.get("hostname") for each in ingress] + addresses
        return ",".join(addresses) or "<pending>"
    return ",".join(addresses) or NONE


def _service_ports(obj: JSON, _now: dt.datetime) -> str:
    shown = []
    for port in obj["spec"].get("ports") or []:
        node_port = f":{port['nodePort']}" if port.get("nodePort") else ""
        shown.append(f"{port['port']}{node_port}/{port.get('protocol', 'TCP')}")
    return ",".join(shown) or NONE


def _data_count(obj: JSON, _now: dt.datetime) -> int:
    return len(obj.get("data") or {}) + len(obj.get("binaryData") or {})


def _ready_replicas(obj: JSON, _now: dt.datetime) -> str:
    return f"{obj.get('status', {}).get('readyReplicas', 0)}/{obj['spec'].get('replicas', 0)}"


def _template_containers(obj: JSON) -> list[JSON]:
    found: list[JSON] = (obj["spec"].get("template") or {}).get("spec", {}).get("containers") or []
    return found


def _last_seen(obj: JSON, now: dt.datetime) -> str:
    series = obj.get("series") or {}
    first = obj.get("firstTimestamp") or obj.get("eventTime")
    return since(series.get("lastObservedTime") or obj.get("lastTimestamp") or first, now)


def _involved(obj: JSON, _now: dt.datetime) -> str:
    about = obj.get("involvedObject") or {}
    kind = about.get("kind", "").lower()
    return f"{kind}/{about['name']}" if about.get("name") else kind


def _endpoints(obj: JSON, _now: dt.datetime) -> str:
    found = []
    for subset in obj.get("subsets") or []:
        for port in subset.get("ports") or [{}]:
            number = f":{port['port']}" if "port" in port else ""
            found += [f"{address['ip']}{number}" for address in subset.get("addresses") or []]
    return _first_few(found)


def _slice_ports(obj: JSON, _now: dt.datetime) -> str:
    return _first_few([str(port.get("port", "*")) for port in obj.get("ports") or []], "<unset>")


def _slice_addresses(obj: JSON, _now: dt.datetime) -> str:
    return _first_few(
        [each for endpoint in obj.get("endpoints") or [] for each in endpoint.get("addresses") or []], "<unset>"
    )


def _first_few(found: list[str], nothing: str = NONE) -> str:
    if len(found) <= _SHOWN_ENDPOINTS:
        return ",".join(found) or nothing
    return f"{','.join(found[:_SHOWN_ENDPOINTS])} + {len(found) - _SHOWN_ENDPOINTS} more..."


def _node_status(obj: JSON, _now: dt.datetime) -> str:
    conditions = {each["type"]: each["status"] for each in obj.get("status", {}).get("conditions") or []}
    ready = {"True": "Ready", None: "Unknown"}.get(conditions.get("Ready"), "NotReady")
    return f"{ready},SchedulingDisabled" if obj.get("spec", {}).get("unschedulable") else ready


def _node_roles(obj: JSON, _now: dt.datetime) -> str:
    prefix = "node-role.kubernetes.io/"
    found = [key.removeprefix(prefix) for key in obj["metadata"].get("labels") or {} if key.startswith(prefix)]
    return ",".join(sorted(found)) or NONE


def _quota(is_limit: bool) -> Cell:  # noqa: FBT001 - the table below is its only caller
    def shown(obj: JSON, _now: dt.datetime) -> str:
        status = obj.get("status") or {}
        hard, used = status.get("hard") or {}, status.get("used") or {}
        names = sorted(name for name in hard if name.startswith("limits.") == is_limit)
        return ", ".join(f"{name}: {used.get(name, '0')}/{hard[name]}" for name in names)

    return shown


CELLS: dict[str, Cell] = {
    "age": age,
    "external-ip": _external_ip,
    "service-ports": _service_ports,
    "labels": lambda obj, _now: labels(obj["spec"].get("selector")),
    "selector": lambda obj, _now: selector(obj["spec"].get("selector")),
    "data-count": _data_count,
    "ready-replicas": _ready_replicas,
    "containers": lambda obj, _now: ",".join(each.get("name", "") for each in _template_containers(obj)) or NONE,
    "images": lambda obj, _now: ",".join(each.get("image", "") for each in _template_containers(obj)) or NONE,
    "last-seen": _last_seen,
    "involved-object": _involved,
    "endpoints": _endpoints,
    "slice-ports": _slice_ports,
    "slice-addresses": _slice_addresses,
    "node-status": _node_status,
    "node-roles": _node_roles,
    "quota-requests": _quota(is_limit=False),
    "quota-limits": _quota(is_limit=True),
    "pod-ready": lambda obj, _now: pod_cells.ready(obj),
    "pod-status": lambda obj, _now: pod_cells.status(obj),
    "pod-restarts": pod_cells.restarts,
    "readiness-gates": lambda obj, _now: pod_cells.gates(obj),
}
