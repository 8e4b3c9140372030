"""The dashboard's server on loopback, and a client that sends exactly what a test wants."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import loop_thread

from meshglobal.dashboard.guard import Guard, Hosts
from meshglobal.dashboard.listener import Listener
from meshglobal.dashboard.place import bound
from meshglobal.dashboard.routes import Routes
from meshglobal.render.metrics_server import Address

TOKEN = "t0ken-of-the-tests-0123456789"


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Page:
    """A server to ask."""

    port: int
    token: str = TOKEN
    sent: Mapping[str, str] = field(default_factory=dict)

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Reply:
        """Ask with the token, and these headers beside or (None) without."""
        all_headers = {"Authorization": f"Bearer {self.token}", **self.sent, **(headers or {})}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(
                method, path, body, {name: value for name, value in all_headers.items() if value is not None}
            )
            answer = connection.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def document(self, path: str) -> Any:
        """What a path that must be there has."""
        answer = self.ask(path)
        assert answer.status == 200, answer
        return answer.document


@contextmanager
def served_routes(routes: Routes, token: str = TOKEN) -> Iterator[Page]:
    """Serve some routes."""
    socket = bound(Address("127.0.0.1", 0))
    port = int(socket.getsockname()[1])
    listener = Listener(routes, Guard(Hosts("127.0.0.1", port), token))
    with loop_thread.loop_thread("page") as loop:
        loop_thread.wait(loop, listener.start(socket))
        try:
            yield Page(port, token)
        finally:
            loop_thread.wait(loop, listener.stop())
