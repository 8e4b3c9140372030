"""Findings about a drill: it as the checks see it, and what they say."""

from __future__ import annotations

from meshglobal.app.drill_order import DrillPlan
from meshglobal.checks.catalogue import catalogue, findings_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain.drill_prediction import Ending
from meshglobal.domain.drill_report import Drill, PutBack
from meshglobal.domain.drill_seen import DrillSeen
from meshglobal.domain.finding import Finding
from meshglobal.domain.names import ServiceKey

_BAND = "MG55"


def drill_findings(plan: DrillPlan, drill: Drill) -> tuple[Finding, ...]:
    """What the checks find in the result of a drill."""
    picture = plan.picture
    key = ServiceKey(drill.namespace, drill.service)
    mesh = Mesh(picture.views, picture.expectation, (), (key,), picture.mesh.istio_namespace, drills=_seen(drill))
    return tuple(findings_of(mesh, [one.check for one in catalogue() if one.check.code.startswith(_BAND)]))


def _seen(drill: Drill) -> tuple[DrillSeen, ...]:
    course, unrestored = drill.course, tuple(_said(one) for one in drill.restored if not one.is_done)
    place = DrillSeen(drill.context, drill.namespace, drill.service, unrestored=unrestored)
    if course is None:
        return (place,) if unrestored else ()
    failed = [one for phase in course.phases if phase.phase != "before" for one in phase.figures.failed]
    return (
        DrillSeen(
            context=drill.context,
            namespace=drill.namespace,
            service=drill.service,
            expected=drill.expected.ending if drill.expected is not None else Ending.UNKNOWN,
            observed=course.observed,
            lost=course.lost,
            max_lost=drill.max_lost,
            said="; ".join(dict.fromkeys(one.message or one.kind for one in failed)),
            is_ready=course.ready_after is not None,
            has_returned=course.has_returned,
            unrestored=unrestored,
        ),
    )


def _said(one: PutBack) -> str:
    why = f": {one.failure.message}" if one.failure is not None else ""
    return f"{one.touch.subject} should be {one.touch.shown(one.touch.before)}, {one.status}{why}"
