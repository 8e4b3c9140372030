"""Whatever happens in whatever order: in the end each Deployment has its pods, each Service its endpoints.

And a cluster that has settled stays as it is, also for controllers that start anew.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from live_cluster import Live, run_in_cluster, template

from meshglobal.sandbox.controllers.start import start

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON

SLICES = "endpointslices.discovery.k8s.io"
apps = st.sampled_from(["a", "b"])


@dataclass(frozen=True)
class Step:
    """One thing that a user does to an app; what is impossible at the time is left out."""

    verb: str
    app: str
    number: int
    waits: bool
    """Whether the controllers get their turn before the next step."""


verbs = st.sampled_from(
    ["deploy", "scale", "image", "serve", "reselect", "delete", "unserve", "kill", "relabel", "pause"]
)
stories = st.lists(st.builds(Step, verbs, apps, st.integers(0, 4), st.booleans()), max_size=12)


def do(cluster: Live, step: Step) -> None:
    deployment = cluster.client.get("deployments.apps", "shop", step.app)
    service = cluster.client.get("services", "shop", step.app)
    match step.verb:
        case "deploy" if deployment is None:
            cluster.deployment(step.app, replicas=step.number, template=template(step.app))
        case "scale" if deployment is not None:
            cluster.change("deployments.apps", step.app, replicas=step.number)
        case "image" if deployment is not None:
            image = f"example.com/{step.app}:{step.number}"
            cluster.change("deployments.apps", step.app, template=template(step.app, image))
        case "pause" if deployment is not None:
            cluster.change("deployments.apps", step.app, paused=bool(step.number % 2))
        case "serve" if service is None:
            cluster.service(step.app)
        case "reselect" if service is not None:
            cluster.change("services", step.app, selector={"app": "ab"[step.number % 2]})
        case "delete" if deployment is not None:
            cluster.client.delete("deployments.apps", "shop", step.app)
        case "unserve" if service is not None:
            cluster.client.delete("services", "shop", step.app)
        case "kill" | "relabel":
            change_a_pod(cluster, step)


def change_a_pod(cluster: Live, step: Step) -> None:
    pods = cluster.client.list("pods", "shop")
    if not pods:
        return
    pod = pods[step.number % len(pods)]
    if step.verb == "kill":
        cluster.client.delete("pods", "shop", pod["metadata"]["name"])
    else:
        cluster.client.replace("pods", pod | {"metadata": pod["metadata"] | {"labels": {"app": step.app}}})


def check(cluster: Live) -> None:
    pods = cluster.client.list("pods", "shop")
    assert all(each["status"]["phase"] == "Running" for each in pods)
    assert len({each["status"]["podIP"] for each in pods}) == len(pods)
    for deployment in cluster.client.list("deployments.apps", "shop"):
        if not deployment["spec"].get("paused"):
            check_deployment(cluster, deployment)
    slices: dict[str, set[str]] = {}
    for each in cluster.client.list(SLICES, "shop"):
        behind = slices.setdefault(each["metadata"]["labels"]["kubernetes.io/service-name"], set())
        behind |= {endpoint["targetRef"]["name"] for endpoint in each.get("endpoints") or ()}
    assert slices == {
        service["metadata"]["name"]: {
            pod["metadata"]["name"]
            for pod in pods
            if pod["metadata"]["labels"].items() >= service["spec"]["selector"].items()
        }
        for service in cluster.client.list("services", "shop")
    }


def check_deployment(cluster: Live, deployment: JSON) -> None:
    name, goal = deployment["metadata"]["name"], deployment["spec"]["replicas"]
    sets = {
        each["metadata"]["uid"]: each
        for each in cluster.client.list("replicasets.apps", "shop")
        if each["metadata"]["ownerReferences"][0]["name"] == name
    }
    owned = [
        pod
        for pod in cluster.client.list("pods", "shop")
        if any(owner["uid"] in sets for owner in pod["metadata"].get("ownerReferences") or ())
    ]
    image = deployment["spec"]["template"]["spec"]["containers"][0]["image"]
    assert [pod["spec"]["containers"][0]["image"] for pod in owned] == [image] * goal
    assert sum(each["spec"]["replicas"] for each in sets.values()) == goal
    status = deployment["status"]
    assert status["observedGeneration"] == deployment["metadata"]["generation"]
    assert [status.get(count, 0) for count in ("replicas", "updatedReplicas", "availableReplicas")] == [goal] * 3


@settings(max_examples=60, deadline=None)
@given(stories)
def test_every_story_ends_well_and_the_end_is_stable(story: list[Step]) -> None:
    async def whole(cluster: Live) -> None:
        for step in story:
            do(cluster, step)
            if step.waits:
                await asyncio.sleep(0)
        await cluster.settle()
        check(cluster)
        version = cluster.client.list("namespaces")[0]["metadata"]["resourceVersion"]
        written: list[tuple[str, str]] = []
        stops = [
            cluster.client.subscribe(resource, lambda kind, obj: written.append((kind, obj["metadata"]["name"])))
            for resource in ("pods", "replicasets.apps", "deployments.apps", "services", SLICES)
        ]
        written.clear()
        anew = start(cluster.client)
        await anew.settled()
        anew.stop()
        for stop in stops:
            stop()
        assert written == []
        assert version == cluster.client.list("namespaces")[0]["metadata"]["resourceVersion"]

    run_in_cluster(whole)
