from __future__ import annotations

from typing import Any

import pytest

from meshglobal.sandbox.apiserver.custom_kinds import DEFINITIONS, CustomKinds
from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.apiserver.problems import ApiError
from meshglobal.sandbox.apiserver.state import State

WIDGETS = "widgets.example.org"


def _definition(**version: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}}}}
    served = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}, **version}
    names = {"kind": "Widget", "plural": "widgets", "singular": "widget", "shortNames": ["wg"]}
    spec = {"group": "example.org", "names": names, "scope": "Namespaced", "versions": [served]}
    return {"metadata": {"name": WIDGETS}, "spec": spec}


@pytest.fixture
def client() -> LocalClient:
    state = State("kinds")
    CustomKinds(state)
    local = LocalClient(state)
    local.create("namespaces", {"metadata": {"name": "n"}})
    return local


def _widget(**metadata: Any) -> dict[str, Any]:
    return {"metadata": {"name": "w", "namespace": "n", **metadata}, "spec": {"size": 1, "unknown": 2}}


def test_a_kind_is_served_as_soon_as_it_is_defined(client: LocalClient) -> None:
    with pytest.raises(KeyError):
        client.list(WIDGETS)
    client.create(DEFINITIONS, _definition())
    assert client.create(WIDGETS, _widget())["spec"] == {"size": 1}
    definition = client.get(DEFINITIONS, None, WIDGETS)
    assert definition is not None
    conditions = {each["type"]: each["status"] for each in definition["status"]["conditions"]}
    assert conditions == {"NamesAccepted": "True", "Established": "True"}


def test_its_subresources_and_selectable_fields_are_those_of_the_definition(client: LocalClient) -> None:
    scale = {"specReplicasPath": ".spec.size", "statusReplicasPath": ".status.size"}
    version = {"subresources": {"status": {}, "scale": scale}, "selectableFields": [{"jsonPath": ".spec.size"}]}
    client.create(DEFINITIONS, _definition(**version))
    resource = client._state.catalogue.by_key(WIDGETS)
    assert [each.name for each in resource.subresources] == ["status", "scale"]
    assert dict(resource.fields) == {"spec.size": ""}
    assert resource.list_name == "WidgetList"


def test_a_definition_takes_its_objects_with_it(client: LocalClient) -> None:
    client.create(DEFINITIONS, _definition())
    client.create(WIDGETS, _widget())
    client.delete(DEFINITIONS, None, WIDGETS)
    assert client.get(DEFINITIONS, None, WIDGETS) is None
    with pytest.raises(KeyError):
        client.list(WIDGETS)


def test_a_definition_waits_for_objects_that_are_held(client: LocalClient) -> None:
    client.create(DEFINITIONS, _definition())
    held = client.create(WIDGETS, _widget(finalizers=["x.io/a"]))
    client.delete(DEFINITIONS, None, WIDGETS)
    assert client.get(DEFINITIONS, None, WIDGETS)
    marked = client.get(WIDGETS, "n", "w")
    assert marked is not None
    client.replace(WIDGETS, held | {"metadata": marked["metadata"] | {"finalizers": []}})
    assert client.get(DEFINITIONS, None, WIDGETS) is None


def test_an_object_that_the_definition_forbids_is_refused(client: LocalClient) -> None:
    client.create(DEFINITIONS, _definition())
    with pytest.raises(ApiError) as refused:
        client.create(WIDGETS, _widget() | {"spec": {"size": "large"}})
    assert refused.value.status == 422
