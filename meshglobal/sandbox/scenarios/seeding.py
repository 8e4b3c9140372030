"""Put a scenario into embedded clusters: create what is missing, bring what is there to the scenario's state."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import name_of, namespace_of
from meshglobal.sandbox.apiserver.problems import ApiError
from meshglobal.sandbox.scenarios.documents import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshglobal.sandbox.apiserver.local import LocalClient
    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.scenarios.loading import Scenario

_OF_CONTROLLERS = frozenset({"Namespace", "Deployment", "ReplicaSet", "Pod", "ResourceQuota", "PodDisruptionBudget"})
"""Kinds whose status says what is so in the embedded cluster, not what a file says."""
_AT_A_TIME = 5


async def seed(clients: Mapping[str, LocalClient], scenario: Scenario) -> None:
    """Put each cluster's objects into it; may be repeated.

    The loop gets its turn now and then, so that controllers and requests are served meanwhile.

    Raises:
        ScenarioError: for an object that the cluster refuses, with the cluster's reason.
        KeyError: for a scenario that names a cluster without a client.
    """
    for cluster, objects in scenario.items():
        client = clients[cluster]
        for number, obj in enumerate(objects, start=1):
            _put(client, obj)
            if not number % _AT_A_TIME:
                await asyncio.sleep(0)
    await asyncio.sleep(0)


def _put(client: LocalClient, obj: JSON) -> None:
    """Create one object, or bring it to this state; then its status, where that is the scenario's to say."""
    resource = client.resource_for(obj["apiVersion"], obj["kind"])
    if resource is None:
        raise ScenarioError(f"{client.cluster}: {_named(obj)}: the cluster serves no {obj['apiVersion']} {obj['kind']}")
    namespace = (namespace_of(obj) or "default") if resource.namespaced else ""
    # Without apiVersion: the client fills in the one that objects of this resource are kept in.
    placed = {key: value for key, value in obj.items() if key not in {"apiVersion", "status"}}
    if namespace:
        placed["metadata"] = obj["metadata"] | {"namespace": namespace}
    try:
        present = client.get(resource.key, namespace, name_of(obj))
        stored = (
            client.create(resource.key, placed)
            if present is None
            else client.replace(resource.key, _brought_to(present, placed))
        )
        if obj.get("status") and obj["kind"] not in _OF_CONTROLLERS and resource.subresource("status"):
            client.replace(resource.key, stored | {"status": obj["status"]}, "status")
    except ApiError as refusal:
        raise ScenarioError(f"{client.cluster}: {_named(obj)}: {refusal}") from refusal


def _brought_to(present: JSON, wanted: JSON) -> JSON:
    """Return what is there with the scenario's fields; labels and annotations of others stay."""
    meta = dict(present["metadata"])
    for key in ("labels", "annotations"):
        if wanted["metadata"].get(key):
            meta[key] = (meta.get(key) or {}) | wanted["metadata"][key]
    return present | wanted | {"metadata": meta}


def _named(obj: JSON) -> str:
    return "/".join(filter(None, (obj["kind"], namespace_of(obj), name_of(obj))))
