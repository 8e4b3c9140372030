"""A drill in the shape of all reports: the drilled cluster's copy with what came of it, and what was not put back."""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.domain.drill_report import Drill
from meshglobal.domain.errors import ExitCode
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.verdict import Severity
from meshglobal.render.drill import facts_of, put_back_line, verdict_of
from meshglobal.render.result import DRILL, Result, Told, read_words

_SEVERITIES = {ExitCode.OK: Severity.OK, ExitCode.CANNOT_CHECK: Severity.UNKNOWN}


def result_of_drill(drill: Drill) -> Result:
    """The result of a drill."""
    verdict = verdict_of(drill)
    told = (_told(drill, verdict), *_unrestored(drill)) if drill.error is None else ()
    return Result(
        document=drill,
        subject=DRILL,
        command=drill.command,
        exit_code=drill.exit_code,
        fail_on=drill.fail_on,
        error=drill.error,
        clusters=drill.clusters,
        told=told,
        findings=drill.findings,
        waived=drill.waived,
        summary=f"{verdict}; {read_words(drill.clusters)}",
        cause="; ".join(f"{name}: {value}" for name, value in facts_of(drill)),
        remedy=next((one.next_step for one in drill.refusals), ""),
    )


def _told(drill: Drill, verdict: str) -> Told:
    severity = _SEVERITIES.get(ExitCode(drill.exit_code), Severity.ERROR)
    return Told(
        context=drill.context,
        namespace=drill.namespace,
        service=drill.service,
        title=str(ServiceKey(drill.namespace, drill.service)),
        host=drill.host,
        detail=drill.mode.value,
        state=_state(drill),
        severity=severity,
        reason=verdict,
        is_explained=bool(drill.findings),
    )


def _state(drill: Drill) -> str:
    if drill.course is not None:
        return drill.course.observed.value
    return "refused" if drill.refusals else "predicted"


def _unrestored(drill: Drill) -> Iterator[Told]:
    for one in drill.restored:
        if not one.is_done:
            yield Told(
                context=one.touch.context,
                namespace=one.touch.namespace,
                service=drill.service,
                title=one.touch.subject,
                detail=drill.mode.value,
                state=one.status,
                severity=Severity.ERROR,
                reason=put_back_line(one),
                remedy="meshglobal drill restore",
            )
