"""Garbage collection: what becomes of dependents when an owner goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from live_cluster import Live, run_in_cluster

from meshglobal.sandbox.controllers.garbage import verdict

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON


def reference(owner: JSON, **more: bool) -> JSON:
    meta = owner["metadata"]
    return {"apiVersion": "v1", "kind": "ConfigMap", "name": meta["name"], "uid": meta["uid"]} | more


def config_map(cluster: Live, name: str, *owners: JSON, **meta: object) -> JSON:
    given = {"name": name, "namespace": "shop", "ownerReferences": list(owners)} | meta
    return cluster.client.create("configmaps", {"metadata": given, "data": {}})


@pytest.mark.parametrize(
    ("owners", "there", "expected"),
    [
        (["gone"], [], "delete"),
        (["gone", "other"], ["other"], "release"),
        (["gone", "other"], [], "delete"),
        (["other"], ["other"], "keep"),
    ],
)
def test_a_dependent_goes_with_its_last_owner(owners: list[str], there: list[str], expected: str) -> None:
    dependent = {"metadata": {"ownerReferences": [{"uid": each} for each in owners]}}
    assert verdict(dependent, "gone", there.__contains__) == expected


def test_dependents_go_after_their_owner_and_theirs_after_them() -> None:
    async def story(cluster: Live) -> None:
        owner = config_map(cluster, "owner")
        child = config_map(cluster, "child", reference(owner))
        config_map(cluster, "grandchild", reference(child))
        config_map(cluster, "stranger")
        cluster.client.delete("configmaps", "shop", "owner")
        await cluster.settle()
        assert cluster.names("configmaps") == ["kube-root-ca.crt", "stranger"]

    run_in_cluster(story)


def test_an_object_with_another_living_owner_stays_without_the_dead_reference() -> None:
    async def story(cluster: Live) -> None:
        first, second = config_map(cluster, "first"), config_map(cluster, "second")
        config_map(cluster, "child", reference(first), reference(second))
        cluster.client.delete("configmaps", "shop", "first")
        await cluster.settle()
        assert cluster.one("configmaps", "child")["metadata"]["ownerReferences"] == [reference(second)]

    run_in_cluster(story)


def test_an_object_whose_owner_never_was_goes() -> None:
    async def story(cluster: Live) -> None:
        config_map(cluster, "child", {"apiVersion": "v1", "kind": "ConfigMap", "name": "ghost", "uid": "no-such-uid"})
        await cluster.settle()
        assert cluster.client.get("configmaps", "shop", "child") is None

    run_in_cluster(story)


def test_the_orphan_finalizer_frees_dependents_before_the_owner_goes() -> None:
    async def story(cluster: Live) -> None:
        owner = config_map(cluster, "owner", finalizers=["orphan"])
        config_map(cluster, "child", reference(owner))
        cluster.client.delete("configmaps", "shop", "owner")
        await cluster.settle()
        assert cluster.client.get("configmaps", "shop", "owner") is None
        assert "ownerReferences" not in cluster.one("configmaps", "child")["metadata"]

    run_in_cluster(story)


def test_foreground_deletion_waits_for_the_dependents_that_block() -> None:
    async def story(cluster: Live) -> None:
        owner = config_map(cluster, "owner", finalizers=["foregroundDeletion"])
        blocking = reference(owner, blockOwnerDeletion=True)
        config_map(cluster, "child", blocking, finalizers=["example.com/hold"])
        config_map(cluster, "free", reference(owner))
        cluster.client.delete("configmaps", "shop", "owner")
        await cluster.settle()
        assert cluster.names("configmaps") == ["child", "kube-root-ca.crt", "owner"]
        child = cluster.one("configmaps", "child")
        assert "deletionTimestamp" in child["metadata"]
        bare = {key: value for key, value in child["metadata"].items() if key != "finalizers"}
        cluster.client.replace("configmaps", child | {"metadata": bare})
        await cluster.settle()
        assert cluster.names("configmaps") == ["kube-root-ca.crt"]

    run_in_cluster(story)
