"""Namespaces: what each has from the start, and how it is emptied before it goes."""

from __future__ import annotations

import datetime as dt

from live_cluster import Live, run_in_cluster

from meshglobal.sandbox.controllers.namespace_deletion import deletion_conditions
from meshglobal.sandbox.controllers.start import Setting

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def test_a_new_namespace_is_furnished_and_stays_so() -> None:
    async def story(cluster: Live) -> None:
        assert cluster.names("serviceaccounts") == ["default"]
        assert cluster.one("configmaps", "kube-root-ca.crt")["data"] == {"ca.crt": "the root"}
        cluster.client.delete("serviceaccounts", "shop", "default")
        cluster.client.delete("configmaps", "shop", "kube-root-ca.crt")
        await cluster.settle()
        assert cluster.names("serviceaccounts") == ["default"]
        assert cluster.names("configmaps") == ["kube-root-ca.crt"]

    run_in_cluster(story, Setting(root_ca="the root"))


def test_a_deleted_namespace_goes_with_all_that_was_in_it() -> None:
    async def story(cluster: Live) -> None:
        cluster.namespace("other")
        cluster.service()
        cluster.deployment()
        await cluster.settle()
        cluster.client.delete("namespaces", None, "shop")
        await cluster.settle()
        assert cluster.client.get("namespaces", None, "shop") is None
        kept = {
            resource: found
            for resource in cluster.client.resources()
            if (
                found := [each for each in cluster.client.list(resource) if each["metadata"].get("namespace") == "shop"]
            )
        }
        assert kept == {}
        assert cluster.names("serviceaccounts", "other") == ["default"]

    run_in_cluster(story)


def test_a_finalizer_holds_the_namespace_and_its_status_says_which() -> None:
    async def story(cluster: Live) -> None:
        held = {"name": "held", "namespace": "shop", "finalizers": ["example.com/hold"]}
        cluster.client.create("configmaps", {"metadata": held})
        cluster.client.delete("namespaces", None, "shop")
        await cluster.settle()
        namespace = cluster.one("namespaces", "shop", "")
        said = {each["type"]: each["message"] for each in namespace["status"]["conditions"] if each["status"] == "True"}
        assert said == {
            "NamespaceContentRemaining": "Some resources are remaining: configmaps. has 1 resource instances",
            "NamespaceFinalizersRemaining": "Some content in the namespace has finalizers remaining: "
            "example.com/hold in 1 resource instances",
        }
        found = cluster.one("configmaps", "held")
        bare = {key: value for key, value in found["metadata"].items() if key != "finalizers"}
        cluster.client.replace("configmaps", found | {"metadata": bare})
        await cluster.settle()
        assert cluster.client.get("namespaces", None, "shop") is None

    run_in_cluster(story)


def test_an_emptied_namespace_has_five_conditions_that_are_all_fine() -> None:
    found = deletion_conditions({}, [], NOW)
    assert len(found) == 5
    assert {each["status"] for each in found} == {"False"}


def test_unchanged_conditions_keep_their_time() -> None:
    first = deletion_conditions({"pods": [{"metadata": {}}]}, [], NOW)
    again = deletion_conditions({"pods": [{"metadata": {}}]}, first, NOW + dt.timedelta(hours=1))
    assert again == first
