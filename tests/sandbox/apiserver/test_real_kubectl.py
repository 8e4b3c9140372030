"""The real kubectl reads from an embedded cluster: get in all its forms, watch, describe, explain, discovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from tests.sandbox.apiserver.manifests import deployment, manifest, service, service_entry

if TYPE_CHECKING:
    from tests.sandbox.apiserver.real_kubectl import Kubectl
    from tests.served_cluster import Served


@pytest.fixture
def shop(kubectl: Kubectl) -> Kubectl:
    """kubectl in a namespace with two Services and a ServiceEntry."""
    kubectl(
        "create", "-f", "-", stdin=manifest(service(), service("ratings", labels={"tier": "back"}), service_entry())
    )
    return kubectl


def test_get_prints_a_table(shop: Kubectl) -> None:
    header, first, second = shop("get", "services").splitlines()
    assert header.split() == ["NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE"]
    assert first.split()[:2] == ["ratings", "ClusterIP"]
    assert second.split()[3:5] == ["<none>", "9080/TCP"]


def test_get_wide_has_more_columns(shop: Kubectl) -> None:
    lines = shop("get", "svc", "reviews", "-o", "wide", "--show-labels", "--no-headers").split()
    assert lines[-2:] == ["app=reviews", "app=reviews"]


def test_get_of_a_custom_kind_prints_its_columns(shop: Kubectl) -> None:
    header, row = shop("get", "serviceentries").splitlines()
    assert header.split() == ["NAME", "HOSTS", "LOCATION", "RESOLUTION", "AGE"]
    assert row.split()[:4] == ["reviews", '["reviews.mesh.internal"]', "MESH_INTERNAL", "STATIC"]


@pytest.mark.parametrize(
    ("form", "printed"),
    [
        ("name", "service/reviews\n"),
        ("jsonpath={.spec.ports[0].port}", "9080"),
        ("go-template={{.metadata.name}}", "reviews"),
        ("custom-columns=A:.metadata.name,B:.spec.type", "A         B\nreviews   ClusterIP\n"),
    ],
)
def test_get_prints_other_forms(shop: Kubectl, form: str, printed: str) -> None:
    assert shop("get", "service", "reviews", "-o", form) == printed


def test_get_as_json_and_yaml_are_the_same_object(shop: Kubectl) -> None:
    as_json = shop.json("get", "service", "reviews", "--show-managed-fields")
    as_yaml = yaml.safe_load(shop("get", "service", "reviews", "-o", "yaml", "--show-managed-fields"))
    assert as_json == as_yaml
    assert [each["manager"] for each in as_json["metadata"]["managedFields"]] == ["kubectl-create"]


def test_get_selects_by_label_and_field(shop: Kubectl) -> None:
    assert shop("get", "svc", "-l", "tier=back", "-o", "name") == "service/ratings\n"
    assert shop("get", "svc", "-l", "app in (reviews,x),!tier", "-o", "name") == "service/reviews\n"
    assert shop("get", "svc", "--field-selector", "metadata.name!=ratings", "-o", "name") == "service/reviews\n"
    assert "No resources found" in shop.stderr("get", "svc", "-l", "app=nosuch")


def test_get_in_all_namespaces_names_them(shop: Kubectl) -> None:
    lines = [line.split()[:2] for line in shop("get", "services", "-A").splitlines()]
    assert lines[0] == ["NAMESPACE", "NAME"]
    assert [shop.namespace, "reviews"] in lines


def test_get_of_several_kinds_and_a_sorted_list(shop: Kubectl) -> None:
    printed = shop("get", "svc,se", "-o", "name")
    assert "service/reviews" in printed
    assert "serviceentry.networking.istio.io/reviews" in printed
    assert shop("get", "svc", "--sort-by=.spec.selector.app", "-o", "name").splitlines()[0] == "service/ratings"


def test_get_in_chunks_gets_everything(shop: Kubectl) -> None:
    assert len(shop.json("get", "svc", "--chunk-size=1")["items"]) == 2


def test_get_of_what_is_missing_fails(kubectl: Kubectl) -> None:
    assert 'services "nosuch" not found' in kubectl("get", "service", "nosuch", fails=1)
    assert "doesn't have a resource type" in kubectl("get", "nosuchkind", fails=1)


def test_get_watches(shop: Kubectl) -> None:
    watching = shop.start("get", "services", "-w", "-o", "name")
    watching.until("service/reviews")
    shop("create", "-f", "-", stdin=manifest(service("late")))
    watching.until("service/late")
    watching.stop()


def test_get_watches_a_table_and_tells_of_deletions(shop: Kubectl) -> None:
    watching = shop.start("get", "serviceentries", "--watch-only", "--output-watch-events")
    shop.stderr("get", "se")
    for _ in range(2):
        shop("annotate", "serviceentry", "reviews", "--overwrite", f"step={_}")
    watching.until("MODIFIED")
    shop("delete", "serviceentry", "reviews")
    watching.until("DELETED")
    watching.stop()


def test_describe_shows_the_object(shop: Kubectl) -> None:
    printed = shop("describe", "service", "reviews")
    assert "Selector:                 app=reviews" in printed
    assert "9080/TCP" in printed
    assert "Hosts:" in shop("describe", "serviceentry", "reviews")


def test_pods_of_a_deployment_are_listed_as_running(kubectl: Kubectl) -> None:
    kubectl("create", "-f", "-", stdin=manifest(deployment(replicas=2)))
    kubectl("wait", "--for=condition=Available", "deployment/reviews", "--timeout=20s")
    rows = [line.split()[1:4] for line in kubectl("get", "pods", "--no-headers").splitlines()]
    assert rows == [["1/1", "Running", "0"]] * 2
    assert kubectl("get", "deployment", "reviews", "--no-headers").split()[:4] == ["reviews", "2/2", "2", "2"]


def test_explain_reads_the_openapi_document(kubectl: Kubectl) -> None:
    printed = kubectl("explain", "service.spec.ports")
    assert "FIELD: ports <[]ServicePort>" in printed
    assert "targetPort" in printed
    assert "resolution" in kubectl("explain", "serviceentry.spec")
    assert 'field "nosuch" does not exist' in kubectl("explain", "service.nosuch", fails=1)


def test_resources_and_versions_are_discovered(kubectl: Kubectl) -> None:
    rows = {line.split()[0]: line.split() for line in kubectl("api-resources").splitlines()}
    assert rows["services"] == ["services", "svc", "v1", "true", "Service"]
    assert rows["segments"][-3:] == ["admin.solo.io/v1alpha1", "true", "Segment"]
    assert {"v1", "apps/v1", "networking.istio.io/v1"} <= set(kubectl("api-versions").splitlines())
    assert "serviceentries.networking.istio.io" in kubectl(
        "api-resources", "--api-group=networking.istio.io", "-o", "name"
    )


def test_the_servers_version_is_asked_for(kubectl: Kubectl) -> None:
    assert kubectl.json("version")["serverVersion"]["major"] == "1"
    assert "ok" in kubectl("get", "--raw", "/readyz")
    assert "is running at https://127.0.0.1:" in kubectl("cluster-info")


def test_the_kubeconfig_has_one_context_a_cluster(kubectl: Kubectl, served: Served) -> None:
    assert kubectl("config", "current-context") == "east\n"
    assert kubectl("config", "get-contexts", "-o", "name") == "east\n"
    shown = kubectl("config", "view")
    assert served.cluster.url in shown
    assert served.cluster.tokens["admin"] not in shown


def test_rights_are_asked_for(kubectl: Kubectl, served: Served) -> None:
    assert kubectl("auth", "can-i", "patch", "services") == "yes\n"
    token = served.cluster.tokens["reader"]
    assert kubectl("--token", token, "auth", "can-i", "list", "services") == "yes\n"
    assert kubectl("--token", token, "auth", "can-i", "patch", "services", fails=1).startswith("no")
    assert "services" in kubectl("--token", token, "auth", "can-i", "--list")
    assert "reader" in kubectl("--token", token, "auth", "whoami")
    refused = kubectl("--token", token, "label", "namespace", "default", "a=b", fails=1)
    assert 'namespaces "default" is forbidden: User "reader" cannot patch' in refused


def test_a_user_made_at_run_time_may_do_what_was_said(kubectl: Kubectl, served: Served) -> None:
    rules = [{"apiGroups": [""], "resources": ["services"], "verbs": ["get", "list"]}]
    token = served.call(lambda: served.cluster.add_user("guest", rules, kubectl.namespace))
    assert kubectl("--token", token, "get", "services", "-o", "name") == ""
    assert "Forbidden" in kubectl("--token", token, "get", "configmaps", fails=1)
    assert "You must be logged in" in kubectl("--token", "nonsense", "get", "services", fails=1)
