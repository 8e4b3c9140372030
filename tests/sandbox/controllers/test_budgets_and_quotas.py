"""PodDisruptionBudgets and ResourceQuotas: their status follows what is there."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from live_cluster import Live, run_in_cluster

from meshglobal.sandbox.controllers.budgets import budget_status
from meshglobal.sandbox.controllers.quotas import quota_status

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
COUNTS = ("expectedPods", "currentHealthy", "desiredHealthy", "disruptionsAllowed")


def pods(ready: int, not_ready: int = 0) -> list[JSON]:
    owner = {"kind": "ReplicaSet", "name": "web", "uid": "rs", "controller": True}
    return [
        {
            "metadata": {"name": str(number), "labels": {"app": "web"}, "ownerReferences": [owner]},
            "status": {"conditions": [{"type": "Ready", "status": "True" if number < ready else "False"}]},
        }
        for number in range(ready + not_ready)
    ]


@pytest.mark.parametrize(
    ("rule", "found", "size", "expected"),
    [
        ({"minAvailable": 1}, pods(1), 1, (1, 1, 1, 0)),
        ({"minAvailable": 1}, pods(3), 3, (3, 3, 1, 2)),
        ({"minAvailable": 2}, pods(2, 1), 3, (3, 2, 2, 0)),
        ({"minAvailable": "50%"}, pods(3), 3, (3, 3, 2, 1)),
        ({"maxUnavailable": 1}, pods(3), 4, (4, 3, 3, 0)),
        ({"maxUnavailable": "50%"}, pods(4), 4, (4, 4, 2, 2)),
        ({"minAvailable": 1}, [], 0, (0, 0, 1, 0)),
    ],
)
def test_a_budget_counts_what_may_be_evicted(
    rule: JSON, found: list[JSON], size: int, expected: tuple[int, ...]
) -> None:
    budget = {"metadata": {"generation": 3}, "spec": {"selector": {"matchLabels": {"app": "web"}}} | rule}
    status = budget_status(budget, found, lambda _: size, NOW)
    assert tuple(status[count] for count in COUNTS) == expected
    assert status["observedGeneration"] == 3
    assert status["conditions"][0]["status"] == ("True" if expected[3] else "False")


def test_a_budget_follows_its_deployment() -> None:
    async def story(cluster: Live) -> None:
        spec = {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "web"}}}
        named = {"name": "web", "namespace": "shop"}
        cluster.client.create("poddisruptionbudgets.policy", {"metadata": named, "spec": spec})
        cluster.deployment(replicas=3)
        await cluster.settle()
        status = cluster.one("poddisruptionbudgets.policy", "web")["status"]
        assert tuple(status[count] for count in COUNTS) == (3, 3, 2, 1)

    run_in_cluster(story)


def test_a_quota_counts_objects_and_leaves_amounts_out() -> None:
    hard = {
        "pods": "9",
        "services": "5",
        "services.loadbalancers": "1",
        "services.nodeports": "4",
        "count/deployments.apps": "2",
        "requests.cpu": "4",
    }
    services: list[JSON] = [
        {"spec": {"type": "LoadBalancer", "ports": [{"nodePort": 30001}, {"nodePort": 30002}]}},
        {"spec": {"ports": [{"port": 80}]}},
    ]
    ended: list[JSON] = [{"status": {"phase": "Succeeded"}}, {"status": {"phase": "Running"}}]
    status = quota_status({"spec": {"hard": hard}}, {"services": services, "pods": ended})
    assert status["hard"] == hard
    assert status["used"] == {
        "pods": "1",
        "services": "2",
        "services.loadbalancers": "1",
        "services.nodeports": "2",
        "count/deployments.apps": "0",
    }


def test_a_quota_follows_its_namespace_alone() -> None:
    async def story(cluster: Live) -> None:
        def used(**counts: Any) -> bool:
            return bool(cluster.one("resourcequotas", "q")["status"]["used"] == counts)

        named = {"name": "q", "namespace": "shop"}
        cluster.client.create("resourcequotas", {"metadata": named, "spec": {"hard": {"services": "5"}}})
        cluster.namespace("other")
        await cluster.settle()
        assert used(services="0")
        cluster.service("a")
        cluster.client.create(
            "services", {"metadata": {"name": "b", "namespace": "other"}, "spec": {"ports": [{"port": 1}]}}
        )
        await cluster.settle()
        assert used(services="1")
        cluster.client.delete("services", "shop", "a")
        await cluster.settle()
        assert used(services="0")

    run_in_cluster(story)
