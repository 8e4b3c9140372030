"""From an intent to what is written: the label of the control plane's namespace, or Segment objects as a whole."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from meshglobal.domain import kinds
from meshglobal.domain.errors import CannotCheckError, ConflictError, RefusedError
from meshglobal.domain.labels import MANAGED_BY, MANAGED_BY_US, SEGMENT
from meshglobal.domain.object_plan import JSON, ObjectResult, ObjectStep
from meshglobal.domain.plan import Step
from meshglobal.domain.planning import Intent, clashes_of, namespace_steps
from meshglobal.domain.report import Change, Write
from meshglobal.domain.segment_intent import Action, SegmentIntent, segment_named
from meshglobal.domain.view import ClusterView

_MARK = {MANAGED_BY: MANAGED_BY_US}


def label_steps(
    targets: Sequence[ClusterView], intent: SegmentIntent, istio_namespace: str, *, overwrite: bool
) -> list[Step]:
    """One step a cluster: it joins the segment, or leaves any.

    Raises:
        ConflictError: a cluster is in another segment, and ``overwrite`` is off.
    """
    wanted = Intent({SEGMENT: intent.name if intent.action is Action.ASSIGN else None})
    steps = namespace_steps(targets, [istio_namespace], wanted)
    if not overwrite and (clashes := clashes_of(steps)):
        raise ConflictError("; ".join(map(str, clashes)), "nothing was written; move it with --overwrite")
    return steps


class SegmentSteps(NamedTuple):
    """One step a cluster: those that change something, and those that find it so already."""

    changes: tuple[ObjectStep, ...]
    idle: tuple[ObjectStep, ...]


def segment_steps(
    targets: Sequence[ClusterView], intent: SegmentIntent, istio_namespace: str, *, overwrite: bool
) -> SegmentSteps:
    """Have the Segment in each cluster as it shall be.

    Raises:
        ConflictError: a cluster has it with another domain, and ``overwrite`` is off.
    """
    found = {view.context: segment_named(view, intent.name, istio_namespace) for view in targets}
    domains = {context: one.spec.domain for context, one in found.items() if one is not None}
    if intent.action is Action.DELETE:
        steps = {context: _step(context, intent.name, istio_namespace, {}, None) for context in found}
        return _split(steps, set(domains))
    others = {context: domain for context, domain in domains.items() if domain != intent.domain}
    if others and not overwrite:
        listed = "; ".join(f"{context}: {domain or 'none'}" for context, domain in others.items())
        raise ConflictError(
            f"Segment {intent.name} has another domain than {intent.domain} ({listed})",
            "nothing was written; see what it would break with: meshglobal segment plan rename-domain, "
            "then replace it with --overwrite",
        )
    new, changed = _document(intent, istio_namespace), _renamed(intent, istio_namespace)
    steps = {
        context: _step(context, intent.name, istio_namespace, {}, changed)
        if context in domains
        else _step(context, intent.name, istio_namespace, _MARK, new)
        for context in found
    }
    return _split(steps, {context for context in found if context in others or context not in domains})


def _split(steps: Mapping[str, ObjectStep], changing: Collection[str]) -> SegmentSteps:
    return SegmentSteps(
        tuple(step for context, step in steps.items() if context in changing),
        tuple(step for context, step in steps.items() if context not in changing),
    )


def _step(context: str, name: str, place: str, mark: dict[str, str], wanted: JSON | None) -> ObjectStep:
    """An empty mark: whoever made it, it was named, and what somebody changes meanwhile stops the write."""
    return ObjectStep(context, kinds.SEGMENT, place, name, mark, wanted)


def _renamed(intent: SegmentIntent, place: str) -> JSON:
    return {
        "apiVersion": f"{kinds.SEGMENT.group}/{kinds.SEGMENT.version}",
        "kind": kinds.SEGMENT.name,
        "metadata": {"name": intent.name, "namespace": place},
        "spec": {"domain": intent.domain},
    }


def _document(intent: SegmentIntent, place: str) -> JSON:
    renamed = _renamed(intent, place)
    return renamed | {"metadata": renamed["metadata"] | {"labels": dict(_MARK)}}


def check_unused(views: Sequence[ClusterView], name: str) -> None:
    """Refuse to delete a Segment that a cluster is in.

    Raises:
        RefusedError: clusters are in it.
        CannotCheckError: it is not known whether a cluster is.
    """
    if users := [view.context for view in views if view.home.segment == name]:
        raise RefusedError(
            f"Segment {name} is in use: {', '.join(users)} {'is' if len(users) == 1 else 'are'} in it",
            f"take them out first: meshglobal segment unassign --context {shlex.quote(','.join(users))}",
        )
    if unknown := [view.context for view in views if not view.home.is_segment_known]:
        raise CannotCheckError(
            f"whether {', '.join(unknown)} {'is' if len(unknown) == 1 else 'are'} in segment {name} could not be read",
            "nothing was deleted; run again when it can be, or leave the cluster out",
        )


def object_write(result: ObjectResult) -> Write:
    """How a Segment was written, as the report shows it: its domain is what changes."""
    before, after = _domain(result.before), _domain(result.step.wanted)
    return Write(
        context=result.step.context,
        kind=result.step.kind.name,
        namespace=result.step.namespace,
        name=result.step.name,
        status=result.status,
        changes=(Change("spec", "domain", before, after),) if before != after else (),
        warnings=result.warnings,
        failure=result.failure,
    )


def _domain(found: JSON | None) -> str | None:
    value = (found or {}).get("spec", {}).get("domain")
    return value if isinstance(value, str) else None
