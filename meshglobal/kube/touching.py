"""See and write single values: a label, an annotation, or a Deployment's replicas through its scale.

Every write is guarded by the resourceVersion and the uid of what was read right before it, and sent only where the
expected value stands. So it cannot replace what somebody else wrote meanwhile.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

import msgspec

from meshglobal.app.drill_ports import Written, Wrote
from meshglobal.domain import kinds
from meshglobal.domain.drill import CLAIM, Field, Seen, Touch
from meshglobal.domain.failure import Cause, Failure, failure
from meshglobal.domain.kinds import Kind
from meshglobal.domain.objects import Deployment, Meta, Object
from meshglobal.kube.answer import Request, object_of, status_of
from meshglobal.kube.classify import status_error
from meshglobal.kube.client import Client
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.retrying import Patience, ask
from meshglobal.kube.timing import Deadline

SECONDS = 30.0
"""For one value, whatever it takes: putting back may not be short of time because calling took it."""
_MOST_TRIES = 10
_NOT_FOUND, _CONFLICT, _INVALID = 404, 409, 422
_KINDS = {kind.name: kind for kind in (kinds.DEPLOYMENT, kinds.SERVICE)}


class KubeHands:
    """Sees and writes values of real clusters; see `Hands`."""

    def __init__(self, clients: Mapping[str, Client], patience: Patience, field_manager: str) -> None:
        self._clients = clients
        self._patience = patience
        self._field_manager = field_manager

    def see(self, touch: Touch) -> Seen | Failure | None:
        """What stands there; see `Hands.see`."""
        try:
            found = self._read(touch, self._deadline())
        except ClusterError as error:
            return error.failure
        if found is None:
            return None
        return Seen(found.metadata.uid, value_of(found, touch), found.metadata.annotation(CLAIM))

    def put(self, touch: Touch, expected: str | None, wanted: str | None) -> Written:
        """Write a value; see `Hands.put`."""
        try:
            return self._put(touch, expected, wanted, self._deadline())
        except ClusterError as error:
            return Written(Wrote.FAILED, failure=error.failure)

    def _put(self, touch: Touch, expected: str | None, wanted: str | None, deadline: Deadline) -> Written:
        client = self._clients[touch.context]
        for _ in range(_MOST_TRIES):
            found = self._read(touch, deadline)
            if found is None or found.metadata.uid != touch.uid:
                return Written(Wrote.GONE)
            now = value_of(found, touch)
            if now == wanted:
                return Written(Wrote.DONE, now)
            if now != expected:
                return Written(Wrote.FOREIGN, now)
            request = self._request(touch, found.metadata, wanted)
            answer = ask(client, request, deadline, self._patience)
            if answer.status // 100 == 2:  # noqa: PLR2004 - success
                return Written(Wrote.DONE, wanted)
            if answer.status not in (_NOT_FOUND, _CONFLICT) and not _is_other_uid(answer.status, answer.body):
                raise status_error(answer, request, touch.context)
        message = f"{touch.subject} kept changing while {touch.key or touch.field.value} was written"
        return Written(Wrote.FAILED, failure=failure(Cause.CONFLICT, message, touch.context))

    def _read(self, touch: Touch, deadline: Deadline) -> Object | None:
        kind, client = _KINDS[touch.kind], self._clients[touch.context]
        request = Request(kind, _path(kind, touch))
        answer = ask(client, request, deadline, self._patience)
        if answer.status == _NOT_FOUND:
            return None
        if answer.status // 100 != 2:  # noqa: PLR2004 - success
            raise status_error(answer, request, touch.context)
        return object_of(kind, answer.body, touch.context)

    def _request(self, touch: Touch, guard: Meta, wanted: str | None) -> Request:
        kind = _KINDS[touch.kind]
        metadata: dict[str, object] = {"resourceVersion": guard.resource_version, "uid": guard.uid}
        body: dict[str, object] = {"metadata": metadata}
        path = _path(kind, touch)
        if touch.field is Field.REPLICAS:
            body["spec"] = {"replicas": int(wanted or 0)}
            path += "/scale"
        else:
            metadata[touch.field.value] = {touch.key: wanted}
        parameters = (("fieldManager", self._field_manager),)
        return Request(kind, path, parameters, "PATCH", msgspec.json.encode(body))

    def _deadline(self) -> Deadline:
        return Deadline(time.monotonic() + SECONDS, threading.Event())


def value_of(found: Object, touch: Touch) -> str | None:
    """The value that a touch is about."""
    if touch.field is Field.REPLICAS:
        replicas = found.spec.replicas if isinstance(found, Deployment) else None
        return "1" if replicas is None else str(replicas)  # a server fills in 1
    section = found.metadata.labels if touch.field is Field.LABEL else found.metadata.annotations
    return (section or {}).get(touch.key)


def _path(kind: Kind, touch: Touch) -> str:
    return kind.path(touch.namespace, touch.name)


def _is_other_uid(status: int, body: bytes) -> bool:
    """The object was made anew in between; core kinds say so with 422."""
    if status != _INVALID:
        return False
    said = status_of(body)
    return said is not None and "metadata.uid" in said.message
