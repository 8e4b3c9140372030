"""The real kubectl applies to an embedded cluster: on the client's side, on the server's, and shows differences."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.apiserver.manifests import deployment, manifest, service, service_entry

if TYPE_CHECKING:
    from tests.sandbox.apiserver.real_kubectl import Kubectl

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
OBJECTS = {"typed": service, "custom": service_entry, "workload": deployment}


def labelled(obj: dict[str, Any], **labels: str) -> dict[str, Any]:
    return obj | {"metadata": obj["metadata"] | {"labels": labels}}


def name_of(obj: dict[str, Any]) -> str:
    return f"{obj['kind'].lower()}/{obj['metadata']['name']}"


@pytest.fixture(params=OBJECTS)
def obj(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A Service, a ServiceEntry and a Deployment, one after the other."""
    return labelled(OBJECTS[request.param](), a="1", b="2")


def test_apply_creates_changes_nothing_and_configures(kubectl: Kubectl, obj: dict[str, Any]) -> None:
    assert kubectl("apply", "-f", "-", stdin=manifest(obj)).endswith(" created\n")
    assert kubectl("apply", "-f", "-", stdin=manifest(obj)).endswith(" unchanged\n")
    assert kubectl("apply", "-f", "-", stdin=manifest(labelled(obj, a="1"))).endswith(" configured\n")
    metadata = kubectl.json("get", name_of(obj))["metadata"]
    assert metadata["labels"] == {"a": "1"}
    assert json.loads(metadata["annotations"][LAST_APPLIED])["metadata"]["labels"] == {"a": "1"}


def test_apply_leaves_alone_what_others_set(kubectl: Kubectl, obj: dict[str, Any]) -> None:
    kubectl("apply", "-f", "-", stdin=manifest(obj))
    kubectl("label", name_of(obj), "solo.io/service-scope=global")
    kubectl("apply", "-f", "-", stdin=manifest(labelled(obj, a="1")))
    assert kubectl.json("get", name_of(obj))["metadata"]["labels"] == {"a": "1", "solo.io/service-scope": "global"}


def test_apply_merges_the_ports_of_a_service(kubectl: Kubectl) -> None:
    http, grpc = {"name": "http", "port": 9080}, {"name": "grpc", "port": 9090}
    kubectl("apply", "-f", "-", stdin=manifest(service(ports=[http, grpc])))
    kubectl("apply", "-f", "-", stdin=manifest(service(ports=[grpc | {"targetPort": 1}])))
    ports = kubectl.json("get", "service", "reviews")["spec"]["ports"]
    assert ports == [{"name": "grpc", "port": 9090, "protocol": "TCP", "targetPort": 1}]


def test_apply_prunes_by_label(kubectl: Kubectl) -> None:
    first, second = service("one", labels={"set": "x"}), service("two", labels={"set": "x"})
    kubectl("apply", "-f", "-", stdin=manifest(first, second))
    allowed = "--prune-allowlist=core/v1/Service"
    printed = kubectl("apply", "-f", "-", "--prune", "-l", "set=x", allowed, stdin=manifest(first))
    assert "service/two pruned" in printed


def test_apply_refuses_unknown_fields(kubectl: Kubectl, obj: dict[str, Any]) -> None:
    wrong = obj | {"spec": obj["spec"] | {"nosuch": 1}}
    assert "nosuch" in kubectl("apply", "-f", "-", stdin=manifest(wrong), fails=1)
    assert "nosuch" in kubectl("apply", "--server-side", "-f", "-", stdin=manifest(wrong), fails=1)


def test_diff_shows_what_apply_would_change(kubectl: Kubectl, obj: dict[str, Any]) -> None:
    kubectl("apply", "-f", "-", stdin=manifest(obj))
    assert kubectl("diff", "-f", "-", stdin=manifest(obj)) == ""
    shown = kubectl("diff", "-f", "-", stdin=manifest(labelled(obj, a="changed", b="2")), fails=1)
    assert '-    a: "1"\n+    a: changed\n' in shown.replace('"changed"', "changed")
    assert kubectl.json("get", name_of(obj))["metadata"]["labels"]["a"] == "1"
    other = manifest(obj | {"metadata": {"name": "other"}})
    assert "+  name: other\n" in kubectl("diff", "-f", "-", stdin=other, fails=1)


