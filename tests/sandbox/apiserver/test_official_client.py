"""The unmodified official Python client works against an embedded cluster."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from kubernetes import client, config, watch
from kubernetes.client.exceptions import ApiException

from tests.sandbox.apiserver.manifests import deployment, service, service_entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.served_cluster import Served

SERVICE_ENTRIES = ("networking.istio.io", "v1")
SCOPE = "solo.io/service-scope"


@pytest.fixture
def api(served: Served) -> Iterator[client.ApiClient]:
    """A client from the kubeconfig, as everybody makes one."""
    with config.new_client_from_config(str(served.kubeconfig), persist_config=False) as made:
        yield made


@pytest.fixture
def core(api: client.ApiClient) -> client.CoreV1Api:
    return client.CoreV1Api(api)


@pytest.fixture
def custom(api: client.ApiClient) -> client.CustomObjectsApi:
    return client.CustomObjectsApi(api)


def status_of(refused: pytest.ExceptionInfo[ApiException]) -> tuple[int, str]:
    """The HTTP status and the reason that the Status object gives."""
    return refused.value.status, json.loads(refused.value.body)["reason"]


def test_core_objects_are_created_read_replaced_and_deleted(core: client.CoreV1Api, namespace: str) -> None:
    made = core.create_namespaced_service(namespace, service())
    assert made.spec.cluster_ip
    assert made.metadata.creation_timestamp <= dt.datetime.now(dt.UTC)
    made.metadata.labels[SCOPE] = "global"
    replaced = core.replace_namespaced_service("reviews", namespace, made)
    assert replaced.metadata.labels[SCOPE] == "global"
    assert core.read_namespaced_service("reviews", namespace).metadata.labels == replaced.metadata.labels
    core.delete_namespaced_service("reviews", namespace)
    with pytest.raises(ApiException) as refused:
        core.read_namespaced_service("reviews", namespace)
    assert status_of(refused) == (404, "NotFound")


def test_typed_models_go_in_as_well_as_dicts(core: client.CoreV1Api, namespace: str) -> None:
    body = client.V1ConfigMap(metadata=client.V1ObjectMeta(name="mesh"), data={"a": "1"})
    assert core.create_namespaced_config_map(namespace, body).data == {"a": "1"}
    secret = client.V1Secret(metadata=client.V1ObjectMeta(name="s"), string_data={"t": "x"})
    assert core.create_namespaced_secret(namespace, secret).data == {"t": "eA=="}


def test_a_dict_patch_is_a_strategic_or_merge_patch(core: client.CoreV1Api, namespace: str) -> None:
    core.create_namespaced_service(namespace, service())
    labelled = core.patch_namespaced_service("reviews", namespace, {"metadata": {"labels": {SCOPE: "global"}}})
    assert labelled.metadata.labels == {"app": "reviews", SCOPE: "global"}
    cleared = core.patch_namespaced_service("reviews", namespace, {"metadata": {"labels": {SCOPE: None}}})
    assert cleared.metadata.labels == {"app": "reviews"}
    ports = core.patch_namespaced_service("reviews", namespace, {"spec": {"ports": [{"port": 1, "name": "x"}]}})
    assert {port.port for port in ports.spec.ports} >= {1}


def test_a_list_patch_is_a_json_patch(core: client.CoreV1Api, namespace: str) -> None:
    core.create_namespaced_service(namespace, service())
    operations = [
        {"op": "test", "path": "/metadata/labels/app", "value": "reviews"},
        {"op": "add", "path": "/metadata/labels/solo.io~1service-scope", "value": "segment"},
    ]
    assert core.patch_namespaced_service("reviews", namespace, operations).metadata.labels[SCOPE] == "segment"
    with pytest.raises(ApiException) as refused:
        core.patch_namespaced_service("reviews", namespace, [{"op": "remove", "path": "/metadata/annotations"}])
    assert status_of(refused) == (422, "Invalid")


def test_server_side_apply_conflicts_until_forced(core: client.CoreV1Api, namespace: str) -> None:
    def apply(value: str, manager: str, *, force: bool = False) -> Any:
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mesh"}, "data": {"a": value}}
        return core.patch_namespaced_config_map(
            "mesh", namespace, body, field_manager=manager, force=force, _content_type="application/apply-patch+yaml"
        )

    apply("1", "first")
    with pytest.raises(ApiException) as refused:
        apply("2", "second")
    assert status_of(refused) == (409, "Conflict")
    forced = apply("2", "second", force=True)
    assert forced.data == {"a": "2"}
    assert [each.manager for each in forced.metadata.managed_fields] == ["second"]


def test_a_stale_replace_is_a_conflict(core: client.CoreV1Api, namespace: str) -> None:
    old = core.create_namespaced_service(namespace, service())
    core.patch_namespaced_service("reviews", namespace, {"metadata": {"labels": {"x": "y"}}})
    with pytest.raises(ApiException) as refused:
        core.replace_namespaced_service("reviews", namespace, old)
    assert status_of(refused) == (409, "Conflict")


def test_a_dry_run_stores_nothing(core: client.CoreV1Api, namespace: str) -> None:
    core.create_namespaced_service(namespace, service())
    patch = {"metadata": {"labels": {"x": "y"}}}
    shown = core.patch_namespaced_service("reviews", namespace, patch, dry_run="All")
    assert shown.metadata.labels["x"] == "y"
    assert "x" not in core.read_namespaced_service("reviews", namespace).metadata.labels


def test_lists_are_paged_and_selected(core: client.CoreV1Api, namespace: str) -> None:
    for number in range(5):
        core.create_namespaced_service(namespace, service(f"s{number}", labels={"odd": str(number % 2)}))
    names: list[str] = []
    token = None
    while token != "":
        page = core.list_namespaced_service(namespace, limit=2, _continue=token)
        names += [each.metadata.name for each in page.items]
        token = page.metadata._continue or ""
    assert names == [f"s{number}" for number in range(5)]
    odd = core.list_namespaced_service(namespace, label_selector="odd=1", field_selector="metadata.name!=s1")
    assert [each.metadata.name for each in odd.items] == ["s3"]
    everywhere = core.list_service_for_all_namespaces(label_selector="odd=0")
    assert {each.metadata.namespace for each in everywhere.items} == {namespace}


def test_an_expired_page_is_410(core: client.CoreV1Api, served: Served, namespace: str) -> None:
    for number in range(3):
        core.create_namespaced_service(namespace, service(f"s{number}"))
    first = core.list_namespaced_service(namespace, limit=1)
    core.delete_namespaced_service("s2", namespace)
    served.call(served.cluster.compact)
    with pytest.raises(ApiException) as refused:
        core.list_namespaced_service(namespace, limit=1, _continue=first.metadata._continue)
    assert status_of(refused) == (410, "Expired")


def test_a_watch_tells_of_changes(core: client.CoreV1Api, namespace: str) -> None:
    start = core.list_namespaced_service(namespace).metadata.resource_version
    core.create_namespaced_service(namespace, service())
    core.patch_namespaced_service("reviews", namespace, {"metadata": {"labels": {SCOPE: "global"}}})
    core.delete_namespaced_service("reviews", namespace)
    events = watch.Watch().stream(core.list_namespaced_service, namespace, resource_version=start, timeout_seconds=1)
    seen = [(each["type"], each["object"].metadata.labels.get(SCOPE)) for each in events]
    assert seen == [("ADDED", None), ("MODIFIED", "global"), ("DELETED", "global")]


def test_a_watch_from_a_version_that_is_gone_begins_anew(
    custom: client.CustomObjectsApi, served: Served, namespace: str
) -> None:
    where = (*SERVICE_ENTRIES, namespace, "serviceentries")
    made = custom.create_namespaced_custom_object(*where, service_entry())
    custom.delete_namespaced_custom_object(*where, "reviews")
    served.call(served.cluster.compact)
    with pytest.raises(ApiException) as gone:
        list(
            watch.Watch().stream(
                custom.list_namespaced_custom_object,
                *where,
                resource_version=made["metadata"]["resourceVersion"],
                timeout_seconds=1,
            )
        )
    assert gone.value.status == 410


def test_custom_objects_are_written_patched_and_listed(custom: client.CustomObjectsApi, namespace: str) -> None:
    where = (*SERVICE_ENTRIES, namespace, "serviceentries")
    assert custom.create_namespaced_custom_object(*where, service_entry())["metadata"]["generation"] == 1
    patch = {"metadata": {"labels": {"x": "y"}}, "spec": {"resolution": "DNS"}}
    changed = custom.patch_namespaced_custom_object(*where, "reviews", patch)
    assert (changed["metadata"]["generation"], changed["spec"]["resolution"]) == (2, "DNS")
    status = custom.patch_namespaced_custom_object_status(*where, "reviews", {"status": {"observedGeneration": 2}})
    assert status["status"] == {"observedGeneration": 2}
    listed = custom.list_namespaced_custom_object(*where, label_selector="x=y")
    assert [each["metadata"]["name"] for each in listed["items"]] == ["reviews"]
    with pytest.raises(ApiException) as refused:
        custom.patch_namespaced_custom_object(*where, "reviews", {"spec": {"resolution": "NOPE"}})
    assert status_of(refused) == (422, "Invalid")


def test_deployments_run_and_scale(api: client.ApiClient, namespace: str) -> None:
    apps = client.AppsV1Api(api)
    apps.create_namespaced_deployment(namespace, deployment(replicas=1))
    events = watch.Watch()
    for event in events.stream(apps.list_namespaced_deployment, namespace, timeout_seconds=20):
        if event["object"].status.ready_replicas == 1:
            apps.patch_namespaced_deployment_scale("reviews", namespace, {"spec": {"replicas": 2}})
        if event["object"].status.ready_replicas == 2:
            events.stop()
    assert apps.read_namespaced_deployment_scale("reviews", namespace).spec.replicas == 2
    assert apps.read_namespaced_deployment("reviews", namespace).status.ready_replicas == 2


def test_a_scale_can_be_applied(api: client.ApiClient, namespace: str) -> None:
    apps = client.AppsV1Api(api)
    apps.create_namespaced_deployment(namespace, deployment(replicas=0))
    scale = {"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "reviews"}, "spec": {"replicas": 1}}
    applied = apps.patch_namespaced_deployment_scale(
        "reviews", namespace, scale, field_manager="scaler", _content_type="application/apply-patch+yaml"
    )
    assert applied.spec.replicas == 1
    assert apps.read_namespaced_deployment("reviews", namespace).spec.replicas == 1


def test_the_dynamic_client_discovers_and_writes(api: client.ApiClient, namespace: str) -> None:
    from kubernetes.dynamic import DynamicClient

    dynamic = DynamicClient(api)
    entries = dynamic.resources.get(api_version="networking.istio.io/v1", kind="ServiceEntry")
    entries.create(body=service_entry(), namespace=namespace)
    applied = service_entry() | {"spec": service_entry()["spec"] | {"resolution": "DNS"}}
    entries.server_side_apply(
        body=applied, name="reviews", namespace=namespace, field_manager="test", force_conflicts=True
    )
    assert entries.get(name="reviews", namespace=namespace).spec.resolution == "DNS"
    services = dynamic.resources.get(api_version="v1", kind="Service")
    services.create(body=service(), namespace=namespace)
    patch = {"metadata": {"labels": {"x": "y"}}}
    services.patch(body=patch, name="reviews", namespace=namespace, content_type="application/merge-patch+json")
    assert services.get(namespace=namespace, label_selector="x=y").items[0].metadata.name == "reviews"
    services.delete(name="reviews", namespace=namespace)
    assert services.get(namespace=namespace).items == []


def test_rights_and_identity_are_asked_for(api: client.ApiClient, served: Served, namespace: str) -> None:
    def may(token: str, verb: str) -> bool:
        configuration = client.Configuration()
        configuration.host, configuration.ssl_ca_cert = api.configuration.host, api.configuration.ssl_ca_cert
        configuration.api_key = {"authorization": f"Bearer {token}"}
        spec = {"resourceAttributes": {"namespace": namespace, "verb": verb, "resource": "services"}}
        with client.ApiClient(configuration) as limited:
            body = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": spec}
            reviews = client.AuthorizationV1Api(limited)
            return bool(reviews.create_self_subject_access_review(body).status.allowed)

    tokens = served.cluster.tokens
    assert may(tokens["admin"], "patch")
    assert may(tokens["reader"], "list")
    assert not may(tokens["reader"], "patch")


def test_discovery_and_version_are_read(api: client.ApiClient) -> None:
    assert client.VersionApi(api).get_code().major == "1"
    groups = {each.name for each in client.ApisApi(api).get_api_versions().groups}
    assert {"apps", "networking.istio.io", "admin.solo.io"} <= groups
    names = {each.name for each in client.CoreV1Api(api).get_api_resources().resources}
    assert {"services", "services/status", "pods/ephemeralcontainers"} <= names
