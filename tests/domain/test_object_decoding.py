"""Bodies of real API servers decode into the records, whatever else they carry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from meshglobal.domain import objects
from meshglobal.domain.kinds import KINDS, Kind

RECORDINGS = Path(__file__).parent.parent / "recordings"
BY_NAME = {kind.name: kind for kind in KINDS}


def bodies(found: Any) -> Iterator[dict[str, Any]]:
    """Every complete object of our kinds inside a recorded body; items of a list take the list's kind."""
    if isinstance(found, list):
        for item in found:
            yield from bodies(item)
    elif isinstance(found, dict):
        kind = found.get("kind")
        if kind in BY_NAME and isinstance(found.get("metadata"), dict) and "uid" in found["metadata"]:
            yield found
        items_kind = str(kind or "").removesuffix("List")
        if items_kind in BY_NAME and kind != items_kind:
            yield from ({"kind": items_kind} | item for item in found.get("items") or [])
        for value in found.values():
            yield from bodies(value)


@cache
def recorded() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {kind.name: [] for kind in KINDS}
    for path in sorted(RECORDINGS.glob("*.json")):
        for exchange in json.loads(path.read_text(encoding="utf-8"))["exchanges"]:
            for body in bodies(exchange.get("response", {}).get("body")):
                found[body["kind"]].append(body)
    return found


def decoded(kind: Kind, body: dict[str, Any]) -> Any:
    return msgspec.json.decode(json.dumps(body), type=kind.record)


# What the recordings hold at least, so that the next test cannot pass on nothing.
LEAST = {"DaemonSet": 0, "WorkloadEntry": 0, "DestinationRule": 0, "VirtualService": 0, "AuthorizationPolicy": 0}


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_every_recorded_body_decodes(kind: Kind) -> None:
    found = recorded()[kind.name]
    assert len(found) >= LEAST.get(kind.name, 1)
    for body in found:
        one = decoded(kind, body)
        assert isinstance(one, kind.record)
        assert one.name == body["metadata"]["name"]
        assert one.namespace == body["metadata"].get("namespace", "")
        assert one.metadata.labels == body["metadata"].get("labels")
        assert one.metadata.annotations == body["metadata"].get("annotations")


def test_a_recorded_service_keeps_its_ports() -> None:
    for body in recorded()["Service"]:
        service = decoded(BY_NAME["Service"], body)
        wanted = [(port["port"], port.get("name", ""), port["protocol"]) for port in body["spec"].get("ports") or []]
        assert [(port.port, port.name, port.protocol) for port in service.ports] == wanted
        assert service.is_headless == (body["spec"].get("clusterIP") == "None")
        assert service.is_external_name == (body["spec"]["type"] == "ExternalName")


def test_a_recorded_service_entry_keeps_what_is_judged() -> None:
    for body in recorded()["ServiceEntry"]:
        entry = decoded(BY_NAME["ServiceEntry"], body)
        assert entry.hosts == body["spec"]["hosts"]
        assert [port.number for port in entry.spec.ports or []] == [p["number"] for p in body["spec"].get("ports", [])]
        assert entry.spec.resolution == body["spec"].get("resolution", "")


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("Service", {"ports": None, "selector": None, "clusterIP": None, "externalName": None}),
        ("ServiceEntry", {"hosts": None, "ports": None, "addresses": None, "subjectAltNames": None}),
        ("Gateway", {"addresses": None}),
        ("HTTPRoute", {"parentRefs": None, "rules": [{"backendRefs": None}]}),
        ("DestinationRule", {"subsets": None}),
        ("VirtualService", {"hosts": None, "gateways": None, "http": [{"route": None, "mirrors": None}], "tcp": None}),
        ("AuthorizationPolicy", {"targetRef": None, "targetRefs": None, "rules": None}),
        ("Segment", {"aliases": None}),
        ("Pod", {"containers": None}),
        ("Deployment", {"replicas": None}),
    ],
)
def test_null_lists_and_maps_read_as_empty(kind: str, spec: dict[str, Any]) -> None:
    metadata = {"name": "a", "labels": None, "annotations": None, "ownerReferences": None, "creationTimestamp": None}
    one = decoded(BY_NAME[kind], {"kind": kind, "metadata": metadata, "spec": spec})
    assert one.metadata.label("any") is None
    assert one.metadata.annotation("any") is None
    if isinstance(one, objects.Service):
        assert one.ports == []
        assert not one.is_headless
    if isinstance(one, objects.ServiceEntry):
        assert one.hosts == []


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_an_object_without_spec_and_status_decodes(kind: Kind) -> None:
    assert decoded(kind, {"kind": kind.name, "metadata": {"name": "a"}}).name == "a"


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_unknown_fields_are_passed_over(kind: Kind) -> None:
    metadata = {"name": "a", "managedFields": [{"manager": "x"}], "unheardOf": {"a": [1]}}
    spec = {"unheardOf": [{"a": None}]}
    assert (
        decoded(kind, {"kind": kind.name, "metadata": metadata, "spec": spec, "status": {"unheardOf": 1}}).name == "a"
    )


def test_an_endpoint_without_a_ready_condition_is_ready() -> None:
    endpoints = [{"addresses": ["10.0.0.1"]}, {"conditions": {"ready": False}}, {"conditions": {"ready": None}}]
    found = decoded(BY_NAME["EndpointSlice"], {"metadata": {"name": "a"}, "endpoints": endpoints})
    assert [one.is_ready for one in found.endpoints] == [True, False, True]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_paths_name_the_collection_and_the_object(kind: Kind) -> None:
    root = f"/apis/{kind.group}/{kind.version}" if kind.group else "/api/v1"
    assert kind.path() == f"{root}/{kind.plural}"
    middle = "/namespaces/shop" if kind.is_namespaced else ""
    assert kind.path("shop", "a") == f"{root}{middle}/{kind.plural}/a"
    assert kind.word == kind.name.lower() + (f".{kind.group}" if kind.group else "")
