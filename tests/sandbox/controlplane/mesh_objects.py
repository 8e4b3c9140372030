"""Short ways to say what a mesh consists of, for the control plane's tests: plain Kubernetes JSON."""

from __future__ import annotations

from typing import Any

from meshglobal.sandbox.controlplane.switches import Switches
from meshglobal.sandbox.controlplane.translate import translate

JSON = dict[str, Any]
GLOBAL = {"solo.io/service-scope": "global"}
SEGMENT = {"solo.io/service-scope": "segment"}
GLOBAL_ONLY = {"solo.io/service-scope": "global-only"}
TAKEOVER = {"solo.io/service-takeover": "true"}
HTTP = {"port": 9080, "name": "http"}


def namespace(name: str, labels: dict[str, str] | None = None) -> JSON:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels or {}}}


def istio_system(network: str, segment: str | None = None) -> JSON:
    labels = {"topology.istio.io/network": network}
    return namespace("istio-system", labels | ({"admin.solo.io/segment": segment} if segment else {}))


def service(
    name: str = "reviews",
    labels: dict[str, str] | None = None,
    *,
    ports: list[JSON] | None = None,
    selector: dict[str, str] | None = None,
    **spec: Any,
) -> JSON:
    """A Service of namespace bookinfo that selects app=NAME; `selector={}` for none."""
    chosen = {"app": name} if selector is None else selector
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": "bookinfo", "labels": labels or {}},
        "spec": {"ports": ports or [HTTP], "selector": chosen, **spec},
    }


def pod(name: str, app: str = "reviews", account: str = "bookinfo-reviews", ip: str = "", **status: Any) -> JSON:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "bookinfo", "labels": {"app": app, "version": "v1"}},
        "spec": {"serviceAccountName": account, "containers": [{"name": "app", "image": "app:1"}]},
        "status": {"phase": "Running", **({"podIP": ip} if ip else {}), **status},
    }


def segment(name: str, domain: str) -> JSON:
    return {
        "apiVersion": "admin.solo.io/v1alpha1",
        "kind": "Segment",
        "metadata": {"name": name, "namespace": "istio-system"},
        "spec": {"domain": domain},
    }


def link(peer: str, *, network: str | None = None, trust_domain: str = "", name: str | None = None) -> JSON:
    """The istio-remote Gateway for a peer."""
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "Gateway",
        "metadata": {
            "name": name or f"istio-remote-peer-{peer}",
            "namespace": "istio-eastwest",
            "labels": {"topology.istio.io/network": network or peer},
            "annotations": {"gateway.istio.io/trust-domain": trust_domain or peer},
        },
        "spec": {
            "gatewayClassName": "istio-remote",
            "listeners": [{"name": "cross-network", "port": 15008, "protocol": "HBONE"}],
        },
    }


def cluster(
    name: str, peers: str, *objects: JSON, network: str | None = None, segment: str | None = None
) -> list[JSON]:
    """A cluster's objects: its place in the mesh, links to the peers (a name each), namespace bookinfo, and more."""
    links = [link(peer, network=network) for peer in peers.split()]
    base = [istio_system(network or name, segment), namespace("istio-eastwest"), namespace("bookinfo"), *links]
    given = {(each["kind"], each["metadata"]["name"]) for each in objects}
    return [each for each in base if (each["kind"], each["metadata"]["name"]) not in given] + list(objects)


def two(west: list[JSON], east: list[JSON]) -> dict[str, list[JSON]]:
    """Two clusters that are linked both ways."""
    return {"west": cluster("west", "east", *west), "east": cluster("east", "west", *east)}


def entries(mesh: dict[str, list[JSON]], viewer: str, *settings: str) -> dict[str, JSON]:
    """The ServiceEntries of a cluster by name."""
    return _of_kind("ServiceEntry", mesh, viewer, *settings)


def members(mesh: dict[str, list[JSON]], viewer: str, *settings: str) -> dict[str, JSON]:
    """The WorkloadEntries of a cluster by name."""
    return _of_kind("WorkloadEntry", mesh, viewer, *settings)


def hosts(mesh: dict[str, list[JSON]], viewer: str, *settings: str) -> list[str]:
    """All hosts of a cluster's ServiceEntries."""
    return [host for entry in entries(mesh, viewer, *settings).values() for host in entry["spec"]["hosts"]]


def _of_kind(kind: str, mesh: dict[str, list[JSON]], viewer: str, *settings: str) -> dict[str, JSON]:
    found = translate(mesh, Switches.parse(settings))[viewer]
    return {each["metadata"]["name"]: each for each in found if each["kind"] == kind}
