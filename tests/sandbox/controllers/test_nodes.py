"""The stand-in node: which pods it takes, what it says of them, how they end."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from live_cluster import Live, run_in_cluster

from meshglobal.sandbox.controllers.nodes import Addresses, node_for, running_status
from meshglobal.sandbox.controllers.start import Setting

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON


def create_pod(cluster: Live, name: str = "web", **spec: Any) -> JSON:
    given = {"containers": [{"name": "app", "image": "example.com/app:1"}]} | spec
    return cluster.client.create("pods", {"metadata": {"name": name, "namespace": "shop"}, "spec": given})


def test_a_pod_runs_and_is_ready_at_once() -> None:
    async def story(cluster: Live) -> None:
        created = create_pod(cluster)
        assert "nodeName" not in created["spec"]
        await cluster.settle()
        pod = cluster.one("pods", "web")
        assert pod["spec"]["nodeName"] == "east-node"
        assert pod["status"]["phase"] == "Running"
        assert pod["status"]["podIP"] == "10.9.0.2"
        assert {each["type"] for each in pod["status"]["conditions"] if each["status"] == "True"} >= {
            "Ready",
            "PodScheduled",
        }
        assert pod["status"]["containerStatuses"][0]["ready"] is True

    run_in_cluster(story, Setting(pod_network="10.9.0.0/24"))


def test_a_pod_for_another_node_stays_pending_and_untouched_until_there_is_one() -> None:
    async def story(cluster: Live) -> None:
        created = create_pod(cluster, nodeSelector={"disk": "ssd"})
        await cluster.settle()
        waiting = cluster.one("pods", "web")
        assert waiting["metadata"]["resourceVersion"] == created["metadata"]["resourceVersion"]
        node = cluster.one("nodes", "east-node", "")
        labels = node["metadata"]["labels"] | {"disk": "ssd"}
        cluster.client.replace("nodes", node | {"metadata": node["metadata"] | {"labels": labels}})
        await cluster.settle()
        assert cluster.one("pods", "web")["status"]["phase"] == "Running"

    run_in_cluster(story)


def test_a_deleted_pod_ends_at_once_and_a_finalizer_holds_it() -> None:
    async def story(cluster: Live) -> None:
        create_pod(cluster)
        await cluster.settle()
        cluster.client.delete("pods", "shop", "web", grace=5)
        assert cluster.one("pods", "web")["metadata"]["deletionGracePeriodSeconds"] == 5
        await cluster.settle()
        assert cluster.client.get("pods", "shop", "web") is None

    run_in_cluster(story)


def test_cordoned_nodes_take_no_pods() -> None:
    nodes: list[JSON] = [{"metadata": {"name": "a"}, "spec": {"unschedulable": True}}, {"metadata": {"name": "b"}}]
    assert node_for({"spec": {}}, nodes) == "b"
    assert node_for({"spec": {}}, nodes[:1]) == ""


def test_init_containers_have_ended_but_sidecars_run() -> None:
    init = [{"name": "once", "image": "i"}, {"name": "side", "image": "s", "restartPolicy": "Always"}]
    pod = {"spec": {"containers": [{"name": "app", "image": "a"}], "initContainers": init}}
    status = running_status(pod, "10.0.0.2", "172.18.0.2", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert [next(iter(each["state"])) for each in status["initContainerStatuses"]] == ["terminated", "running"]


def test_addresses_are_not_given_twice_and_run_out() -> None:
    addresses = Addresses("10.0.0.0/29")
    taken = [addresses.take() for _ in range(5)]
    assert taken == ["10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6"]
    with pytest.raises(ValueError, match="no address left"):
        addresses.take()
