"""Deployments in a running cluster: rollouts, scaling, undoing, pausing, history, adoption, deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live_cluster import Live, run_in_cluster, template

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON


def revisions(live: Live) -> dict[str, tuple[int, str]]:
    """Image -> (size, revision) of each ReplicaSet."""
    return {
        each["spec"]["template"]["spec"]["containers"][0]["image"]: (
            each["spec"]["replicas"],
            each["metadata"]["annotations"]["deployment.kubernetes.io/revision"],
        )
        for each in live.client.list("replicasets.apps", "shop")
    }


def condition(deployment: JSON, kind: str) -> JSON:
    found: JSON = next(each for each in deployment["status"]["conditions"] if each["type"] == kind)
    return found


def test_a_deployment_becomes_available_with_its_pods() -> None:
    async def story(cluster: Live) -> None:
        cluster.deployment()
        await cluster.settle()
        deployment = cluster.one("deployments.apps", "web")
        status = deployment["status"]
        assert {key: value for key, value in status.items() if key != "conditions"} == {
            "replicas": 2,
            "updatedReplicas": 2,
            "readyReplicas": 2,
            "availableReplicas": 2,
            "terminatingReplicas": 0,
            "observedGeneration": 1,
        }
        assert condition(deployment, "Available")["reason"] == "MinimumReplicasAvailable"
        assert condition(deployment, "Progressing")["reason"] == "NewReplicaSetAvailable"
        (replica_set,) = cluster.client.list("replicasets.apps", "shop")
        mark = replica_set["metadata"]["labels"]["pod-template-hash"]
        assert replica_set["metadata"]["name"] == f"web-{mark}"
        assert replica_set["spec"]["selector"]["matchLabels"] == {"app": "web", "pod-template-hash": mark}
        pods = cluster.client.list("pods", "shop")
        assert [each["metadata"]["name"].startswith(f"web-{mark}-") for each in pods] == [True, True]
        assert {each["metadata"]["ownerReferences"][0]["uid"] for each in pods} == {replica_set["metadata"]["uid"]}

    run_in_cluster(story)


def test_controller_writes_do_not_change_the_generation() -> None:
    async def story(cluster: Live) -> None:
        cluster.deployment()
        await cluster.settle()
        assert cluster.one("deployments.apps", "web")["metadata"]["generation"] == 1

    run_in_cluster(story)


def test_a_new_image_makes_a_second_revision_and_empties_the_first() -> None:
    async def story(cluster: Live) -> None:
        cluster.deployment()
        await cluster.settle()
        cluster.change("deployments.apps", "web", template=template(image="example.com/web:2"))
        await cluster.settle()
        deployment = cluster.one("deployments.apps", "web")
        assert revisions(cluster) == {"example.com/web:1": (0, "1"), "example.com/web:2": (2, "2")}
        assert deployment["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "2"
        assert deployment["status"]["observedGeneration"] == 2
        assert deployment["status"]["updatedReplicas"] == deployment["status"]["replicas"] == 2
        images = [each["spec"]["containers"][0]["image"] for each in cluster.client.list("pods", "shop")]
        assert images == ["example.com/web:2"] * 2

    run_in_cluster(story)


def test_going_back_to_an_old_template_uses_its_replica_set_again_as_the_highest_revision() -> None:
    async def story(cluster: Live) -> None:
        cluster.deployment()
        await cluster.settle()
        for number in (2, 1):
            cluster.change("deployments.apps", "web", template=template(image=f"example.com/web:{number}"))
            await cluster.settle()
        assert revisions(cluster) == {"example.com/web:1": (2, "3"), "example.com/web:2": (0, "2")}
        first = next(each for each in cluster.client.list("replicasets.apps", "shop") if each["spec"]["replicas"])
        assert first["metadata"]["annotations"]["deployment.kubernetes.io/revision-history"] == "1"

    run_in_cluster(story)


def test_scaling_keeps_the_replica_set_and_counts_down_to_no_pods() -> None:
    async def story(cluster: Live) -> None:
        cluster.deployment()
        await cluster.settle()
        cluster.change("deployments.apps", "web", replicas=5)
        await cluster.settle()
        assert len(cluster.names("pods")) == 5
        cluster.change("deployments.apps", "web", replicas=0)
        await cluster.settle()
        status = cluster.one("deployments.apps", "web")["status"]
        assert cluster.names("pods") == []
        assert len(cluster.names("replicasets.apps")) == 1
        assert "replicas" not in status
        assert status["terminatingReplicas"] == 0
        assert status["observedGeneration"] == 3

    run_in_cluster(story)


def test_a_paused_deployment_scales_but_starts_no_revision_until_it_is_resumed() -> None:
    async def story(cluster: Live) -> None:
        cluster.deployment(paused=False)
        await cluster.settle()
        cluster.change("deployments.apps", "web", paused=True, replicas=3, template=template(image="new:2"))
        await cluster.settle()
        paused = cluster.one("deployments.apps", "web")
        assert revisions(cluster) == {"example.com/web:1": (3, "1")}
        assert condition(paused, "Progressing")["reason"] == "DeploymentPaused"
        cluster.change("deployments.apps", "web", paused=False)
        await cluster.settle()
        assert revisions(cluster) == {"example.com/web:1": (0, "1"), "new:2": (3, "2")}

    run_in_cluster(story)


def test_recreate_lets_all_old_pods_go_before_the_first_new_one() -> None:
    async def story(cluster: Live) -> None:
        cluster.deployment(strategy={"type": "Recreate"})
        await cluster.settle()
        seen = []
        cluster.client.subscribe("pods", lambda kind, pod: seen.append((kind, pod["spec"]["containers"][0]["image"])))
        cluster.change("deployments.apps", "web", template=template(image="new:2"))
        await cluster.settle()
        first_new = seen.index(("ADDED", "new:2"))
        last_old = max(at for at, what in enumerate(seen) if what == ("DELETED", "example.com/web:1"))
        assert last_old < first_new
        assert revisions(cluster)["new:2"] == (2, "2")

    run_in_cluster(story)


def test_a_rollout_never_has_too_many_or_too_few_pods() -> None:
    async def story(cluster: Live) -> None:
        cluster.deployment(replicas=4, strategy={"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 1}})
        await cluster.settle()
        counts = []

        def count(_kind: str, _pod: JSON) -> None:
            pods = cluster.client.list("pods", "shop")
            alive = [each for each in pods if "deletionTimestamp" not in each["metadata"]]
            ready = [each for each in alive if (each.get("status") or {}).get("phase") == "Running"]
            counts.append((len(alive), len(ready)))

        stop = cluster.client.subscribe("pods", count)
        cluster.change("deployments.apps", "web", template=template(image="new:2"))
        await cluster.settle()
        stop()
        assert revisions(cluster)["new:2"] == (4, "2")
        assert max(alive for alive, _ in counts) == 5
        assert min(ready for _, ready in counts) == 3

    run_in_cluster(story)


def test_min_ready_seconds_delays_availability_and_needs_no_event() -> None:
    async def story(cluster: Live) -> None:
        cluster.deployment(minReadySeconds=2)  # times are whole seconds, so this is between one and two
        await cluster.settle()
        before = cluster.one("deployments.apps", "web")
        assert before["status"]["unavailableReplicas"] == 2
        assert condition(before, "Available")["status"] == "False"
        written = []
        cluster.client.subscribe("deployments.apps", lambda _kind, obj: written.append(obj["status"]))
        await cluster.until(lambda: cluster.one("deployments.apps", "web")["status"].get("availableReplicas") == 2)
        await cluster.settle()
        assert len(written) == 2, "the present state, and one write when the pods became available"
        assert condition(cluster.one("deployments.apps", "web"), "Progressing")["reason"] == "NewReplicaSetAvailable"

    run_in_cluster(story)


def test_old_revisions_beyond_the_history_limit_are_forgotten() -> None:
    async def story(cluster: Live) -> None:
        cluster.deployment(revisionHistoryLimit=2)
        await cluster.settle()
        for number in range(2, 6):
            cluster.change("deployments.apps", "web", template=template(image=f"new:{number}"))
            await cluster.settle()
        assert revisions(cluster) == {"new:3": (0, "3"), "new:4": (0, "4"), "new:5": (2, "5")}

    run_in_cluster(story)


def test_a_new_deployment_takes_on_the_replica_set_and_pods_that_nobody_owns() -> None:
    async def story(cluster: Live) -> None:
        cluster.deployment()
        await cluster.settle()
        pods, sets = cluster.names("pods"), cluster.names("replicasets.apps")
        cluster.client.replace("deployments.apps", holding(cluster.one("deployments.apps", "web"), ["orphan"]))
        cluster.client.delete("deployments.apps", "shop", "web")
        await cluster.settle()
        assert cluster.client.get("deployments.apps", "shop", "web") is None
        assert cluster.one("replicasets.apps", sets[0])["metadata"].get("ownerReferences") is None
        cluster.deployment()
        await cluster.settle()
        assert (cluster.names("pods"), cluster.names("replicasets.apps")) == (pods, sets)

    run_in_cluster(story)


def holding(obj: JSON, finalizers: list[str]) -> JSON:
    return obj | {"metadata": obj["metadata"] | {"finalizers": finalizers}}


def test_a_relabelled_pod_is_let_go_and_replaced() -> None:
    async def story(cluster: Live) -> None:
        cluster.deployment()
        await cluster.settle()
        pod = cluster.client.list("pods", "shop")[0]
        cluster.client.replace("pods", pod | {"metadata": pod["metadata"] | {"labels": {"debug": "yes"}}})
        await cluster.settle()
        assert len(cluster.names("pods")) == 3
        assert "ownerReferences" not in cluster.one("pods", pod["metadata"]["name"])["metadata"]

    run_in_cluster(story)


def test_deleted_pods_come_back_under_new_names() -> None:
    async def story(cluster: Live) -> None:
        cluster.deployment()
        await cluster.settle()
        before = cluster.names("pods")
        cluster.client.delete("pods", "shop", before[0])
        await cluster.settle()
        after = cluster.names("pods")
        assert len(after) == 2
        assert before[0] not in after
        assert before[1] in after

    run_in_cluster(story)


def test_pods_that_a_quota_refuses_are_told_in_the_status_and_come_when_it_is_lifted() -> None:
    async def story(cluster: Live) -> None:
        named = {"name": "q", "namespace": "shop"}
        cluster.client.create("resourcequotas", {"metadata": named, "spec": {"hard": {"pods": "1"}}})
        await cluster.settle()
        cluster.deployment(replicas=2)
        await cluster.settle()
        failing = cluster.one("deployments.apps", "web")
        assert failing["status"]["availableReplicas"] == 1
        assert "exceeded quota: q" in condition(failing, "ReplicaFailure")["message"]
        cluster.client.delete("resourcequotas", "shop", "q")
        await cluster.until(lambda: cluster.one("deployments.apps", "web")["status"].get("availableReplicas") == 2)
        assert [each["type"] for each in cluster.one("deployments.apps", "web")["status"]["conditions"]] == [
            "Available",
            "Progressing",
        ]

    run_in_cluster(story)
