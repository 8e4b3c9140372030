"""EndpointSlices: which pods stand behind a Service, with which ports and which readiness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from live_cluster import Live, run_in_cluster, template

from meshglobal.sandbox.controllers.endpoint_slices import slices_of
from meshglobal.sandbox.controllers.start import Setting

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON

SLICES = "endpointslices.discovery.k8s.io"


def service(**spec: Any) -> JSON:
    given = {"selector": {"app": "web"}, "ports": [{"name": "http", "port": 80, "targetPort": "http"}]} | spec
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "shop", "uid": "s"},
        "spec": given,
    }


def pod(number: int, port: int = 8080, *, ready: bool = True, **meta: Any) -> JSON:
    named = {"name": f"web-{number:04}", "namespace": "shop", "uid": f"p{number}", "labels": {"app": "web"}}
    container = {"name": "web", "ports": [{"name": "http", "containerPort": port}]}
    condition = {"type": "Ready", "status": "True" if ready else "False"}
    status = {"phase": "Running", "podIP": f"10.0.{number // 250}.{number % 250}", "conditions": [condition]}
    return {"metadata": named | meta, "spec": {"nodeName": "n", "containers": [container]}, "status": status}


def conditions(found: list[JSON]) -> list[JSON]:
    return [each["conditions"] for one in found for each in one["endpoints"]]


def test_a_named_target_port_is_resolved_in_each_pod() -> None:
    found = slices_of(service(), [pod(1, 8080), pod(2, 9090), pod(3, 8080)], {})
    assert sorted((one["ports"][0]["port"], len(one["endpoints"])) for one in found) == [(8080, 2), (9090, 1)]


def test_a_pod_without_the_named_port_has_an_endpoint_without_it() -> None:
    nameless = pod(1)
    nameless["spec"]["containers"][0]["ports"] = []
    (found,) = slices_of(service(), [nameless], {})
    assert (found["ports"], len(found["endpoints"])) == ([], 1)


def test_not_ready_and_leaving_pods_are_listed_as_such() -> None:
    leaving = pod(2, deletionTimestamp="2026-01-01T00:00:00Z")
    assert conditions(slices_of(service(), [pod(1, ready=False), leaving], {})) == [
        {"ready": False, "serving": False, "terminating": False},
        {"ready": False, "serving": True, "terminating": True},
    ]


def test_publish_not_ready_addresses_makes_all_ready() -> None:
    found = slices_of(service(publishNotReadyAddresses=True), [pod(1, ready=False)], {})
    assert conditions(found)[0]["ready"] is True


def test_no_slice_holds_more_than_a_hundred_endpoints() -> None:
    found = slices_of(service(), [pod(number) for number in range(1, 251)], {"n": "z1"})
    assert [len(each["endpoints"]) for each in found] == [100, 100, 50]
    assert {each["zone"] for one in found for each in one["endpoints"]} == {"z1"}


def test_services_without_pods_of_their_own_have_no_slices() -> None:
    pods = [pod(1)]
    assert slices_of(service(selector=None), pods, {}) == []
    assert slices_of(service(type="ExternalName"), pods, {}) == []


def test_a_service_whose_pods_are_gone_keeps_one_empty_slice() -> None:
    (found,) = slices_of(service(), [], {})
    assert found["endpoints"] == []


def test_headless_services_are_labelled() -> None:
    (found,) = slices_of(service(clusterIP="None"), [], {})
    assert "service.kubernetes.io/headless" in found["metadata"]["labels"]


def test_slices_follow_pods_and_keep_their_name() -> None:
    async def story(cluster: Live) -> None:
        cluster.service()
        cluster.deployment(replicas=3)
        await cluster.settle()
        (before,) = cluster.client.list(SLICES, "shop")
        cluster.change("deployments.apps", "web", replicas=1)
        await cluster.settle()
        (after,) = cluster.client.list(SLICES, "shop")
        assert (len(before["endpoints"]), len(after["endpoints"])) == (3, 1)
        assert after["metadata"]["name"] == before["metadata"]["name"]
        assert after["metadata"]["labels"]["kubernetes.io/service-name"] == "web"
        assert after["endpoints"][0]["targetRef"]["name"] == cluster.names("pods")[0]
        assert after["endpoints"][0]["zone"] == "west-1"

    run_in_cluster(story, Setting(node_labels={"topology.kubernetes.io/zone": "west-1"}))


def test_a_changed_selector_changes_the_endpoints_and_a_deleted_service_takes_its_slices_along() -> None:
    async def story(cluster: Live) -> None:
        cluster.service()
        cluster.deployment("web", replicas=1)
        cluster.deployment("other", replicas=1, template=template("other"))
        await cluster.settle()
        cluster.change("services", "web", selector={"app": "other"})
        await cluster.settle()
        (found,) = cluster.client.list(SLICES, "shop")
        assert found["endpoints"][0]["targetRef"]["name"].startswith("other-")
        cluster.client.delete("services", "shop", "web")
        await cluster.settle()
        assert cluster.client.list(SLICES, "shop") == []

    run_in_cluster(story)


def test_a_relabelled_pod_leaves_the_slice() -> None:
    async def story(cluster: Live) -> None:
        cluster.service()
        cluster.deployment(replicas=1)
        await cluster.settle()
        (old,) = cluster.client.list("pods", "shop")
        cluster.client.replace("pods", old | {"metadata": old["metadata"] | {"labels": {"app": "spare"}}})
        await cluster.settle()
        (found,) = cluster.client.list(SLICES, "shop")
        assert [each["targetRef"]["name"] for each in found["endpoints"]] != [old["metadata"]["name"]]
        assert len(found["endpoints"]) == 1

    run_in_cluster(story)
