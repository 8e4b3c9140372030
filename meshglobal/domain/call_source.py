"""From which pod a call is made: one that runs, is ready, and is in the mesh; preferably of another workload."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import msgspec

from meshglobal.domain import kinds
from meshglobal.domain.enrolment import namespace_sign, sign_of
from meshglobal.domain.labels import DATAPLANE_MODE, REVISION, SIDECAR_INJECT
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Pod
from meshglobal.domain.view import ClusterView

_GATEWAY = "gateway.networking.k8s.io/gateway-name"
_DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"
_PROXY = "istio-proxy"
_WITH_CURL = ("curl", "netshoot")
_ENROLLED_BY = (DATAPLANE_MODE, REVISION, SIDECAR_INJECT)
"""Labels by which a pod is taken in for itself."""


class Source(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A caller.

    Attributes:
        namespace, pod: which pod; null for one that is made for the call.
        container: in which of its containers curl is run by exec.
        enrolled: whether it is in the mesh; null: not known.
        sign: by which label or annotation.
    """

    namespace: str
    pod: str | None = None
    container: str = ""
    enrolled: bool | None = None
    sign: str = ""


@dataclass(frozen=True, slots=True)
class CallerWish:
    """Which pod was asked for: one by name, one of those that a selector found, or any."""

    namespace: str
    name: str | None = None
    selector: str = ""


def enrolment_of(view: ClusterView, pod: Pod) -> tuple[bool | None, str]:
    """Whether a pod is in the mesh (None: not known), and by which sign (R37)."""
    if any(one.name == _PROXY for one in pod.spec.containers or ()):
        return True, f"container {_PROXY}"
    if own := sign_of(pod.metadata):
        return True, own
    if pod.metadata.label(DATAPLANE_MODE) is not None:
        return False, f"{DATAPLANE_MODE}={pod.metadata.label(DATAPLANE_MODE)}"
    sign = namespace_sign(view, pod.namespace)
    if sign is None:
        return None, ""
    if pod.metadata.label(SIDECAR_INJECT) == "false" and not sign.startswith(DATAPLANE_MODE):
        return False, f"{SIDECAR_INJECT}=false"
    return bool(sign), f"namespace {sign}" if sign else ""


def source_in(view: ClusterView, key: ServiceKey, wish: CallerWish, found: Collection[str] | None) -> Source | str:
    """The caller in one cluster, or why there is none.

    Args:
        view: the cluster.
        key: what is to be called.
        wish: which pod was asked for.
        found: the names of the pods that the wish's selector matches there; None: it has none.
    """
    if why := view.cluster.why_unread(kinds.POD, wish.namespace):
        return f"pods of namespace {wish.namespace} could not be read: {why}"
    pods = [pod for pod in view.cluster.of(kinds.POD, Pod) if pod.namespace == wish.namespace]
    if wish.name is not None:
        pod = next((one for one in pods if one.name == wish.name), None)
        if pod is None:
            return f"there is no pod {wish.name} in namespace {wish.namespace}"
        return _source(view, pod) if _is_ready(pod) else f"pod {wish.name} is not running and ready"
    if found is not None:
        pods = [pod for pod in pods if pod.name in found]
    return _chosen(view, key, wish, pods)


def _chosen(view: ClusterView, key: ServiceKey, wish: CallerWish, pods: list[Pod]) -> Source | str:
    where = f"matches {wish.selector!r}" if wish.selector else "is there"
    ready = [pod for pod in pods if _is_ready(pod) and pod.metadata.label(_GATEWAY) is None]
    if not ready:
        return f"no pod that {where} in namespace {wish.namespace} is running and ready"
    sources = [(_source(view, pod), pod) for pod in ready]
    enrolled = [one for one in sources if one[0].enrolled]
    if not enrolled and not wish.selector:
        unknown = any(source.enrolled is None for source, _ in sources)
        said = "is known to be in the mesh" if unknown else "is in the mesh"
        return f"none of the {len(ready)} ready pods in namespace {wish.namespace} {said}"
    return min(enrolled or sources, key=lambda one: _order(view, key, one[1]))[0]


def _order(view: ClusterView, key: ServiceKey, pod: Pod) -> tuple[bool, bool, str]:
    service = view.services.get(key)
    selector = (service.spec.selector if service is not None else None) or {}
    is_target = bool(selector) and all(pod.metadata.label(name) == value for name, value in selector.items())
    images = " ".join(one.image for one in pod.spec.containers or ())
    return is_target and pod.namespace == key.namespace, not any(word in images for word in _WITH_CURL), pod.name


def _is_ready(pod: Pod) -> bool:
    conditions = {one.type: one.status for one in pod.status.conditions or ()}
    is_up = pod.status.phase == "Running" and conditions.get("Ready") == "True"
    return is_up and pod.metadata.deletion_timestamp is None


def _source(view: ClusterView, pod: Pod) -> Source:
    is_in, sign = enrolment_of(view, pod)
    return Source(namespace=pod.namespace, pod=pod.name, container=_container(pod), enrolled=is_in, sign=sign)


def _container(pod: Pod) -> str:
    names = [one.name for one in pod.spec.containers or ()]
    chosen = pod.metadata.annotation(_DEFAULT_CONTAINER)
    return chosen if chosen in names else next((name for name in names if name != _PROXY), "")


def mesh_labels(view: ClusterView, namespace: str, like: Pod | None) -> dict[str, str]:
    """The labels that put a new pod into the mesh as another one is; without one, as its namespace says, or ambient."""
    if like is not None:
        return {key: value for key in _ENROLLED_BY if (value := like.metadata.label(key)) is not None}
    return {} if namespace_sign(view, namespace) else {DATAPLANE_MODE: "ambient"}
