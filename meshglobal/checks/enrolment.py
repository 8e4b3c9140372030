"""Whether the pods behind a Service are in the mesh: ambient or with a sidecar (R37), and whether ambient runs."""

from __future__ import annotations

from meshglobal.checks.place import Place, broken, ok, unchecked
from meshglobal.domain import kinds
from meshglobal.domain.diagnosis import ChainLink
from meshglobal.domain.enrolment import AMBIENT, namespace_sign, pods_of, sign_of
from meshglobal.domain.finding import Level

_OF_AMBIENT = ("MG308", "MG309")


def enrolment(place: Place) -> ChainLink:
    """The Namespace is labelled, or a pod that the Service selects; one pod outside is not a broken link."""
    if (found := place.found("MG223")) is not None:
        return broken(found.message, found.level, found)
    if place.service is None or not place.service.spec.selector:
        return place.no_service(" that selects pods")
    name = place.key.namespace
    if sign := namespace_sign(place.view, name):
        return _runs(place, f"namespace {sign}", is_ambient=sign == AMBIENT)
    return _of_pods(place)


def _of_pods(place: Place) -> ChainLink:
    pods = pods_of(place.view, place.key)
    if pods is None:
        return unchecked(place.view.cluster.why_unread(kinds.POD, place.key.namespace), Level.UNKNOWN)
    if not pods:
        return unchecked("the Service has no pods")
    signs = [sign for pod in pods if (sign := sign_of(pod.metadata))]
    if signs:
        return _runs(place, f"{len(signs)} of {len(pods)} pods {signs[0]}", is_ambient=AMBIENT in signs)
    if why := place.view.cluster.why_unread(kinds.NAMESPACE, name=place.key.namespace):
        return unchecked(why, Level.UNKNOWN)
    return unchecked("the Service is not published here")


def _runs(place: Place, said: str, *, is_ambient: bool) -> ChainLink:
    """Ambient is what ztunnel and the CNI plugin make of it."""
    found = place.found(*_OF_AMBIENT) if is_ambient else None
    return broken(found.message, found.level, found) if found is not None else ok(said)
