"""What pages may change: plans, agreement to them, and the journal. These routes exist only with ``--allow-writes``."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TypeVar

import msgspec

from meshglobal.dashboard.actions_desk import LIFETIME, BusyError, Desk, Kept, UnreachableError
from meshglobal.dashboard.actions_documents import ApplyAsked, NotWritten, PlanAsked, PlanShown
from meshglobal.dashboard.exchange import Answer, Asked, Said, document, problem
from meshglobal.dashboard.routes import Routes
from meshglobal.domain.errors import UsageError
from meshglobal.domain.failure import Cause
from meshglobal.domain.report import Report, Write
from meshglobal.domain.write_record import WriteOutcome, outcome_of
from meshglobal.render.writes import blast_lines, diff_lines, extent

T = TypeVar("T", bound=msgspec.Struct)


def add_actions(routes: Routes, desk: Desk) -> None:
    """Add the routes."""
    actions = _Actions(desk)
    routes.post("/api/v1/plans", actions.plan)
    routes.post("/api/v1/plans/{id}/apply", actions.apply)
    routes.get("/api/v1/journal", actions.show_journal)


class _Actions:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def plan(self, asked: Asked) -> Answer:
        wanted = _decoded(asked, PlanAsked)
        if isinstance(wanted, Answer):
            return wanted
        try:
            return document(plan_shown(await self._desk.plan(wanted), self._desk.around.clock.now()))
        except UsageError as error:
            return problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), error.hint)
        except UnreachableError as error:
            return problem(HTTPStatus.BAD_GATEWAY, str(error), error.hint)
        except BusyError as error:
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), error.hint)

    async def apply(self, asked: Asked) -> Answer:
        agreed = _decoded(asked, ApplyAsked)
        if isinstance(agreed, Answer):
            return agreed
        return applied(await self._desk.apply(asked.parts["id"], agreed.typed))

    async def show_journal(self, _: Asked) -> Answer:
        return document(await self._desk.journal())


def _decoded(asked: Asked, kind: type[T]) -> T | Answer:
    """The body, if it is exactly what it must be."""
    media = asked.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        return problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "this takes application/json and nothing else")
    try:
        return msgspec.json.decode(asked.body, type=kind)
    except msgspec.ValidationError as error:
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"this cannot be asked for: {error}")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return problem(HTTPStatus.BAD_REQUEST, "the body is no JSON")


def plan_shown(kept: Kept, now: float) -> PlanShown:
    """A plan that was made just now, as the page shows it; ``now`` in seconds since the epoch."""
    plan = kept.plan
    expires = datetime.fromtimestamp(now + LIFETIME, UTC)
    return PlanShown(
        id=kept.id,
        expires_at=expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
        extent=extent(plan.changes),
        report=kept.tried,
        diff=tuple(diff_lines(plan.changes)),
        blast=tuple(line.strip() for line in blast_lines(plan.blast, plan.unread)),
        findings=plan.findings,
        command=kept.command,
        needs_names=kept.needs_names,
        left_out=plan.left_out,
    )


def applied(report: Report) -> Answer:
    """What a page is told: the report, and where nothing was written a sentence beside it.

    409 where somebody else was faster, 502 where a cluster could not or would not.
    """
    failed = [write for write in report.writes if write.failure is not None]
    if not failed or outcome_of(report.writes) is not WriteOutcome.NOTHING:
        return document(report)
    first = next((one for one in failed if _is_conflict(one)), failed[0])
    status = HTTPStatus.CONFLICT if _is_conflict(first) else HTTPStatus.BAD_GATEWAY
    message, hint = (first.failure.message, first.failure.next_step) if first.failure is not None else ("", "")
    if _is_conflict(first):
        hint = "somebody else changed it: make the plan again, and look at what it is now"
    said = Said(f"nothing was written: {first.context}: {first.kind.lower()}/{first.name}: {message}", hint)
    return Answer(msgspec.json.encode(NotWritten(said, report)), status)


def _is_conflict(write: Write) -> bool:
    return write.failure is not None and write.failure.cause is Cause.CONFLICT