def test_server_side_apply_creates_and_configures(kubectl: Kubectl, obj: dict[str, Any]) -> None:
    assert "serverside-applied" in kubectl("apply", "--server-side", "-f", "-", stdin=manifest(obj))
    before = kubectl.json("get", name_of(obj))["metadata"]
    kubectl("apply", "--server-side", "-f", "-", stdin=manifest(labelled(obj, a="1")))
    after = kubectl.json("get", name_of(obj))["metadata"]
    assert after["labels"] == {"a": "1"}
    assert after["uid"] == before["uid"]
    assert LAST_APPLIED not in before.get("annotations", {})


def test_server_side_apply_conflicts_and_can_be_forced(kubectl: Kubectl, obj: dict[str, Any]) -> None:
    kubectl("apply", "--server-side", "-f", "-", stdin=manifest(obj))
    other = manifest(labelled(obj, a="9", b="2"))
    apply = ("apply", "--server-side", "--field-manager=other", "-f", "-")
    refused = kubectl(*apply, stdin=other, fails=1)
    assert 'conflict with "kubectl": .metadata.labels.a' in refused
    kubectl(*apply, "--force-conflicts", stdin=other)
    assert kubectl.json("get", name_of(obj))["metadata"]["labels"] == {"a": "9", "b": "2"}


def test_a_label_set_by_hand_conflicts_with_its_applier(kubectl: Kubectl, obj: dict[str, Any]) -> None:
    kubectl("apply", "--server-side", "-f", "-", stdin=manifest(obj))
    kubectl("label", name_of(obj), "a=hand", "--overwrite")
    refused = kubectl("apply", "--server-side", "-f", "-", stdin=manifest(obj), fails=1)
    assert 'conflict with "kubectl-label"' in refused


def test_moving_from_client_side_to_server_side_apply(kubectl: Kubectl, obj: dict[str, Any]) -> None:
    kubectl("apply", "-f", "-", stdin=manifest(obj))
    kubectl("apply", "--server-side", "-f", "-", stdin=manifest(labelled(obj, a="2")))
    metadata = kubectl.json("get", name_of(obj), "--show-managed-fields")["metadata"]
    assert metadata["labels"] == {"a": "2"}
    managers = {(each["manager"], each["operation"]) for each in metadata["managedFields"] if "subresource" not in each}
    assert ("kubectl", "Apply") in managers
    assert ("kubectl-client-side-apply", "Update") not in managers
    kubectl("apply", "-f", "-", stdin=manifest(labelled(obj, a="3")))
    assert kubectl.json("get", name_of(obj))["metadata"]["labels"] == {"a": "3"}


def test_server_side_diff(kubectl: Kubectl, obj: dict[str, Any]) -> None:
    kubectl("apply", "--server-side", "-f", "-", stdin=manifest(obj))
    assert kubectl("diff", "--server-side", "-f", "-", stdin=manifest(obj)) == ""
    assert "+    a: changed" in kubectl(
        "diff", "--server-side", "-f", "-", stdin=manifest(labelled(obj, a="changed", b="2")), fails=1
    )


def test_a_status_is_applied_to_its_subresource_and_has_owners_of_its_own(kubectl: Kubectl) -> None:
    def status(generation: int) -> str:
        identity = {"apiVersion": "networking.istio.io/v1", "kind": "ServiceEntry", "metadata": {"name": "reviews"}}
        return manifest(identity | {"status": {"observedGeneration": generation}})

    apply = ("apply", "--server-side", "--subresource=status", "-f", "-")
    kubectl("create", "-f", "-", stdin=manifest(service_entry()))
    kubectl(*apply, "--field-manager=istiod", stdin=status(1))
    refused = kubectl(*apply, "--field-manager=other", stdin=status(2), fails=1)
    assert 'conflict with "istiod" with subresource "status": .status.observedGeneration' in refused
    assert kubectl.json("get", "se", "reviews")["status"] == {"observedGeneration": 1}


def test_an_object_may_be_applied_in_another_version(kubectl: Kubectl) -> None:
    older = service_entry() | {"apiVersion": "networking.istio.io/v1beta1"}
    kubectl("apply", "--server-side", "-f", "-", stdin=manifest(service_entry()))
    kubectl("apply", "--server-side", "--field-manager=older", "-f", "-", stdin=manifest(older))
    entries = kubectl.json("get", "se", "reviews", "--show-managed-fields")["metadata"]["managedFields"]
    assert {(each["manager"], each["apiVersion"]) for each in entries} == {
        ("kubectl", "networking.istio.io/v1"),
        ("older", "networking.istio.io/v1beta1"),
    }
