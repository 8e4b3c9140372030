"""The real kubectl writes to an embedded cluster: label, annotate, patch, scale, create, delete, wait, rollout, ..."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.apiserver.manifests import deployment, manifest, service, service_entry

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.apiserver.real_kubectl import Kubectl

SCOPE = "solo.io/service-scope"


@pytest.fixture
def shop(kubectl: Kubectl) -> Kubectl:
    """kubectl in a namespace with a Service, a ServiceEntry and a Deployment."""
    kubectl("create", "-f", "-", stdin=manifest(service(), service_entry(), deployment()))
    return kubectl


def labels_of(kubectl: Kubectl, what: str = "service/reviews") -> dict[str, str]:
    return kubectl.json("get", what)["metadata"].get("labels", {})


def test_label_sets_refuses_overwrites_and_removes(shop: Kubectl) -> None:
    assert shop("label", "service", "reviews", f"{SCOPE}=global") == "service/reviews labeled\n"
    refused = shop("label", "service", "reviews", f"{SCOPE}=cluster", fails=1)
    assert "already has a value (global), and --overwrite is false" in refused
    shop("label", "service", "reviews", f"{SCOPE}=cluster", "--overwrite")
    assert labels_of(shop) == {"app": "reviews", SCOPE: "cluster"}
    assert shop("label", "service", "reviews", f"{SCOPE}-") == "service/reviews unlabeled\n"
    assert labels_of(shop) == {"app": "reviews"}


def test_label_of_all_and_of_a_namespace(shop: Kubectl) -> None:
    shop("create", "-f", "-", stdin=manifest(service("ratings")))
    shop("label", "services", "--all", "x=y")
    assert labels_of(shop, "service/ratings")["x"] == "y"
    shop("label", "namespace", shop.namespace, "istio.io/dataplane-mode=ambient")
    assert labels_of(shop, f"namespace/{shop.namespace}")["istio.io/dataplane-mode"] == "ambient"


def test_a_stale_resource_version_is_refused(shop: Kubectl) -> None:
    version = shop.json("get", "service", "reviews")["metadata"]["resourceVersion"]
    shop("label", "service", "reviews", "a=1", f"--resource-version={version}")
    refused = shop("label", "service", "reviews", "a=2", "--overwrite", f"--resource-version={version}", fails=1)
    assert "the object has been modified" in refused


def test_an_invalid_label_is_refused_by_the_server(shop: Kubectl) -> None:
    patch = json.dumps({"metadata": {"labels": {"a": "not valid"}}})
    assert 'metadata.labels: Invalid value: "not valid"' in shop("patch", "svc", "reviews", "-p", patch, fails=1)


def test_annotate_sets_and_removes(shop: Kubectl) -> None:
    shop("annotate", "serviceentry", "reviews", "note=a b")
    assert shop("get", "se", "reviews", "-o", "jsonpath={.metadata.annotations.note}") == "a b"
    shop("annotate", "serviceentry", "reviews", "note-")
    assert "annotations" not in shop.json("get", "se", "reviews")["metadata"]


@pytest.mark.parametrize(
    ("kind", "patch"),
    [
        ("strategic", {"spec": {"ports": [{"port": 9090, "name": "grpc"}]}}),
        ("merge", {"spec": {"ports": [{"port": 9090, "name": "grpc"}, {"port": 9080, "name": "http"}]}}),
        ("json", [{"op": "add", "path": "/spec/ports/0", "value": {"port": 9090, "name": "grpc"}}]),
    ],
)
def test_patch_in_three_ways(shop: Kubectl, kind: str, patch: object) -> None:
    assert shop("patch", "service", "reviews", f"--type={kind}", "-p", json.dumps(patch)) == "service/reviews patched\n"
    assert shop("get", "service", "reviews", "-o", "jsonpath={.spec.ports[*].port}") == "9090 9080"


def test_patch_of_a_status(shop: Kubectl) -> None:
    patch = json.dumps({"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}})
    shop("patch", "service", "reviews", "--subresource=status", "-p", patch)
    assert shop("get", "svc", "reviews", "-o", "jsonpath={.status.loadBalancer.ingress[0].ip}") == "192.0.2.1"


def test_a_patch_that_changes_nothing_says_so(shop: Kubectl) -> None:
    patch = json.dumps({"metadata": {"labels": {"app": "reviews"}}})
    assert shop("patch", "service", "reviews", "-p", patch) == "service/reviews patched (no change)\n"


def test_scale_and_its_precondition(shop: Kubectl) -> None:
    assert shop("scale", "deployment", "reviews", "--replicas=3") == "deployment.apps/reviews scaled\n"
    shop("wait", "--for=jsonpath={.status.readyReplicas}=3", "deployment/reviews", "--timeout=20s")
    shop("scale", "deployment", "reviews", "--current-replicas=1", "--replicas=0", fails=1)
    shop("scale", "deployment", "reviews", "--replicas=0")
    shop("wait", "--for=delete", "pod", "-l", "app=reviews", "--timeout=20s")


def test_rollouts_restart_and_go_back(shop: Kubectl) -> None:
    shop("set", "image", "deployment/reviews", "app=example.com/reviews:2")
    assert "successfully rolled out" in shop("rollout", "status", "deployment/reviews", "--timeout=20s")
    assert len(shop("rollout", "history", "deployment/reviews").split("REVISION")[1].strip().splitlines()) == 3
    shop("rollout", "undo", "deployment/reviews")
    shop("rollout", "status", "deployment/reviews", "--timeout=20s")
    image = "jsonpath={.spec.template.spec.containers[0].image}"
    assert shop("get", "deployment", "reviews", "-o", image) == "example.com/reviews:1"
    assert "restarted" in shop("rollout", "restart", "deployment/reviews")


def test_typed_create_sends_protobuf(kubectl: Kubectl) -> None:
    kubectl("create", "configmap", "mesh", "--from-literal=a=1")
    kubectl("create", "service", "clusterip", "web", "--tcp=80:8080")
    kubectl("create", "serviceaccount", "bookinfo")
    kubectl("create", "secret", "generic", "token", "--from-literal=t=secret")
    kubectl("create", "deployment", "web", "--image=example.com/web:1", "--replicas=0")
    kubectl("create", "namespace", f"{kubectl.namespace}-made")
    assert kubectl("get", "configmap", "mesh", "-o", "jsonpath={.data.a}") == "1"
    assert kubectl("get", "service", "web", "-o", "jsonpath={.spec.ports[0].targetPort}") == "8080"
    assert kubectl("get", "secret", "token", "-o", "jsonpath={.data.t}") == "c2VjcmV0"
    assert kubectl("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}") == "0"
    assert kubectl("get", "namespace", f"{kubectl.namespace}-made", "-o", "jsonpath={.status.phase}") == "Active"


def test_create_twice_is_refused(shop: Kubectl) -> None:
    refused = shop("create", "-f", "-", stdin=manifest(service()), fails=1)
    assert 'services "reviews" already exists' in refused


def test_create_refuses_unknown_fields(kubectl: Kubectl) -> None:
    wrong = service() | {"spec": {"prots": [], "ports": [{"port": 80}]}}
    assert 'unknown field "spec.prots"' in kubectl("create", "-f", "-", stdin=manifest(wrong), fails=1)


def test_dry_runs_write_nothing(shop: Kubectl) -> None:
    before = shop.json("get", "service", "reviews")
    assert "server dry run" in shop("label", "service", "reviews", "a=b", "--dry-run=server")
    shop("delete", "service", "reviews", "--dry-run=server")
    shop("create", "-f", "-", "--dry-run=server", stdin=manifest(service("ghost")))
    assert shop.json("get", "service", "reviews") == before
    assert "not found" in shop("get", "service", "ghost", fails=1)


def test_delete_waits_until_it_is_gone(shop: Kubectl) -> None:
    assert shop("delete", "service", "reviews") == f'service "reviews" deleted from {shop.namespace} namespace\n'
    assert "not found" in shop("delete", "service", "reviews", fails=1)
    assert shop("delete", "service", "reviews", "--ignore-not-found") == ""
    shop("delete", "deployment,serviceentry", "--all", "--timeout=20s")
    shop("wait", "--for=delete", "pods", "--all", "--timeout=20s")
    assert shop("get", "deploy,se,rs", "-o", "name") == ""


def test_delete_of_a_namespace_empties_it(shop: Kubectl) -> None:
    shop("delete", "namespace", shop.namespace, "--timeout=20s")
    assert "not found" in shop("get", "namespace", shop.namespace, fails=1)
    assert shop("get", "svc", "-o", "name") == ""


def test_wait_times_out(shop: Kubectl) -> None:
    refused = shop("wait", "--for=condition=Nosuch", "deployment/reviews", "--timeout=200ms", fails=1)
    assert "timed out waiting for the condition" in refused


def test_replace_and_edit(shop: Kubectl, tmp_path: Path) -> None:
    changed = shop.json("get", "service", "reviews")
    changed["metadata"]["labels"]["by"] = "replace"
    shop("replace", "-f", "-", stdin=manifest(changed))
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/by: replace/by: edit/' \"$1\"\n")
    editor.chmod(0o755)
    shop("edit", "service", "reviews", env={"EDITOR": str(editor)})
    assert labels_of(shop)["by"] == "edit"


def test_run_debug_and_expose(kubectl: Kubectl) -> None:
    kubectl("run", "web", "--image=example.com/web:1", "--labels=app=web", "--port=8080")
    kubectl("wait", "--for=condition=Ready", "pod/web", "--timeout=20s")
    kubectl("expose", "pod", "web", "--port=80", "--target-port=8080")
    assert kubectl("get", "service", "web", "-o", "jsonpath={.spec.selector}") == '{"app":"web"}'
    kubectl("debug", "web", "--image=busybox:1.36", "-c", "debugger", "--attach=false", "--profile=general")
    assert kubectl("get", "pod", "web", "-o", "jsonpath={.spec.ephemeralContainers[0].name}") == "debugger"
