"""What stands in the meshes that the browser looks at, and how it is changed from outside."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from typing import Any

from dashboard_process import PROGRAM
from served_mesh import ServedMesh, environment

from meshglobal.sandbox.apiserver.objects import fresh

BOOKINFO = ("details", "productpage", "ratings", "reviews")
SCOPE, TAKEOVER = "solo.io/service-scope", "solo.io/service-takeover"
DISTRIBUTION = "networking.istio.io/traffic-distribution"
ENTRIES, PEERS = "serviceentries.networking.istio.io", "workloadentries.networking.istio.io"
ISTIO = "istio-system"
HOST = "productpage.bookinfo.mesh.internal"


def kubectl(mesh: ServedMesh, *words: str) -> str:
    """Run the real kubectl against the mesh, as somebody else would."""
    done = subprocess.run(
        [PROGRAM.with_name("kubectl"), *words],
        env=environment(mesh.kubeconfig),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout


def mark(
    mesh: ServedMesh,
    context: str,
    service: str,
    labels: Mapping[str, str | None] | None = None,
    annotations: Mapping[str, str | None] | None = None,
    namespace: str = "bookinfo",
) -> None:
    """Give a Service labels and annotations; None takes one away."""

    def merge(obj: dict[str, Any]) -> None:
        for field, given in (("labels", labels), ("annotations", annotations)):
            merged = {**obj["metadata"].get(field, {}), **(given or {})}
            obj["metadata"][field] = {key: value for key, value in merged.items() if value is not None}

    change(mesh, context, "services", (namespace, service), merge)


def change(mesh: ServedMesh, context: str, resource: str, place: tuple[str, str], edit: Any) -> None:
    """Let a function edit an object, and store it."""
    client = mesh.clusters[context].client("somebody")

    def store() -> None:
        found = client.get(resource, *place)
        assert found is not None, f"no {resource} {place} in {context}"
        obj = fresh(found)
        edit(obj)
        client.replace(resource, obj)

    mesh.call(store)


def remove(mesh: ServedMesh, context: str, resource: str, place: tuple[str, str]) -> None:
    """Delete an object."""
    mesh.call(lambda: mesh.clusters[context].client("somebody").delete(resource, *place))


def settle(mesh: ServedMesh) -> None:
    """Wait until the control plane has nothing left to do."""
    mesh.wait(mesh.reconciler.settled(60))


def expose_bookinfo(mesh: ServedMesh, *services: str) -> None:
    """Publish services (all four) from every cluster; productpage is taken over and spread over all."""
    for context in mesh.clusters:
        for service in services or BOOKINFO:
            mark(mesh, context, service, {SCOPE: "global"})
        mark(mesh, context, "productpage", {TAKEOVER: "true"}, {DISTRIBUTION: "Any"})
    settle(mesh)


def one_of_each_state(mesh: ServedMesh) -> None:
    """Beside what is ready: reviews is missing, ratings has drifted, details is partial, and an entry is stale.

    All in cluster2, and the control plane is stopped, so that nobody mends it.
    """
    expose_bookinfo(mesh)
    mesh.stop_control_plane()
    remove(mesh, "cluster2", ENTRIES, (ISTIO, "autogen.bookinfo.reviews"))
    change(
        mesh,
        "cluster2",
        ENTRIES,
        (ISTIO, "autogen.bookinfo.ratings"),
        lambda obj: obj["spec"].update(hosts=["ratings.bookinfo.global"]),
    )
    remove(mesh, "cluster2", PEERS, (ISTIO, "autogen.cluster1.bookinfo.details"))
    stale = {
        "metadata": {"name": "autogen.bookinfo.coupons", "namespace": ISTIO},
        "spec": {
            "hosts": ["coupons.bookinfo.mesh.internal"],
            "addresses": ["240.240.0.99"],
            "ports": [{"name": "http", "number": 9080, "protocol": "HTTP"}],
            "resolution": "STATIC",
            "location": "MESH_INTERNAL",
        },
    }
    mesh.call(lambda: mesh.clusters["cluster2"].client("somebody").create(ENTRIES, stale))


def whole_window(mesh: ServedMesh) -> None:
    """Each state, a route that names a host, and a link that is there in one direction only: not from cluster1."""
    one_of_each_state(mesh)
    route = {
        "metadata": {"name": "front", "namespace": "bookinfo"},
        "spec": {
            "parentRefs": [{"group": "", "kind": "Service", "name": "reviews"}],
            "rules": [
                {"backendRefs": [{"group": "networking.istio.io", "kind": "Hostname", "name": HOST, "port": 9080}]}
            ],
        },
    }
    mesh.call(
        lambda: mesh.clusters["cluster1"].client("somebody").create("httproutes.gateway.networking.k8s.io", route)
    )
    remove(mesh, "cluster1", "gateways.gateway.networking.k8s.io", ("istio-eastwest", "istio-remote-peer-cluster3"))
