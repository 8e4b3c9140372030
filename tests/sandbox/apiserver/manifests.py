"""Objects that the tests write through kubectl and the official client."""

from __future__ import annotations

import json
from typing import Any


def manifest(*objects: dict[str, Any]) -> str:
    """Objects as a file that kubectl reads from its standard input."""
    return "\n---\n".join(json.dumps(each) for each in objects)


def service(name: str = "reviews", *, labels: dict[str, str] | None = None, **spec: Any) -> dict[str, Any]:
    """A Service with one port."""
    given = {"selector": {"app": name}, "ports": [{"name": "http", "port": 9080}]} | spec
    metadata = {"name": name, "labels": {"app": name} | (labels or {})}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": given}


def deployment(name: str = "reviews", replicas: int = 1, image: str = "example.com/reviews:1") -> dict[str, Any]:
    """A Deployment with one container."""
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "app", "image": image}]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def service_entry(name: str = "reviews", host: str = "reviews.mesh.internal") -> dict[str, Any]:
    """A ServiceEntry with one host and one port."""
    ports = [{"name": "http", "number": 9080, "protocol": "HTTP"}]
    spec = {"hosts": [host], "ports": ports, "resolution": "STATIC", "location": "MESH_INTERNAL"}
    metadata = {"name": name}
    return {"apiVersion": "networking.istio.io/v1", "kind": "ServiceEntry", "metadata": metadata, "spec": spec}
