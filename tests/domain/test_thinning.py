"""Thinning changes nothing that anybody is told, and takes away most of what stays in the cluster."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mesh_cases import record_of
from mesh_strategies import Mesh, meshes

from meshglobal.app.listing import list_services
from meshglobal.app.picture import MeshSettings
from meshglobal.app.selecting import Request
from meshglobal.app.verify import Verify, verify
from meshglobal.domain import kinds, thinning
from meshglobal.domain.objects import EndpointSlice, Service
from meshglobal.domain.snapshot import ClusterSnapshot, Query
from meshglobal.domain.thinning import thinned
from tests.memory_fleet import MemoryFleet

EVERYTHING = Request(None, None, "")
QUERIES = (Query(kinds.SERVICE), Query(kinds.NAMESPACE), Query(kinds.ENDPOINT_SLICE))


def service(name: str, labels: dict[str, str], **spec: Any) -> Service:
    metadata = {
        "name": name,
        "namespace": "shop",
        "uid": "u",
        "resourceVersion": "7",
        "labels": {"app": name, "team": "blue", **labels},
        "annotations": {"meta.helm.sh/release-name": "shop"},
    }
    found = record_of(
        {
            "kind": "Service",
            "metadata": metadata,
            "spec": {"selector": {"app": name}, "clusterIP": "10.1.2.3", "ports": [{"port": 80}], **spec},
        }
    )
    assert isinstance(found, Service)
    return found


def endpoints(name: str, ready: str) -> EndpointSlice:
    found = record_of(
        {
            "kind": "EndpointSlice",
            "metadata": {"name": f"{name}-1", "namespace": "shop", "labels": {"kubernetes.io/service-name": name}},
            "endpoints": [{"addresses": ["10.0.0.1"], "conditions": {"ready": one == "+"}} for one in ready],
        }
    )
    assert isinstance(found, EndpointSlice)
    return found


def cluster(*objects: Service | EndpointSlice, queries: tuple[Query, ...] = QUERIES) -> ClusterSnapshot:
    by_kind = {
        kinds.SERVICE: tuple(one for one in objects if isinstance(one, Service)),
        kinds.ENDPOINT_SLICE: tuple(one for one in objects if isinstance(one, EndpointSlice)),
    }
    return ClusterSnapshot("c1", objects=by_kind, queries=queries)


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thinning, "_MANY", 0)


@st.composite
def dressed(draw: st.DrawFn) -> Mesh:
    """A mesh whose Services carry more than they need, with endpoints."""
    mesh = draw(meshes())
    extra = st.dictionaries(
        st.sampled_from(["app", "solo.io/service-scop", "istio.io/use-waypoint", "helm.sh/chart", "x"]),
        st.sampled_from(["a", "global", "true"]),
    )
    for objects in mesh.values():
        for found in [one for one in objects if one["kind"] == "Service"]:
            found["metadata"]["labels"] |= draw(extra)
            found["metadata"]["annotations"] = {**found["metadata"].get("annotations", {}), **draw(extra)}
            found["spec"]["clusterIP"] = draw(st.sampled_from(["None", "10.1.1.1"]))
            name = found["metadata"]["name"]
            objects.append(
                {
                    "kind": "EndpointSlice",
                    "metadata": {
                        "name": f"{name}-1",
                        "namespace": "shop",
                        "labels": {"kubernetes.io/service-name": name},
                    },
                    "endpoints": [{"conditions": {"ready": one}} for one in draw(st.lists(st.booleans(), max_size=2))],
                }
            )
    return mesh


class WholeFleet(MemoryFleet):
    """The same without thinning."""

    def read(self, *arguments: Any) -> Any:
        return super().read(*arguments[:2])


@settings(max_examples=60)
@given(dressed())
def test_nobody_is_told_anything_else(mesh: Mesh) -> None:
    clusters = {context: [record_of(one) for one in objects] for context, objects in mesh.items()}
    thin, whole = MemoryFleet(clusters), WholeFleet(clusters)
    setup = MeshSettings()
    for ask in (
        lambda fleet: verify(fleet, fleet, setup, Verify(EVERYTHING)),
        lambda fleet: list_services(fleet, setup, EVERYTHING),
    ):
        assert msgspec.json.encode(ask(thin)) == msgspec.json.encode(ask(whole))


def test_of_a_quiet_service_name_type_ports_and_our_keys_stay() -> None:
    (kept,) = thinned(cluster(service("a", {"solo.io/service-scop": "global"}))).of(kinds.SERVICE, Service)
    assert (kept.namespace, kept.name, kept.ports[0].port) == ("shop", "a", 80)
    assert kept.metadata.labels == {"solo.io/service-scop": "global"}
    assert (kept.metadata.annotations, kept.metadata.uid, kept.spec.selector, kept.spec.cluster_ip) == (
        None,
        "",
        None,
        None,
    )


def test_a_published_service_stays_whole() -> None:
    published = service("a", {"solo.io/service-scope": "global"})
    (kept,) = thinned(cluster(published)).of(kinds.SERVICE, Service)
    assert kept is published


def test_a_headless_service_stays_headless() -> None:
    (kept,) = thinned(cluster(service("a", {}, clusterIP="None"))).of(kinds.SERVICE, Service)
    assert kept.is_headless


def test_endpoints_are_still_counted() -> None:
    thin = thinned(cluster(service("a", {}), endpoints("a", "+-+")))
    (kept,) = thin.of(kinds.ENDPOINT_SLICE, EndpointSlice)
    assert [one.is_ready for one in kept.endpoints or ()] == [True, False, True]
    assert kept.metadata.label("kubernetes.io/service-name") == "a"


def test_equal_services_share_what_is_equal() -> None:
    first, second = thinned(cluster(service("a", {}), service("b", {}))).of(kinds.SERVICE, Service)
    assert first.spec is second.spec


def test_without_the_namespaces_nothing_is_taken_away() -> None:
    whole = cluster(service("a", {}), queries=(Query(kinds.SERVICE),))
    assert thinned(whole) is whole


def test_small_clusters_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thinning, "_MANY", 2)
    whole = cluster(service("a", {}))
    assert thinned(whole) is whole
