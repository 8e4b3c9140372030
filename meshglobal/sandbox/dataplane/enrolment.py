"""Whether a pod is in the mesh (R37): captured by ambient, or with a sidecar."""

from __future__ import annotations

from collections.abc import Mapping

from meshglobal.domain import labels
from meshglobal.sandbox.dataplane.observed import Pod

_AMBIENT, _ENABLED = "ambient", "enabled"


def is_enrolled(pod: Pod, namespace: Mapping[str, str]) -> bool:
    """Whether a pod takes part in the mesh, by its own labels and those of its Namespace; its own come first."""
    if pod.is_on_host_network:
        return False  # neither ambient nor the injector touches the node's own network
    return _is_injected(pod.labels, namespace) or _is_captured(pod.labels, namespace)


def _is_captured(own: Mapping[str, str], namespace: Mapping[str, str]) -> bool:
    return own.get(labels.DATAPLANE_MODE, namespace.get(labels.DATAPLANE_MODE)) == _AMBIENT


def _is_injected(own: Mapping[str, str], namespace: Mapping[str, str]) -> bool:
    wish = own.get(labels.SIDECAR_INJECT)
    if wish is not None:
        return wish == "true"
    if labels.INJECTION in namespace:
        return namespace[labels.INJECTION] == _ENABLED
    return bool(own.get(labels.REVISION) or namespace.get(labels.REVISION))
