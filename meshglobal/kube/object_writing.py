"""Make, mend and take away whole objects in one cluster, each guarded by what was just read.

An object that stands there without our mark is somebody else's and is left alone; so is one of ours whose ``spec``
somebody edited since, unless ``overwrite``. What changes is a merge patch, guarded by ``uid`` and ``resourceVersion``;
a deletion has the same as its preconditions. Whether a patch changes anything is asked of the server (dry run), which
alone knows its defaults. Where nothing would change, nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from meshglobal.domain.failure import Cause, Failure, failure
from meshglobal.domain.object_plan import JSON, ObjectResult, ObjectStep
from meshglobal.domain.plan import Status
from meshglobal.kube.answer import JSON as CONTENT
from meshglobal.kube.answer import MERGE_PATCH, Answer, Request
from meshglobal.kube.classify import status_error
from meshglobal.kube.client import Client
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.retrying import Patience, ask
from meshglobal.kube.timing import Deadline
from meshglobal.kube.writing import MOST_TRIES, Manner, is_guard_broken

_NOT_FOUND = 404
_VOLATILE = ("managedFields", "resourceVersion", "generation")


class ObjectWriting:
    """Writes whole objects to one cluster."""

    def __init__(self, client: Client, manner: Manner, deadline: Deadline, patience: Patience) -> None:
        self._client = client
        self._manner = manner
        self._deadline = deadline
        self._patience = patience
        self._is_perhaps_done = False

    def write(self, step: ObjectStep) -> ObjectResult:
        """Carry out one step; a failure is in its result."""
        self._is_perhaps_done = False
        try:
            for _ in range(MOST_TRIES):
                if (result := self._attempt(step)) is not None:
                    # A first attempt whose answer was lost has done it: a second then finds nothing to do.
                    is_done = self._is_perhaps_done and result.status is Status.UNCHANGED
                    return msgspec.structs.replace(result, status=Status.CHANGED) if is_done else result
        except ClusterError as error:
            found = error.failure
            if error.is_sent and not self._manner.is_dry_run:
                found = failure(found.cause, f"{found.message}; it may have been written all the same", step.context)
            return ObjectResult(step, Status.FAILED, failure=found)
        return self._conflict(step, f"{step.kind.word} {step.name} kept changing while it was written")

    def _attempt(self, step: ObjectStep) -> ObjectResult | None:
        """Try once, from what stands there now; None: it changed meanwhile."""
        before = self._read(step)
        if before is None:
            return self._create(step) if step.wanted is not None else ObjectResult(step, Status.UNCHANGED)
        labels = before["metadata"].get("labels") or {}
        if any(labels.get(key) != value for key, value in step.mark.items()):
            marks = ",".join(f"{key}={value}" for key, value in step.mark.items())
            where = f"{step.kind.name} {step.namespace}/{step.name}"
            return self._conflict(step, f"{where} is somebody else's: it has no labels {marks}", before)
        return self._delete(step, before) if step.wanted is None else self._mend(step, before, step.wanted)

    def _edited(self, step: ObjectStep, before: JSON) -> ObjectResult | None:
        """The conflict that it is to change what somebody else has set."""
        editors = sorted(set(_editors(before)) - {self._manner.field_manager})
        if self._manner.overwrite or not editors:
            return None
        where = f"{step.kind.name} {step.namespace}/{step.name}"
        return self._conflict(step, f"the spec of {where} was edited by {', '.join(editors)}", before)

    def _conflict(self, step: ObjectStep, message: str, before: JSON | None = None) -> ObjectResult:
        found: Failure = failure(Cause.CONFLICT, message, self._client.context)
        return ObjectResult(step, Status.CONFLICT, before=before, failure=found)

    def _read(self, step: ObjectStep) -> JSON | None:
        request = Request(step.kind, step.kind.path(step.namespace, step.name))
        answer = ask(self._client, request, self._deadline, self._patience)
        if answer.status == _NOT_FOUND:
            error = status_error(answer, request, self._client.context)
            if error.cause is not Cause.NOT_FOUND:
                raise error
            return None
        found = _object(self._checked(answer, request), step)
        if not found["metadata"].get("resourceVersion"):
            raise ClusterError(Cause.UNREADABLE, f"{step.kind.name} {step.name} has no resourceVersion", step.context)
        return found

    def _create(self, step: ObjectStep) -> ObjectResult | None:
        path = step.kind.path(step.namespace)
        answer = self._send(step, "POST", path, _set(step.wanted), is_dry_run=self._manner.is_dry_run)
        return None if answer is None else self._done(step, None, answer)

    def _mend(self, step: ObjectStep, before: JSON, wanted: JSON) -> ObjectResult | None:
        meta = before["metadata"]
        guard = {"uid": meta["uid"], "resourceVersion": meta["resourceVersion"]}
        patch = wanted | {"metadata": wanted["metadata"] | guard}
        path = step.kind.path(step.namespace, step.name)
        tried = self._send(step, "PATCH", path, patch, is_dry_run=True)
        if tried is None:
            return None
        if _lasting(_object(tried, step)) == _lasting(before):
            return ObjectResult(step, Status.UNCHANGED, before, before)
        if (conflict := self._edited(step, before)) is not None:
            return conflict
        if self._manner.is_dry_run:
            return self._done(step, before, tried)
        answer = self._send(step, "PATCH", path, patch, is_dry_run=False)
        return None if answer is None else self._done(step, before, answer)

    def _delete(self, step: ObjectStep, before: JSON) -> ObjectResult | None:
        if (conflict := self._edited(step, before)) is not None:
            return conflict
        meta = before["metadata"]
        conditions = {"uid": meta["uid"], "resourceVersion": meta["resourceVersion"]}
        options: JSON = {"kind": "DeleteOptions", "apiVersion": "v1", "preconditions": conditions}
        if self._manner.is_dry_run:
            options["dryRun"] = ["All"]  # here and not in the query, which a server ignores where there is a body
        path = step.kind.path(step.namespace, step.name)
        answer = self._send(step, "DELETE", path, options, is_dry_run=self._manner.is_dry_run)
        if answer is None:
            return None
        status = Status.WOULD_CHANGE if self._manner.is_dry_run else Status.CHANGED
        return ObjectResult(step, status, before, None, answer.warnings)

    def _send(self, step: ObjectStep, method: str, path: str, body: Any, *, is_dry_run: bool) -> Answer | None:
        """Send a change; None where what it rests on has changed, or the object is gone."""
        parameters: list[tuple[str, str]] = []
        if method != "DELETE":
            parameters += [("fieldManager", self._manner.field_manager), *([("dryRun", "All")] if is_dry_run else [])]
        content = MERGE_PATCH if method == "PATCH" else CONTENT
        request = Request(step.kind, path, tuple(parameters), method, msgspec.json.encode(body), content)
        answer = ask(self._client, request, self._deadline, self._patience)
        self._is_perhaps_done = self._is_perhaps_done or (answer.is_repeated and not is_dry_run)
        if is_guard_broken(answer) or (answer.status == _NOT_FOUND and method != "POST"):
            return None
        return self._checked(answer, request)

    def _checked(self, answer: Answer, request: Request) -> Answer:
        if answer.status // 100 != 2:  # noqa: PLR2004 - success
            raise status_error(answer, request, self._client.context)
        return answer

    def _done(self, step: ObjectStep, before: JSON | None, answer: Answer) -> ObjectResult:
        status = Status.WOULD_CHANGE if self._manner.is_dry_run else Status.CHANGED
        return ObjectResult(step, status, before, _object(answer, step), answer.warnings)


class _Metadata(msgspec.Struct):
    """What is looked at; an object that was only tried has no version yet."""

    uid: str
    resourceVersion: str = ""  # noqa: N815 - as it is called on the wire
    labels: dict[str, str] | None = None
    managedFields: list[dict[str, Any]] | None = None  # noqa: N815 - as it is called on the wire


class _Shape(msgspec.Struct):
    metadata: _Metadata


_shape = msgspec.json.Decoder(_Shape)


def _object(answer: Answer, step: ObjectStep) -> JSON:
    """The object that a server answers with; ClusterError where it is none."""
    try:
        _shape.decode(answer.body)
        found: JSON = msgspec.json.decode(answer.body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        message = f"something else came instead of a {step.kind.name} in JSON: {error}"
        raise ClusterError(Cause.UNREADABLE, message, step.context) from error
    return found


def _editors(found: JSON) -> Iterator[str]:
    """Who set fields of the spec, by the server's own records."""
    for entry in found["metadata"].get("managedFields") or ():
        fields: Mapping[str, Any] = entry.get("fieldsV1") or {}
        if "f:spec" in fields and not entry.get("subresource"):
            yield str(entry.get("manager", ""))


def _lasting(found: JSON) -> JSON:
    """An object without what each write changes, and without its status."""
    metadata = {key: value for key, value in found["metadata"].items() if key not in _VOLATILE}
    return {key: value for key, value in found.items() if key != "status"} | {"metadata": metadata}


def _set(value: Any) -> Any:
    """A new object without the fields that shall not be set."""
    return {key: _set(one) for key, one in value.items() if one is not None} if isinstance(value, dict) else value
