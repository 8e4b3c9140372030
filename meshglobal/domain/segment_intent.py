"""What somebody wants to do to segments, and the clusters as they would be afterwards.

Nothing here says which hosts follow from it: the clusters after an intent are read as any others are (R6, R7, R9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import msgspec

from meshglobal.domain import kinds
from meshglobal.domain.kinds import Kind
from meshglobal.domain.labels import SEGMENT
from meshglobal.domain.objects import Meta, Namespace, Object, Segment, SegmentSpec
from meshglobal.domain.segments import home_of
from meshglobal.domain.snapshot import ClusterSnapshot
from meshglobal.domain.view import ClusterView


class Action(StrEnum):
    """What is done."""

    ASSIGN = "assign"
    UNASSIGN = "unassign"
    CREATE = "create"
    RENAME_DOMAIN = "rename-domain"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class SegmentIntent:
    """One change of segments in some clusters.

    Attributes:
        action: what is done.
        contexts: in which clusters.
        name: which segment; empty for ``unassign``, which leaves any.
        domain: of a Segment that is created or gets another domain.
    """

    action: Action
    contexts: tuple[str, ...]
    name: str = ""
    domain: str = ""


def segment_named(view: ClusterView, name: str, istio_namespace: str) -> Segment | None:
    """A cluster's own copy of a Segment."""
    for found in view.cluster.of(kinds.SEGMENT, Segment):
        if found.name == name and found.namespace == istio_namespace:
            return found
    return None


def views_after(views: Sequence[ClusterView], intent: SegmentIntent, istio_namespace: str) -> tuple[ClusterView, ...]:
    """The clusters as they would be; those that the intent does not name as they are."""
    return tuple(_after(view, intent, istio_namespace) if view.context in intent.contexts else view for view in views)


def _after(view: ClusterView, intent: SegmentIntent, istio_namespace: str) -> ClusterView:
    match intent.action:
        case Action.ASSIGN | Action.UNASSIGN:
            return _labelled(view, intent.name or None, istio_namespace)
        case Action.DELETE:
            kept = [one for one in _segments(view) if (one.namespace, one.name) != (istio_namespace, intent.name)]
            return _with(view, kinds.SEGMENT, kept, istio_namespace)
        case _:
            return _with_domain(view, intent, istio_namespace)


def _labelled(view: ClusterView, segment: str | None, istio_namespace: str) -> ClusterView:
    system = view.namespaces.get(istio_namespace)
    if system is None:
        return view
    labels = {key: value for key, value in (system.metadata.labels or {}).items() if key != SEGMENT}
    if segment is not None:
        labels[SEGMENT] = segment
    meta: Meta = msgspec.structs.replace(system.metadata, labels=labels)
    changed: Namespace = msgspec.structs.replace(system, metadata=meta)
    others = [one for one in view.cluster.of(kinds.NAMESPACE, Namespace) if one is not system]
    after = _with(view, kinds.NAMESPACE, [*others, changed], istio_namespace)
    return replace(after, namespaces={**view.namespaces, istio_namespace: changed})


def _with_domain(view: ClusterView, intent: SegmentIntent, istio_namespace: str) -> ClusterView:
    found = segment_named(view, intent.name, istio_namespace)
    if found is None and intent.action is Action.RENAME_DOMAIN:
        return view
    meta = Meta(name=intent.name, namespace=istio_namespace)
    spec: SegmentSpec = msgspec.structs.replace(found.spec if found else SegmentSpec(), domain=intent.domain)
    changed = Segment(metadata=found.metadata if found else meta, spec=spec)
    others = [one for one in _segments(view) if one is not found]
    return _with(view, kinds.SEGMENT, [*others, changed], istio_namespace)


def _segments(view: ClusterView) -> tuple[Segment, ...]:
    return view.cluster.of(kinds.SEGMENT, Segment)


def _with(view: ClusterView, kind: Kind, objects: Sequence[Object], istio_namespace: str) -> ClusterView:
    """The cluster with other objects of a kind, and where it then stands."""
    cluster: ClusterSnapshot = replace(view.cluster, objects={**view.cluster.objects, kind: tuple(objects)})
    return replace(view, cluster=cluster, home=home_of(cluster, istio_namespace))
