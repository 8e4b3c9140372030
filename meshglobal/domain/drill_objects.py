"""What may own the replicas of a Deployment, and who says so: autoscalers, and labels of who keeps objects in step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshglobal.domain import kinds
from meshglobal.domain.kinds import Kind
from meshglobal.domain.objects import Deployment, Object, Record
from meshglobal.domain.view import ClusterView


class ScaleTarget(Record, frozen=True):
    """What an autoscaler scales."""

    kind: str = "Deployment"
    name: str = ""


class ScalerSpec(Record, frozen=True):
    """``spec`` of an autoscaler."""

    scale_target_ref: ScaleTarget = ScaleTarget()


class Scaler(Object, frozen=True):
    """A HorizontalPodAutoscaler, or a ScaledObject of KEDA."""

    spec: ScalerSpec = ScalerSpec()


# Neither need be served: not every API server has autoscaling.
AUTOSCALER = Kind("HorizontalPodAutoscaler", "horizontalpodautoscalers", "autoscaling", "v2", Scaler, is_custom=True)
SCALED_OBJECT = Kind("ScaledObject", "scaledobjects", "keda.sh", "v1alpha1", Scaler, is_custom=True)
SCALE = Kind("Scale", "deployments/scale", "apps", "v1", Object)
"""As a subresource of Deployments, through which their replicas are written."""
SCALERS = (AUTOSCALER, SCALED_OBJECT)

_KEEPERS = (
    ("Argo CD", ("argocd.argoproj.io/instance", "argocd.argoproj.io/tracking-id")),
    ("Flux", ("kustomize.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/name")),
)
"""By label or annotation; both tools put theirs on everything that they keep."""


def owners_of(view: ClusterView, found: Object) -> Iterator[str]:
    """Who would undo a change of an object: each a sentence's part, ``HorizontalPodAutoscaler web scales it``."""
    for owner in found.metadata.owner_references or ():
        if owner.controller:
            yield f"{owner.kind} {owner.name} owns it"
    if isinstance(found, Deployment):
        for kind in SCALERS:
            for scaler in view.cluster.of(kind, Scaler):
                target = scaler.spec.scale_target_ref
                is_here = scaler.namespace == found.namespace
                if is_here and (target.kind or "Deployment", target.name) == ("Deployment", found.name):
                    yield f"{kind.name} {scaler.name} scales it"
    for keeper, keys in _KEEPERS:
        named = (found.metadata.label(key) or found.metadata.annotation(key) for key in keys)
        if (name := next(filter(None, named), None)) is not None:
            yield f"{keeper} ({name.partition(':')[0]}) keeps it as it is in a repository"


def unread_scalers(view: ClusterView, namespace: str) -> list[str]:
    """Why it is not known whether an autoscaler owns a Deployment there."""
    return [why for kind in SCALERS if (why := view.cluster.why_unread(kind, namespace))]


def deployments_behind(view: ClusterView, namespace: str, selector: dict[str, str]) -> list[Deployment]:
    """The Deployments whose pods a Service's selector matches, by name."""
    found = view.cluster.of(kinds.DEPLOYMENT, Deployment)
    here = (one for one in found if one.namespace == namespace)
    return sorted((one for one in here if is_matched(selector, labels_of(one))), key=lambda one: one.name)


def labels_of(deployment: Deployment) -> dict[str, str]:
    """Of its pods."""
    return deployment.spec.template.metadata.labels or {}


def is_matched(selector: dict[str, str], labels: dict[str, str]) -> bool:
    """Whether a selector that is not empty matches labels."""
    return bool(selector) and selector.items() <= labels.items()


def replicas_of(deployment: Deployment) -> int:
    """How many pods are wanted; a server fills in 1."""
    return 1 if deployment.spec.replicas is None else deployment.spec.replicas


def names_of(deployments: Sequence[Deployment]) -> str:
    """Their names, for people."""
    return ", ".join(one.name for one in deployments)
