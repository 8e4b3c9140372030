"""What Kubernetes' own kinds refuse, beyond what the recordings show."""

from __future__ import annotations

from typing import Any

import pytest

from meshglobal.sandbox.apiserver import pipeline
from meshglobal.sandbox.apiserver.conversion import Mismatch
from meshglobal.sandbox.apiserver.resources import Catalogue

CATALOGUE = Catalogue()
META = {"name": "a", "namespace": "b"}


def problems(key: str, obj: dict[str, Any], old: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    resource = CATALOGUE.by_key(key)
    made = pipeline.default(resource, {"metadata": META} | obj)
    before = None if old is None else pipeline.default(resource, {"metadata": META} | old)
    return [
        (cause.reason.removeprefix("FieldValue"), cause.field) for cause in pipeline.validate(resource, made, before)
    ]


def service(**spec: Any) -> dict[str, Any]:
    return {"spec": {"ports": [{"port": 80}]} | spec}


def pod(container: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    return {"spec": {"containers": [{"name": "a", "image": "b"} | (container or {})]} | spec}


@pytest.mark.parametrize(
    ("key", "obj", "found"),
    [
        ("services", service(), []),
        ("services", service(type="ExternalName"), [("Required", "spec.externalName")]),
        ("services", service(ports=[], clusterIP="None"), []),
        (
            "services",
            service(ports=[{"port": 80, "targetPort": "Not A Name"}]),
            [("Invalid", "spec.ports[0].targetPort")],
        ),
        ("services", service(ports=[{"port": 80, "nodePort": 30000}]), [("Forbidden", "spec.ports[0].nodePort")]),
        ("services", service(type="NodePort", ports=[{"port": 80, "nodePort": 30000}]), []),
        ("pods", pod(), []),
        ("pods", pod({"env": [{"value": "x"}]}), [("Required", "spec.containers[0].env[0].name")]),
        (
            "pods",
            pod({"volumeMounts": [{"name": "v"}]}),
            [("Required", "spec.containers[0].volumeMounts[0].mountPath")],
        ),
        ("pods", pod(initContainers=[{"name": "a", "image": "x"}]), [("Duplicate", "spec.initContainers[0].name")]),
        ("pods", pod(volumes=[{"name": "v"}, {"name": "v"}]), [("Duplicate", "spec.volumes[1].name")]),
        ("pods", pod(restartPolicy="Sometimes"), [("NotSupported", "spec.restartPolicy")]),
        ("secrets", {"data": {"a b": "QQ=="}}, [("Invalid", "data[a b]")]),
        ("namespaces", {"metadata": {"name": "a.b"}}, [("Invalid", "metadata.name")]),
        ("roles.rbac.authorization.k8s.io", {"metadata": META | {"name": "system:a"}}, []),
        ("roles.rbac.authorization.k8s.io", {"metadata": META | {"name": "a/b"}}, [("Invalid", "metadata.name")]),
        ("leases.coordination.k8s.io", {"spec": {"leaseTransitions": -1}}, [("Invalid", "spec.leaseTransitions")]),
    ],
)
def test_a_new_object_is_looked_at(key: str, obj: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert problems(key, obj) == found


@pytest.mark.parametrize(
    ("key", "old", "new", "found"),
    [
        ("services", service(clusterIP="10.0.0.1"), service(clusterIP="10.0.0.1"), []),
        ("services", service(clusterIP="10.0.0.1"), service(type="ExternalName", externalName="a.b"), []),
        ("pods", pod(), pod({"image": "other"}), []),
        ("pods", pod(), pod(tolerations=[{"operator": "Exists"}]), []),
        ("pods", pod(tolerations=[{"operator": "Exists"}]), pod(), [("Forbidden", "spec")]),
        ("pods", pod(), pod(hostname="x"), [("Forbidden", "spec")]),
        ("secrets", {"type": "a/b"}, {"type": "a/c"}, [("Invalid", "type")]),
        (
            "configmaps",
            {"immutable": True},
            {"immutable": True, "binaryData": {"a": ""}},
            [("Forbidden", "binaryData")],
        ),
    ],
)
def test_a_change_is_compared(key: str, old: dict[str, Any], new: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert problems(key, new, old) == found


@pytest.mark.parametrize(
    ("image", "policy"),
    [
        ("nginx", "Always"),
        ("nginx:latest", "Always"),
        ("nginx:1.2", "IfNotPresent"),
        ("localhost:5000/nginx", "Always"),
        ("nginx@sha256:abc", "IfNotPresent"),
    ],
)
def test_the_pull_policy_follows_the_tag(image: str, policy: str) -> None:
    made = pipeline.default(CATALOGUE.by_key("pods"), pod({"image": image}))
    assert made["spec"]["containers"][0]["imagePullPolicy"] == policy


def test_requests_of_a_pod_follow_its_limits() -> None:
    made = pipeline.default(CATALOGUE.by_key("pods"), pod({"resources": {"limits": {"cpu": "1", "memory": "1Gi"}}}))
    assert made["spec"]["containers"][0]["resources"]["requests"] == {"cpu": "1", "memory": "1Gi"}


def test_plain_text_of_a_secret_is_encoded_and_gone() -> None:
    made = pipeline.default(CATALOGUE.by_key("secrets"), {"data": {"b": "Qg=="}, "stringData": {"a": "A"}})
    assert (made["data"], "stringData" in made) == ({"a": "QQ==", "b": "Qg=="}, False)


def test_a_port_that_is_no_port_is_a_mismatch() -> None:
    with pytest.raises(
        Mismatch, match=r"bool into Go struct field ServicePort\.spec\.ports\.targetPort of type intstr"
    ):
        problems("services", service(ports=[{"port": 80, "targetPort": True}]))


def test_a_variable_that_hides_another_is_worth_a_warning() -> None:
    env = [{"name": "A", "value": "1"}, {"name": "B"}, {"name": "A", "value": "2"}]
    found = pipeline.warnings(CATALOGUE.by_key("pods"), pod({"env": env}))
    assert [text.partition(":")[0] for text in found] == ["spec.containers[0].env[2]"]
