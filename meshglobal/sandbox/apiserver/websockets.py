"""Conversations over WebSockets: the handshake, the messages, the goodbye. Knows aiohttp, like `http.py`.

What a client does wrong ends its connection with a code and a reason.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aiohttp import WSMsgType, web

from meshglobal.sandbox.apiserver import problems
from meshglobal.sandbox.apiserver.channels import LARGEST_RECEIVED, PROTOCOL_ERROR, BadFrameError, Channels

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.exchange import Upgrade

_GOODBYE_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class _Socket:
    """A WebSocket of aiohttp, as the channels see it."""

    behind: web.WebSocketResponse

    async def receive(self) -> bytes | None:
        """Return the next message, None when there will be no more."""
        message = await self.behind.receive()
        if message.type is WSMsgType.BINARY:
            data: bytes = message.data
            return data
        if message.type is WSMsgType.TEXT:
            return str(message.data).encode()
        return None  # closed by either side, or broken: aiohttp has said goodbye, with the reason

    async def send(self, message: bytes) -> None:
        """Send a message; what nobody takes any more is dropped."""
        try:
            await self.behind.send_bytes(message)
        except ConnectionError:
            return  # the client has gone, which `receive` tells as well

    async def close(self, code: int, reason: str) -> None:
        """Say goodbye, and why."""
        await self.behind.close(code=code, message=reason.encode()[:100])


async def conversed(answer: Upgrade, request: web.BaseRequest) -> web.StreamResponse:
    """Carry on the conversation that answers a request, or refuse the handshake with a Status."""
    refusal = _refusal(answer, request)
    if refusal is not None:
        return web.json_response(refusal.as_status(), status=refusal.status, headers=answer.headers)
    behind = web.WebSocketResponse(
        protocols=answer.protocols, max_msg_size=LARGEST_RECEIVED, compress=False, timeout=_GOODBYE_SECONDS
    )
    try:
        await behind.prepare(request)
    except web.HTTPBadRequest as wrong:
        why = problems.bad_request(f"the WebSocket handshake is wrong: {wrong.text}")
        return web.json_response(why.as_status(), status=why.status)
    socket = _Socket(behind)
    try:
        await answer.converse(Channels(socket, behind.ws_protocol or answer.protocols[-1]))
    except BadFrameError as wrong:
        await socket.close(PROTOCOL_ERROR, str(wrong))
    return behind


def _refusal(answer: Upgrade, request: web.BaseRequest) -> problems.ApiError | None:
    """Return why this request cannot begin the conversation, None where it can."""
    wanted = request.headers.get("Upgrade", "")
    if not wanted:
        return problems.bad_request("Upgrade request required")
    spoken = " and ".join(answer.protocols)
    if wanted.lower() != "websocket":
        return problems.bad_request(f"the sandbox speaks WebSocket with {spoken}, not {json.dumps(wanted)}")
    offered = [each.strip() for each in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
    if not set(offered) & set(answer.protocols):
        shown = ", ".join(filter(None, offered)) or "none"
        return problems.bad_request(f"the sandbox speaks the subprotocols {spoken}; the client offers {shown}")
    return None
