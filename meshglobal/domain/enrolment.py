"""Whether the pods behind a Service are in the mesh: ambient or with a sidecar (R37)."""

from __future__ import annotations

from meshglobal.domain import kinds
from meshglobal.domain.labels import DATAPLANE_MODE, INJECTION, REVISION, SIDECAR_INJECT
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Meta, Pod
from meshglobal.domain.view import ClusterView

AMBIENT = f"{DATAPLANE_MODE}=ambient"
_ON = ((DATAPLANE_MODE, "ambient"), (INJECTION, "enabled"), (SIDECAR_INJECT, "true"))
# What upstream's injector and CNI leave on a pod that they have taken in, whoever asked for it.
_TAKEN_IN = ("sidecar.istio.io/status", "ambient.istio.io/redirection")
_ENDED = ("Succeeded", "Failed")


def sign_of(metadata: Meta) -> str:
    """The label or annotation that puts pods into the mesh, as ``key=value``; empty: none."""
    found = [f"{key}={value}" for key, value in _ON if metadata.label(key) == value]
    if not found and (revision := metadata.label(REVISION)):
        found.append(f"{REVISION}={revision}")
    found.extend(f"annotated {key}" for key in _TAKEN_IN if metadata.annotation(key))
    return found[0] if found else ""


def namespace_sign(view: ClusterView, name: str) -> str | None:
    """The sign on a Namespace; empty: none; None: it was not read."""
    if (namespace := view.namespaces.get(name)) is not None:
        return sign_of(namespace.metadata)
    return "" if view.cluster.has_read(kinds.NAMESPACE, name=name) else None


def pods_of(view: ClusterView, key: ServiceKey) -> list[Pod] | None:
    """The pods that a cluster's Service selects, but for those that have ended or are going; None: not known."""
    service = view.services.get(key)
    if service is None or not service.spec.selector or not view.cluster.has_read(kinds.POD, key.namespace):
        return None
    wanted = service.spec.selector.items()
    return [
        pod
        for pod in view.cluster.of(kinds.POD, Pod)
        if pod.namespace == key.namespace
        and pod.metadata.deletion_timestamp is None
        and pod.status.phase not in _ENDED
        and all(pod.metadata.label(name) == value for name, value in wanted)
    ]
