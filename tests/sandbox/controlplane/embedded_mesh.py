"""Embedded clusters without listeners, and a running control plane over them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.apiserver.state import State
from meshglobal.sandbox.controlplane.embedded import EmbeddedAccess
from meshglobal.sandbox.controlplane.reconciler import Reconciler
from meshglobal.sandbox.controlplane.resources import KINDS, READ, WRITTEN
from meshglobal.sandbox.controlplane.switches import Switches

JSON = dict[str, Any]
RESOURCES = {kind.kind: kind.resource for kind in KINDS.values()}
SERVICE_ENTRIES, WORKLOAD_ENTRIES = (kind.resource for kind in WRITTEN)
DEADLINE = 20.0


def put(client: LocalClient, obj: JSON) -> None:
    """Create an object, or replace it; a Pod's status is written like a kubelet would."""
    resource, metadata = RESOURCES[obj["kind"]], obj["metadata"]
    present = client.get(resource, metadata.get("namespace"), metadata["name"])
    if present is None:
        _admit(client, obj)
        present = client.create(resource, obj)
    elif obj["kind"] != "Pod":
        present = client.replace(resource, _over(present, obj))
    if obj.get("status"):
        client.replace(resource, present | {"status": obj["status"]}, "status")


def remove(client: LocalClient, obj: JSON) -> None:
    """Delete an object if it is there."""
    resource, metadata = RESOURCES[obj["kind"]], obj["metadata"]
    if client.get(resource, metadata.get("namespace"), metadata["name"]):
        client.delete(resource, metadata.get("namespace"), metadata["name"], grace=0)


def put_all(client: LocalClient, objects: Iterable[JSON]) -> None:
    """Create objects, namespaces first."""
    for obj in sorted(objects, key=lambda each: each["kind"] != "Namespace"):
        put(client, obj)


def generated(client: LocalClient) -> dict[str, JSON]:
    """What the control plane wrote, by kind and name, without what the API server adds."""
    found = [obj for kind in WRITTEN for obj in client.list(kind.resource)]
    return {f"{each['kind']}/{each['metadata']['name']}": bare(each) for each in found}


def bare(obj: JSON) -> JSON:
    """A generated object as `translate` says it."""
    kept = {key: obj["metadata"][key] for key in ("name", "namespace", "labels")}
    return {"apiVersion": obj["apiVersion"], "kind": obj["kind"], "metadata": kept, "spec": obj["spec"]}


def observed(client: LocalClient) -> list[JSON]:
    """Everything that the control plane reads of a cluster."""
    return [obj | {"kind": kind.kind} for kind in READ for obj in client.list(kind.resource)]


@dataclass
class EmbeddedMesh:
    """Clusters and their control plane."""

    clients: dict[str, LocalClient]
    accesses: dict[str, EmbeddedAccess]
    reconciler: Reconciler

    def entry(self, cluster: str, name: str) -> JSON | None:
        return self.clients[cluster].get(SERVICE_ENTRIES, "istio-system", name)

    def member(self, cluster: str, name: str) -> JSON | None:
        return self.clients[cluster].get(WORKLOAD_ENTRIES, "istio-system", name)

    async def settled(self) -> None:
        await self.reconciler.settled(DEADLINE)


@asynccontextmanager
async def running(mesh: dict[str, list[JSON]], *settings: str) -> AsyncIterator[EmbeddedMesh]:
    """A settled mesh of these objects."""
    clients = {name: LocalClient(State(name)) for name in mesh}
    for name, objects in mesh.items():
        put_all(clients[name], objects)
    accesses = {name: EmbeddedAccess(client) for name, client in clients.items()}
    reconciler = Reconciler(list(accesses.values()), Switches.parse(settings))
    await reconciler.start()
    try:
        await reconciler.settled(DEADLINE)
        yield EmbeddedMesh(clients, accesses, reconciler)
    finally:
        await reconciler.stop()


def _admit(client: LocalClient, obj: JSON) -> None:
    """Give a Pod the ServiceAccount that it needs to be let in."""
    account = obj.get("spec", {}).get("serviceAccountName")
    if account and not client.get("serviceaccounts", obj["metadata"]["namespace"], account):
        identity = {"name": account, "namespace": obj["metadata"]["namespace"]}
        client.create("serviceaccounts", {"metadata": identity})


def _over(present: JSON, wanted: JSON) -> JSON:
    """The present object with the wanted labels and spec; what the API server has chosen stays."""
    kept = {key: value for key, value in present.items() if key != "spec"}
    metadata = present["metadata"] | {"labels": wanted["metadata"].get("labels", {})}
    chosen = {
        key: present.get("spec", {})[key] for key in ("clusterIP", "clusterIPs") if key in present.get("spec", {})
    }
    spec = {"spec": chosen | wanted["spec"]} if "spec" in wanted else {}
    return kept | {"metadata": metadata} | spec
