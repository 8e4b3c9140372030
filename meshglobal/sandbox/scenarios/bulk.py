"""`bulk:N`: N services in every cluster, for measuring. Each is published by two neighbouring clusters.

So every host must exist in every cluster, while the number of entries grows with the clusters and not with their
square. One pod stands behind all services of a cluster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.domain.labels import DATAPLANE_MODE, SERVICE_SCOPE
from meshglobal.sandbox.scenarios.documents import Documents, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshglobal.sandbox.apiserver.objects import JSON

PREFIX = "bulk:"
NAMESPACE = "bulk"
MOST_SERVICES = 10_000
_SELECTED = {"app": "bulk"}


def bulk(name: str, clusters: Sequence[str]) -> Documents:
    """Return the objects of `bulk:N`; raises ScenarioError for an N that cannot be."""
    text = name.removeprefix(PREFIX)
    if not text.isdecimal() or not 1 <= int(text) <= MOST_SERVICES:
        raise ScenarioError(f"{name}: expected {PREFIX}N with N from 1 to {MOST_SERVICES}")
    size = len(clusters)
    services = {
        cluster: [_service(number, number % size in {at, (at - 1) % size}) for number in range(int(text))]
        for at, cluster in enumerate(clusters)
    }
    return Documents([_namespace(), _deployment()], services)


def _namespace() -> JSON:
    labels = {DATAPLANE_MODE: "ambient"}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": labels}}


def _deployment() -> JSON:
    container = {"name": "server", "image": "example.com/server:1", "ports": [{"containerPort": 8080}]}
    template = {"metadata": {"labels": _SELECTED}, "spec": {"containers": [container]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "server", "namespace": NAMESPACE},
        "spec": {"replicas": 1, "selector": {"matchLabels": _SELECTED}, "template": template},
    }


def _service(number: int, is_published: bool) -> JSON:  # noqa: FBT001 - a fact about the service
    name = f"service-{number:04}"
    labels = {"app": name, "team": f"team-{number % 10}"} | ({SERVICE_SCOPE: "global"} if is_published else {})
    ports = [{"name": "http", "port": 80, "targetPort": 8080}, {"name": "grpc", "port": 9090, "targetPort": 9090}]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": NAMESPACE, "labels": labels},
        "spec": {"selector": _SELECTED, "ports": ports},
    }
