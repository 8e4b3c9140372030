"""What stays after labels were taken away: services that are global all the same, and settings left behind.

A Service may be published by its own label or by its Namespace's (R2), so that taking one away may change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from meshglobal.domain.distribution import mode_of
from meshglobal.domain.kinds import NAMESPACE
from meshglobal.domain.labels import SERVICE_SCOPE, TRAFFIC_DISTRIBUTION
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.plan import Step
from meshglobal.domain.report import Note
from meshglobal.domain.scope import Origin
from meshglobal.domain.view import ClusterView

_Found = tuple[str, str, str, str]


def remains_of(after: Sequence[ClusterView], steps: Sequence[Step]) -> list[Note]:
    """Remarks on what stays, the same one about several clusters once.

    Args:
        after: the clusters as they will be.
        steps: the steps of an `unexpose`; those that change nothing count as well.
    """
    by_context = {view.context: view for view in after}
    places: dict[tuple[ServiceKey, _Found], list[str]] = {}
    for step in steps:
        view = by_context[step.context]
        for key in _services(view, step):
            for found in _remarks(view, key, is_namespace=step.kind is NAMESPACE):
                places.setdefault((key, found), []).append(step.context)
    return [
        Note(
            severity=severity,
            message=f"{message}; {way}",
            rule=rule,
            context=", ".join(contexts),
            namespace=key.namespace,
            service=key.name,
        )
        for (key, (severity, message, way, rule)), contexts in places.items()
    ]


def _services(view: ClusterView, step: Step) -> Iterable[ServiceKey]:
    if step.kind is NAMESPACE:
        return [key for key in view.services if key.namespace == step.name]
    return [ServiceKey(step.namespace, step.name)]


def _remarks(view: ClusterView, key: ServiceKey, *, is_namespace: bool) -> Iterator[_Found]:
    service, scope = view.services.get(key), view.scope_of(key)
    if service is None or scope is None:
        return
    unexpose = f"meshglobal unexpose svc {key.name} -n {key.namespace}"
    origin = scope.setting.origin
    if scope.is_published and origin is Origin.NAMESPACE:
        message = f"stays global: its Namespace is labeled {SERVICE_SCOPE}={scope.value}"
        yield "warning", message, f"keep it out with: {unexpose} --opt-out", "R2"
    elif scope.is_published and is_namespace:
        message = f"stays global: it is labeled {SERVICE_SCOPE}={scope.value} itself"
        yield "warning", message, f"take it back with: {unexpose}", "R2"
    elif origin is Origin.UNREAD:
        message = f"may stay global: whether its Namespace is labeled {SERVICE_SCOPE} could not be read"
        yield "warning", message, f"keep it out with: {unexpose} --opt-out", "R2"
    if not is_namespace and not scope.is_published and (mode := mode_of(service)) is not None:
        yield "hint", f"{TRAFFIC_DISTRIBUTION}={mode} stays", "--purge takes it away as well", "R28"
