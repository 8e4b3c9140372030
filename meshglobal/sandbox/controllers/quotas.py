"""ResourceQuotas: how many of the objects that they limit there are. Amounts of CPU and memory are not counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON, name_of, namespace_of
from meshglobal.sandbox.controllers.controller import ALL, Cluster, Key, KeysOf, itself

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshglobal.sandbox.controllers.picture import Event

QUOTAS = "resourcequotas"
_PLAIN = frozenset(
    {
        "pods",
        "services",
        "configmaps",
        "secrets",
        "persistentvolumeclaims",
        "replicationcontrollers",
        "resourcequotas",
    }
)


def counted_resource(limit: str) -> str | None:
    """Return the resource whose objects a limit counts (`services`, `count/deployments.apps`), None for amounts."""
    if limit.startswith("count/"):
        return limit.removeprefix("count/")
    if limit.startswith("services."):
        return "services"
    return limit if limit in _PLAIN else None


def quota_status(quota: JSON, contents: Mapping[str, Sequence[JSON]]) -> JSON:
    """Return the status of a quota: its limits, and how many objects of each the namespace's contents hold."""
    hard = quota["spec"].get("hard") or {}
    counted = {limit: resource for limit in hard if (resource := counted_resource(limit))}
    used = {limit: str(_used(limit, contents.get(resource, ()))) for limit, resource in counted.items()}
    return {"hard": hard, "used": used}


def _used(limit: str, objects: Sequence[JSON]) -> int:
    match limit:
        case "services.loadbalancers":
            return sum(each["spec"].get("type") == "LoadBalancer" for each in objects)
        case "services.nodeports":
            return sum(bool(port.get("nodePort")) for each in objects for port in each["spec"].get("ports") or ())
        case "pods":
            return sum((each.get("status") or {}).get("phase") not in {"Succeeded", "Failed"} for each in objects)
        case _:
            return len(objects)


class Quotas:
    """Keeps the status of each quota current."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.watches: Mapping[str, KeysOf] = {QUOTAS: itself, ALL: self._near}

    def reconcile(self, key: Key) -> None:
        """Write the status of one quota."""
        quota = self._cluster.picture.get(QUOTAS, *key)
        if quota is not None:
            status = quota_status(quota, self._cluster.picture.contents(key[0]))
            self._cluster.write_status(QUOTAS, quota, status)

    def _near(self, event: Event) -> list[Key]:
        """Return the quotas of the namespace, where the number of its objects may have changed."""
        namespace = namespace_of(event.obj)
        return [(namespace, name_of(each)) for each in self._cluster.picture.within(QUOTAS, namespace)]
