"""What a running sandbox is asked beside Kubernetes' API: paths below /sandbox/, for the admin's token alone.

No fault strikes here: whoever set one must be able to end it. `POST /sandbox/compact` forgets the cluster's past,
`/sandbox/faults` and `/sandbox/faults/NAME` read, begin (PUT) and end (DELETE) troubles; the mesh adds paths of its
own with `add`.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import msgspec

from meshglobal.sandbox.apiserver.exchange import Request, Response
from meshglobal.sandbox.apiserver.faults import Fault, Faults
from meshglobal.sandbox.apiserver.problems import ApiError
from meshglobal.sandbox.apiserver.rbac import ALL_POWER

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.api import Api

PREFIX: Final = "/sandbox/"
Handler = Callable[[str, bytes], Any]
"""From the last part of the path (empty where there is none) and the body to what is answered as JSON; may be async.

ValueError, which msgspec's errors are, says what is wrong with what was asked.
"""


@dataclass(slots=True)
class OwnPaths:
    """The paths of one cluster's listener."""

    api: Api
    faults: Faults
    _handlers: dict[tuple[str, str], Handler] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.add("POST", "compact", lambda _name, _body: {"compacted": self.api.state.store.compact()})
        self.add("GET", "faults", lambda _name, _body: {"faults": self.faults.names()})
        self.add("PUT", "faults", self._begin)
        self.add("DELETE", "faults", self._end)

    def add(self, method: str, word: str, handler: Handler) -> None:
        """Answer a method on /sandbox/WORD and /sandbox/WORD/NAME."""
        self._handlers[method, word] = handler

    async def answer(self, request: Request) -> Response:
        """Answer a request below /sandbox/."""
        try:
            user = self.api.accounts.who(request.header("authorization"))
        except ApiError as refusal:
            return Response(refusal.status, json.dumps(refusal.as_status()).encode())
        if ALL_POWER not in user.groups:
            return _said(HTTPStatus.FORBIDDEN, "only the admin may do this")
        word, _, name = request.path.removeprefix(PREFIX).partition("/")
        handler = self._handlers.get((request.method, word))
        if handler is None:
            return _said(HTTPStatus.NOT_FOUND, "no such path")
        try:
            found = handler(name, request.body)
            return Response(HTTPStatus.OK, json.dumps(await _awaited(found)).encode())
        except ValueError as wrong:
            return _said(HTTPStatus.BAD_REQUEST, str(wrong))
        except TimeoutError as late:
            return _said(HTTPStatus.GATEWAY_TIMEOUT, str(late))

    def _begin(self, name: str, body: bytes) -> dict[str, Any]:
        if not name:
            raise ValueError("name the fault: /sandbox/faults/NAME")
        self.faults.set(name, msgspec.json.decode(body, type=Fault))
        return {"faults": self.faults.names()}

    def _end(self, name: str, _body: bytes) -> dict[str, Any]:
        self.faults.clear(name or None)
        return {"faults": self.faults.names()}


async def _awaited(found: Any | Awaitable[Any]) -> Any:
    return await found if inspect.isawaitable(found) else found


def _said(status: HTTPStatus, error: str) -> Response:
    return Response(status, json.dumps({"error": error}).encode())
