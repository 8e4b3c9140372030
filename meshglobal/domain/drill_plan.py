"""Which values a drill changes, and what speaks against it: pure, from what was read of the drilled cluster."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from meshglobal.domain import kinds, scope
from meshglobal.domain.drill import CLAIM, PROTECTED, Field, Mode, Touch
from meshglobal.domain.drill_objects import (
    deployments_behind,
    is_matched,
    labels_of,
    names_of,
    owners_of,
    replicas_of,
    unread_scalers,
)
from meshglobal.domain.drill_prediction import Ending, Prediction
from meshglobal.domain.drill_report import Reason, Refusal
from meshglobal.domain.inventory import endpoints_of
from meshglobal.domain.labels import SERVICE_SCOPE
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Deployment, Meta, Object, Pod, Service
from meshglobal.domain.view import ClusterView

_OVER = frozenset({"Succeeded", "Failed"})


@dataclass(frozen=True, slots=True)
class Leave:
    """What the user lets happen.

    Attributes:
        outage: the calls may fail, or it may not be known whether they will.
        owner: somebody else owns what is changed.
        protected: the cluster or the object is protected.
        patterns: the contexts that are protected.
    """

    outage: bool = False
    owner: bool = False
    protected: bool = False
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taking:
    """What is taken away in the drilled cluster: the touches without the claims, and the objects that they are on."""

    objects: tuple[Object, ...]
    touches: tuple[Touch, ...]


def taking_of(view: ClusterView, key: ServiceKey, mode: Mode) -> Taking:
    """The change that takes the copy of a cluster away."""
    service = view.services.get(key)
    if service is None:
        return Taking((), ())
    if mode is Mode.CORDON_LABEL:
        return Taking((service,), (_cordon(view, key, service),))
    behind = deployments_behind(view, key.namespace, service.spec.selector or {})
    scaled = [one for one in behind if replicas_of(one)]
    return Taking(tuple(scaled), tuple(_scale(view.context, one) for one in scaled))


def _cordon(view: ClusterView, key: ServiceKey, service: Service) -> Touch:
    """The scope goes; where the Namespace gives one as well, the Service says that it is not published (R2)."""
    above = view.namespaces.get(key.namespace)
    is_published_above = above is not None and above.metadata.label(SERVICE_SCOPE) in scope.PUBLISHED
    before = service.metadata.label(SERVICE_SCOPE)
    after = scope.CLUSTER if is_published_above else None
    return _touch(view.context, "Service", service.metadata, (Field.LABEL, SERVICE_SCOPE), (before, after))


def _scale(context: str, deployment: Deployment) -> Touch:
    before = str(replicas_of(deployment))
    return _touch(context, "Deployment", deployment.metadata, (Field.REPLICAS, ""), (before, "0"))


def _touch(
    context: str, kind: str, metadata: Meta, where: tuple[Field, str], values: tuple[str | None, str | None]
) -> Touch:
    return Touch(
        context=context,
        kind=kind,
        namespace=metadata.namespace,
        name=metadata.name,
        uid=metadata.uid,
        field=where[0],
        key=where[1],
        before=values[0],
        after=values[1],
        resource_version=metadata.resource_version,
    )


def claim_touch(touch: Touch, value: str) -> Touch:
    """The mark on the object of a touch."""
    where = (Field.ANNOTATION, CLAIM)
    metadata = Meta(name=touch.name, namespace=touch.namespace, uid=touch.uid, resource_version=touch.resource_version)
    return _touch(touch.context, touch.kind, metadata, where, (None, value))


def refusals_of(
    view: ClusterView, key: ServiceKey, mode: Mode, taking: Taking, prediction: Prediction, leave: Leave
) -> list[Refusal]:
    """What speaks against the drill and was not let happen."""
    effective = view.scope_of(key)
    if effective is not None and effective.is_published is False:
        return [
            Refusal(
                reason=Reason.NOT_GLOBAL,
                message=f"{key} is not global in {view.context}: no other cluster takes over what is local (R1)",
                next_step=f"meshglobal expose svc {key.name} -n {key.namespace}",
            )
        ]
    found = list(_nothing(view, key, taking))
    found += [] if mode is not Mode.SCALE or not taking.objects else _other_pods(view, key, taking)
    found += [] if leave.outage else _uncarried(prediction)
    found += [] if leave.owner else _owned(view, key, mode, taking)
    found += [] if leave.protected else _protected(view, key, taking, leave.patterns)
    return found


def claims_on(views: Sequence[ClusterView], key: ServiceKey) -> list[Refusal]:
    """Other drills of the service, in whatever cluster: two at once could take all copies away."""
    return [
        Refusal(
            reason=Reason.OPEN,
            message=f"{view.context}: {one.name} is part of another drill: {claim}",
            next_step="let it end or, if it was killed, run on that machine: meshglobal drill restore",
        )
        for view in views
        if (service := view.services.get(key)) is not None
        for one in (service, *deployments_behind(view, key.namespace, service.spec.selector or {}))
        if (claim := one.metadata.annotation(CLAIM)) is not None
    ]


def _nothing(view: ClusterView, key: ServiceKey, taking: Taking) -> Iterator[Refusal]:
    count = endpoints_of(view, key)
    if (why := view.cluster.why_unread(kinds.DEPLOYMENT, key.namespace)) and not taking.objects:
        yield Refusal(reason=Reason.UNKNOWN, message=f"{view.context}: Deployments could not be read: {why}")
    elif not taking.touches or (count is not None and not count.ready):
        what = "no Deployment with replicas stands behind it" if not taking.touches else "it has no ready endpoint"
        yield Refusal(
            reason=Reason.NOTHING_TO_TAKE,
            message=f"{view.context}: there is nothing to take away of {key}: {what}",
            next_step=f"kubectl --context {shlex.quote(view.context)} -n {key.namespace} "
            "get deployments,endpointslices",
        )


def _other_pods(view: ClusterView, key: ServiceKey, taking: Taking) -> Iterator[Refusal]:
    """Pods behind the Service that would go on answering, since no Deployment makes them."""
    selector = view.services[key].spec.selector or {}
    templates = [labels_of(one) for one in taking.objects if isinstance(one, Deployment)]
    left = []
    for pod in view.cluster.of(kinds.POD, Pod):
        labels = pod.metadata.labels or {}
        is_live = pod.metadata.deletion_timestamp is None and pod.status.phase not in _OVER
        is_behind = pod.namespace == key.namespace and is_live and is_matched(selector, labels)
        if is_behind and not any(is_matched(template, labels) for template in templates):
            left.append(pod.name)
    if left:
        yield Refusal(
            reason=Reason.OTHER_PODS,
            message=f"{view.context}: {', '.join(left[:3])} would go on answering: no Deployment makes "
            f"{'it' if len(left) == 1 else 'them'}",
            next_step=f"take the label away instead: --mode {Mode.CORDON_LABEL}",
        )


def _uncarried(prediction: Prediction) -> Iterator[Refusal]:
    if prediction.ending is Ending.OUTAGE:
        yield Refusal(
            reason=Reason.OUTAGE,
            message=f"the calls would fail: {prediction.why}",
            next_step="mend that first, or see the outage: --force-outage",
        )
    elif prediction.ending is Ending.UNKNOWN:
        yield Refusal(
            reason=Reason.UNKNOWN, message=prediction.why, next_step="see that it can be read, or: --force-outage"
        )


def _owned(view: ClusterView, key: ServiceKey, mode: Mode, taking: Taking) -> Iterator[Refusal]:
    for one in taking.objects:
        if owners := list(owners_of(view, one)):
            yield Refusal(
                reason=Reason.OWNED,
                message=f"{view.context}: {one.name} belongs to somebody else, who may undo it: {'; '.join(owners)}",
                next_step="pause that, or go on all the same: --force-owner",
            )
    if mode is Mode.SCALE and taking.objects and (unread := unread_scalers(view, key.namespace)):
        yield Refusal(
            reason=Reason.UNKNOWN,
            message=f"{view.context}: it is not known whether an autoscaler owns it: {'; '.join(unread)}",
            next_step="ask for the right (meshglobal rbac drill), or go on all the same: --force-owner",
        )


def _protected(view: ClusterView, key: ServiceKey, taking: Taking, patterns: Sequence[str]) -> Iterator[Refusal]:
    why = [f"protected-contexts has {one}" for one in patterns if fnmatchcase(view.context, one)]
    above, service = view.namespaces.get(key.namespace), view.services.get(key)
    marked: list[Object] = [one for one in (above, service) if one is not None]
    each = {id(one): one for one in (*marked, *taking.objects)}.values()
    is_marked = (one for one in each if (one.metadata.annotation(PROTECTED) or "").casefold() == "true")
    why += [f"{one.name} is annotated {PROTECTED}" for one in is_marked]
    if why:
        yield Refusal(
            reason=Reason.PROTECTED,
            message=f"{view.context} is protected: {'; '.join(why)}",
            next_step="drill another cluster, or say that you mean it: --allow-protected",
        )


def notes_of(view: ClusterView, key: ServiceKey, mode: Mode, taking: Taking) -> Iterator[str]:
    """What else the change takes away, and what is not as it should be to begin with."""
    if mode is not Mode.SCALE:
        return
    for other, service in sorted(view.services.items()):
        selector = service.spec.selector or {}
        behind = [one for one in taking.objects if isinstance(one, Deployment) and is_matched(selector, labels_of(one))]
        if other != key and behind:
            yield f"{other} in {view.context} loses {names_of(behind)}, too"
