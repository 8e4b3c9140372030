"""Whether the pods behind a Service are in the mesh: ambient or with a sidecar (R37)."""

from __future__ import annotations

from meshglobal.checks.place import Place, broken, ok, unchecked
from meshglobal.domain import kinds
from meshglobal.domain.diagnosis import ChainLink
from meshglobal.domain.finding import Level
from meshglobal.domain.labels import DATAPLANE_MODE, INJECTION, REVISION, SIDECAR_INJECT
from meshglobal.domain.objects import Meta, Namespace, Pod

_ON = ((DATAPLANE_MODE, "ambient"), (INJECTION, "enabled"), (SIDECAR_INJECT, "true"))


def enrolment(place: Place) -> ChainLink:
    """The Namespace is labelled, or every pod that the Service selects; one pod outside is not a broken link."""
    if place.service is None or not place.service.spec.selector:
        return unchecked("there is no Service here that selects pods")
    name = place.key.namespace
    namespace = place.view.namespaces.get(name, Namespace())
    if sign := _sign(namespace.metadata):
        return ok(f"namespace {sign}")
    if why := place.view.cluster.why_unread(kinds.POD, name):
        return unchecked(why, Level.UNKNOWN)
    return _of_pods(place, _pods(place, place.service.spec.selector))


def _of_pods(place: Place, pods: list[Pod]) -> ChainLink:
    signs = [sign for pod in pods if (sign := _sign(pod.metadata))]
    if not pods:
        return unchecked("the Service has no pods")
    if signs:
        return ok(f"{len(signs)} of {len(pods)} pods {signs[0]}")
    name = place.key.namespace
    said = f"neither namespace {name} nor any of {len(pods)} pods is labelled for ambient or injection (R37)"
    remedy = f"kubectl --context {place.view.context} label namespace {name} {DATAPLANE_MODE}=ambient"
    return broken(said, Level.WARNING, remedy=remedy)


def _sign(metadata: Meta) -> str:
    """The label that puts pods into the mesh; empty: none."""
    found = [f"{key}={value}" for key, value in _ON if metadata.label(key) == value]
    revision = metadata.label(REVISION)
    return found[0] if found else f"{REVISION}={revision}" if revision else ""


def _pods(place: Place, selector: dict[str, str]) -> list[Pod]:
    return [
        pod
        for pod in place.view.cluster.of(kinds.POD, Pod)
        if pod.namespace == place.key.namespace
        and pod.metadata.deletion_timestamp is None
        and all(pod.metadata.label(key) == value for key, value in selector.items())
    ]
