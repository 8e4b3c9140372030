"""The real kubectl makes a kind of its own: a CustomResourceDefinition, objects of it, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.apiserver.manifests import manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.apiserver.real_kubectl import Kubectl

PORT = {
    "type": "object",
    "required": ["name", "protocol"],
    "properties": {
        "name": {"type": "string"},
        "protocol": {"type": "string", "default": "TCP"},
        "number": {"type": "integer", "maximum": 65535},
    },
}
SPEC = {
    "type": "object",
    "properties": {
        "size": {"type": "string", "enum": ["small", "large"], "default": "small"},
        "tags": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
        "ports": {
            "type": "array",
            "items": PORT,
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["name", "protocol"],
        },
        "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
    },
}
VERSION = {
    "name": "v1",
    "served": True,
    "storage": True,
    "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": SPEC}}},
    "additionalPrinterColumns": [{"name": "Size", "type": "string", "jsonPath": ".spec.size"}],
}
GROUP = "test.example.com"
NAMES = {"plural": "gadgets", "singular": "gadget", "kind": "Gadget", "shortNames": ["gd"]}


def definition() -> dict[str, Any]:
    spec = {"group": GROUP, "names": NAMES, "scope": "Namespaced", "versions": [VERSION]}
    metadata = {"name": f"gadgets.{GROUP}"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": metadata,
        "spec": spec,
    }


def gadget(**spec: Any) -> str:
    metadata = {"name": "one"}
    return manifest({"apiVersion": f"{GROUP}/v1", "kind": "Gadget", "metadata": metadata, "spec": spec})


@pytest.fixture
def gadgets(kubectl: Kubectl) -> Iterator[Kubectl]:
    """kubectl where Gadgets are known."""
    kubectl("apply", "-f", "-", stdin=manifest(definition()))
    kubectl("wait", "--for=condition=Established", f"crd/gadgets.{GROUP}", "--timeout=20s")
    yield kubectl
    kubectl("delete", "crd", f"gadgets.{GROUP}", "--ignore-not-found", "--timeout=20s")


def test_a_new_kind_is_served_with_its_defaults_columns_and_limits(gadgets: Kubectl) -> None:
    gadgets("apply", "-f", "-", stdin=gadget(ports=[{"name": "a"}]))
    assert gadgets("get", "gd").split()[:2] == ["NAME", "SIZE"]
    assert gadgets.json("get", "gadget", "one")["spec"] == {
        "size": "small",
        "ports": [{"name": "a", "protocol": "TCP"}],
    }
    assert "Unsupported value" in gadgets("apply", "-f", "-", stdin=gadget(size="huge"), fails=1)
    assert "size" in gadgets("explain", "gadget.spec")


def test_its_list_types_decide_who_owns_what(gadgets: Kubectl) -> None:
    def apply(manager: str, **spec: Any) -> str:
        return gadgets("apply", "--server-side", f"--field-manager={manager}", "-f", "-", stdin=gadget(**spec))

    apply("first", tags=["a"], ports=[{"name": "x", "number": 1}], free={"k": [1]})
    apply("second", tags=["b"], ports=[{"name": "y", "number": 2}])
    spec = gadgets.json("get", "gadget", "one")["spec"]
    assert sorted(spec["tags"]) == ["a", "b"]
    assert [port["name"] for port in spec["ports"]] == ["x", "y"]
    apply("first", tags=["a"])
    spec = gadgets.json("get", "gadget", "one")["spec"]
    assert [port["name"] for port in spec["ports"]] == ["y"]
    assert "free" not in spec


def test_its_objects_go_with_it(gadgets: Kubectl) -> None:
    gadgets("apply", "-f", "-", stdin=gadget())
    gadgets("delete", "crd", f"gadgets.{GROUP}", "--timeout=20s")
    assert "could not find the requested resource" in gadgets("get", "--raw", f"/apis/{GROUP}/v1/gadgets", fails=1)
