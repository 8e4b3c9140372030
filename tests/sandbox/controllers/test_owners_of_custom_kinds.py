"""Kinds that are defined while the controllers run are looked after as the others are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live_cluster import Live, run_in_cluster

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON

DEFINITIONS, THINGS = "customresourcedefinitions.apiextensions.k8s.io", "things.example.com"


def definition() -> JSON:
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    return {
        "metadata": {"name": THINGS},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"plural": "things", "singular": "thing", "kind": "Thing", "listKind": "ThingList"},
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema}],
        },
    }


def thing(cluster: Live, *owners: JSON) -> JSON:
    meta = {"name": "a", "namespace": "shop", "ownerReferences": list(owners)}
    return cluster.client.create(THINGS, {"metadata": meta})


async def defined(cluster: Live) -> None:
    cluster.client.create(DEFINITIONS, definition())
    await cluster.until(lambda: THINGS in cluster.client.resources())
    await cluster.settle()


def test_their_objects_go_with_their_owner() -> None:
    async def story(cluster: Live) -> None:
        await defined(cluster)
        owner = cluster.service()
        uid = owner["metadata"]["uid"]
        thing(cluster, {"apiVersion": "v1", "kind": "Service", "name": "web", "uid": uid})
        await cluster.settle()
        assert cluster.names(THINGS) == ["a"]
        cluster.client.delete("services", "shop", "web")
        await cluster.settle()
        assert cluster.names(THINGS) == []

    run_in_cluster(story)


def test_their_objects_go_with_their_namespace_and_count_for_quotas() -> None:
    async def story(cluster: Live) -> None:
        await defined(cluster)
        limits = {"hard": {f"count/{THINGS}": "3"}}
        cluster.client.create("resourcequotas", {"metadata": {"name": "q", "namespace": "shop"}, "spec": limits})
        thing(cluster)
        await cluster.settle()
        assert cluster.one("resourcequotas", "q")["status"]["used"] == {f"count/{THINGS}": "1"}
        cluster.client.delete("namespaces", None, "shop")
        await cluster.settle()
        assert cluster.client.get("namespaces", None, "shop") is None
        assert cluster.client.list(THINGS) == []

    run_in_cluster(story)


def test_a_namespace_can_go_after_their_definition_has_gone() -> None:
    async def story(cluster: Live) -> None:
        await defined(cluster)
        thing(cluster)
        cluster.client.delete(DEFINITIONS, None, THINGS)
        await cluster.settle()
        cluster.client.delete("namespaces", None, "shop")
        await cluster.settle()
        assert cluster.client.get("namespaces", None, "shop") is None

    run_in_cluster(story)
