"""Random changes to a mesh: the objects that may come, change and go, for the laws."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import strategies as st
from mesh_objects import GLOBAL, GLOBAL_ONLY, SEGMENT, TAKEOVER, istio_system, link, namespace, pod, segment, service

JSON = dict[str, Any]
CLUSTERS = ("east", "north", "west")
SCOPES: list[dict[str, str]] = [{}, GLOBAL, SEGMENT, GLOBAL_ONLY, {"solo.io/service-scope": "cluster"}, {"other": "x"}]
EXTRAS: list[dict[str, str]] = [{}, TAKEOVER, {"istio.io/use-waypoint": "waypoint"}, {"istio.io/use-waypoint": "none"}]
PORTS = [[{"port": 9080, "name": "http"}], [{"port": 80, "name": "tcp"}, {"port": 81, "name": "grpc"}]]
SELECTORS = [{"app": "reviews"}, {"app": "reviews", "version": "v1"}, {}]


class Change(NamedTuple):
    """One object of one cluster appears as given, or goes."""

    cluster: str
    obj: JSON
    is_gone: bool


def _labels() -> st.SearchStrategy[dict[str, str]]:
    return st.builds(lambda scope, extra: scope | extra, st.sampled_from(SCOPES), st.sampled_from(EXTRAS))


SERVICES = st.builds(
    lambda name, labels, ports, selector: service(name, labels, ports=ports, selector=selector),
    st.sampled_from(["reviews", "ratings", "waypoint"]),
    _labels(),
    st.sampled_from(PORTS),
    st.sampled_from(SELECTORS),
)
PODS = st.builds(
    pod,
    st.sampled_from(["pod-1", "pod-2"]),
    st.sampled_from(["reviews", "ratings"]),
    st.sampled_from(["one", "two"]),
    st.sampled_from(["", "10.0.0.1", "10.0.0.2"]),
)
NAMESPACES = st.builds(namespace, st.just("bookinfo"), _labels())
PLACES = st.builds(istio_system, st.sampled_from(["flat", "net-1", "net-2"]), st.sampled_from([None, "acme", "beta"]))
SEGMENTS = st.builds(segment, st.sampled_from(["acme", "beta"]), st.sampled_from(["mesh.acme", "mesh.beta"]))
LINKS = st.builds(link, st.sampled_from(CLUSTERS), network=st.sampled_from([None, "flat", "net-1"]))

STAYING = ("Namespace",)
"""Kinds that do not go away here: their end takes everything in them along."""
CHANGES = st.builds(
    lambda cluster, obj, is_gone: Change(cluster, obj, is_gone and obj["kind"] not in STAYING),
    st.sampled_from(CLUSTERS),
    st.one_of(SERVICES, SERVICES, PODS, NAMESPACES, PLACES, SEGMENTS, LINKS),
    st.sampled_from([False, False, True]),
)
BEGINNING = [
    Change(name, obj, is_gone=False)
    for name in CLUSTERS
    for obj in (
        istio_system(name),
        namespace("bookinfo", GLOBAL),
        *(link(peer) for peer in CLUSTERS if peer != name),
        service("reviews"),
        pod("pod-1"),
    )
]
"""A mesh that works: most histories go on from here, so that most changes matter."""
HISTORIES = st.builds(
    lambda beginning, changes: beginning + changes,
    st.sampled_from([BEGINNING, BEGINNING, []]),
    st.lists(CHANGES, min_size=1, max_size=30),
)
SETTINGS = st.lists(
    st.sampled_from(["peering=all", "peer-segment=borrowed", "entry-names=short", "scope-precedence=either"]),
    max_size=2,
    unique=True,
)


def key_of(obj: JSON) -> tuple[str, str, str]:
    return obj["kind"], obj["metadata"].get("namespace", ""), obj["metadata"]["name"]


def outcome(history: list[Change]) -> dict[str, list[JSON]]:
    """The objects that remain of a history, by cluster."""
    found: dict[str, dict[tuple[str, str, str], JSON]] = {name: {} for name in CLUSTERS}
    for change in history:
        if change.is_gone:
            found[change.cluster].pop(key_of(change.obj), None)
        else:
            found[change.cluster][key_of(change.obj)] = change.obj
    return {name: list(objects.values()) for name, objects in found.items()}
