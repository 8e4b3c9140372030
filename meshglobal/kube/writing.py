"""Carry out the steps of one cluster: merge patches of our keys alone, each guarded by what was read.

The guard is ``metadata.resourceVersion`` and ``uid`` in the patch itself. When it does not hold, the object is read
again and only *our* keys are compared: a value that is there already is success, one that is still as it was planned
against is tried again, anything else belongs to somebody else and is a conflict, unless ``overwrite``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from meshglobal.domain.failure import Cause, Failure, failure
from meshglobal.domain.labels import Section
from meshglobal.domain.objects import Meta
from meshglobal.domain.plan import DOUBT, KeyChange, Status, Step, StepResult
from meshglobal.kube.answer import Answer, Request, object_of, status_of
from meshglobal.kube.classify import status_error
from meshglobal.kube.client import Client
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.retrying import Patience, ask, fetch
from meshglobal.kube.timing import Deadline

MOST_TRIES = 4
_CONFLICT, _INVALID = 409, 422


@dataclass(frozen=True, slots=True)
class Manner:
    """How steps are written."""

    field_manager: str = "meshglobal"
    is_dry_run: bool = False
    overwrite: bool = False


class Writer:
    """Writes to one cluster."""

    def __init__(self, client: Client, manner: Manner, deadline: Deadline, patience: Patience) -> None:
        self._client = client
        self._manner = manner
        self._deadline = deadline
        self._patience = patience

    def write(self, step: Step) -> StepResult:
        """Carry out one step; a failure is in its result."""
        if not step.changes:
            return StepResult(step, Status.UNCHANGED)
        try:
            return self._write(step)
        except ClusterError as error:
            is_doubtful = error.is_sent and not self._manner.is_dry_run
            return StepResult(
                step, Status.FAILED, failure=_doubtful(error.failure, step) if is_doubtful else error.failure
            )

    def _write(self, step: Step) -> StepResult:
        guard = Meta(uid=step.uid, resource_version=step.resource_version)
        changes: Sequence[KeyChange] = step.changes
        is_perhaps_done = False
        for attempt in range(MOST_TRIES):
            if attempt or not guard.resource_version:
                guard = self._read(step)
                changes = [change for change in step.changes if _now(guard, change) != change.after]
                if not changes:
                    return StepResult(step, self._done() if is_perhaps_done else Status.UNCHANGED)
                if (conflict := self._conflict(guard, changes)) is not None:
                    return StepResult(step, Status.CONFLICT, failure=conflict)
            request = self._request(step, guard, changes)
            answer = ask(self._client, request, self._deadline, self._patience)
            is_perhaps_done = is_perhaps_done or answer.is_repeated
            if answer.status // 100 == 2:  # noqa: PLR2004 - success
                return StepResult(step, self._done(), answer.warnings)
            if not is_guard_broken(answer):
                raise status_error(answer, request, self._client.context)
        message = f"{step.kind.word} {step.name} kept changing while it was written"
        return StepResult(step, Status.CONFLICT, failure=failure(Cause.CONFLICT, message, self._client.context))

    def _done(self) -> Status:
        return Status.WOULD_CHANGE if self._manner.is_dry_run else Status.CHANGED

    def _read(self, step: Step) -> Meta:
        request = Request(step.kind, _path(step))
        answer = fetch(self._client, request, self._deadline, self._patience)
        return object_of(step.kind, answer.body, self._client.context).metadata

    def _conflict(self, meta: Meta, changes: Sequence[KeyChange]) -> Failure | None:
        taken = [change for change in changes if _now(meta, change) != change.before]
        if self._manner.overwrite or not taken:
            return None
        first = taken[0]
        message = (
            f"{first.key} is now {_shown(_now(meta, first))}, and was {_shown(first.before)} when this was planned"
        )
        return failure(Cause.CONFLICT, message, self._client.context)

    def _request(self, step: Step, guard: Meta, changes: Sequence[KeyChange]) -> Request:
        parameters = [("fieldManager", self._manner.field_manager)]
        if self._manner.is_dry_run:
            parameters.append(("dryRun", "All"))
        return Request(step.kind, _path(step), tuple(parameters), "PATCH", patch_of(guard, changes))


def patch_of(guard: Meta, changes: Sequence[KeyChange]) -> bytes:
    """The merge patch: the guard and the changed keys, nothing else; null takes a key away."""
    metadata: dict[str, object] = {"resourceVersion": guard.resource_version}
    if guard.uid:
        metadata["uid"] = guard.uid
    for section in Section:
        if keys := {change.key: change.after for change in changes if change.section is section}:
            metadata[section.value] = keys
    return msgspec.json.encode({"metadata": metadata})


def _path(step: Step) -> str:
    return step.kind.path(step.namespace or None, step.name)


def _now(meta: Meta, change: KeyChange) -> str | None:
    return meta.label(change.key) if change.section is Section.LABEL else meta.annotation(change.key)


def _shown(value: str | None) -> str:
    return "not set" if value is None else f'"{value}"'


def is_guard_broken(answer: Answer) -> bool:
    """A stale resourceVersion is 409. Another uid is 409 too, or, for core kinds, 422 about ``metadata.uid``."""
    if answer.status == _INVALID:
        status = status_of(answer.body)
        return status is not None and "metadata.uid" in status.message
    return answer.status == _CONFLICT


def _doubtful(found: Failure, step: Step) -> Failure:
    """A write without an answer may have been carried out: say so."""
    return failure(found.cause, f"{found.message}; {DOUBT}", step.context)
