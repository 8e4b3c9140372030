"""OpenAPI: every reference leads somewhere, and kubectl finds what it looks for."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from meshglobal.sandbox.apiserver import openapi
from meshglobal.sandbox.apiserver.exchange import Request
from meshglobal.sandbox.apiserver.resources import Catalogue

CATALOGUE = Catalogue()
PROTOBUF = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"


def get(path: str, catalogue: Catalogue = CATALOGUE, accept: str = "application/json") -> Any:
    return openapi.answer(catalogue, Request("GET", path, headers={"accept": accept}))


def document(path: str, catalogue: Catalogue = CATALOGUE) -> Any:
    return json.loads(get(f"/openapi/v3/{path}", catalogue).body)


def index(catalogue: Catalogue = CATALOGUE) -> dict[str, str]:
    paths = json.loads(get("/openapi/v3", catalogue).body)["paths"]
    return {path: entry["serverRelativeURL"] for path, entry in paths.items()}


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*map(references, value.values()))
    return set().union(*map(references, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("path", sorted(index()))
def test_every_document_is_closed(path: str) -> None:
    found = document(path)
    known = {f"#/components/schemas/{name}" for name in found["components"]["schemas"]}
    assert references(found) <= known


def test_a_patch_takes_field_validation_so_that_kubectl_leaves_it_to_the_server() -> None:
    patch = document("api/v1")["paths"]["/api/v1/namespaces/{namespace}/services/{name}"]["patch"]
    assert patch["x-kubernetes-group-version-kind"] == {"group": "", "version": "v1", "kind": "Service"}
    assert "fieldValidation" in {parameter["name"] for parameter in patch["parameters"]}


def test_strategic_patches_are_for_built_in_kinds() -> None:
    def types(path: str, item: str) -> set[str]:
        return set(document(path)["paths"][item]["patch"]["requestBody"]["content"])

    strategic = "application/strategic-merge-patch+json"
    entry = "/apis/networking.istio.io/v1/namespaces/{namespace}/serviceentries/{name}"
    assert strategic in types("api/v1", "/api/v1/namespaces/{name}")
    assert strategic not in types("apis/networking.istio.io/v1", entry)


def test_merge_keys_are_told() -> None:
    spec = document("api/v1")["components"]["schemas"]["io.k8s.api.core.v1.ServiceSpec"]
    ports = spec["properties"]["ports"]
    assert ports["x-kubernetes-patch-merge-key"] == "port"
    assert ports["x-kubernetes-list-map-keys"] == ["port", "protocol"]


def defined(fields: dict[str, Any]) -> Catalogue:
    """A catalogue with a kind of its own, made at run time."""
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": fields}}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    like = CATALOGUE.by_key("segments.admin.solo.io")
    catalogue = Catalogue()
    names = {"group": "example.com", "version": "v1", "storage_version": "v1", "plural": "widgets", "kind": "Widget"}
    catalogue.add(dataclasses.replace(like, **names, definition={"spec": {"versions": [version]}}))
    return catalogue


def test_a_kind_made_at_run_time_is_described() -> None:
    found = document("apis/example.com/v1", defined({"size": {"type": "string", "description": "how large"}}))
    spec = found["components"]["schemas"]["com.example.v1.Widget"]["properties"]["spec"]
    assert spec["properties"]["size"] == {"type": "string", "description": "how large"}


def test_the_index_changes_with_a_definition_and_only_there() -> None:
    before, after = index(defined({})), index(defined({"size": {"type": "string"}}))
    assert {path for path in before if before[path] != after[path]} == {"apis/example.com/v1"}


def test_nobody_describes_what_is_not_served() -> None:
    assert get("/openapi/v3/apis/nothere.example.com/v1").status == 404
    assert get("/openapi/v1").status == 404


def test_version_2_is_there_in_both_forms() -> None:
    assert json.loads(get("/openapi/v2").body)["swagger"] == "2.0"
    assert get("/openapi/v2", accept=PROTOBUF).body.startswith(b"\n\x032.0")
