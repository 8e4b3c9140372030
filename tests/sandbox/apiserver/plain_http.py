"""One HTTPS request after another to a served cluster, with nothing in between that could help."""

from __future__ import annotations

import http.client
import json
import ssl
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from served_cluster import Served


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The decoded body."""
        return json.loads(self.text)


@contextmanager
def connection(served: Served, seconds: float = 10) -> Iterator[http.client.HTTPSConnection]:
    """A verified connection that is closed afterwards."""
    context = ssl.create_default_context(cadata=served.cluster.ca_pem)
    opened = http.client.HTTPSConnection("127.0.0.1", served.cluster.listener.port, timeout=seconds, context=context)
    try:
        yield opened
    finally:
        opened.close()


def headers_of(served: Served, user: str | None, **more: str) -> dict[str, str]:
    """Return the headers of a user's request; None is nobody in particular."""
    token = {} if user is None else {"Authorization": f"Bearer {served.cluster.tokens[user]}"}
    return {"Accept": "application/json", **token, **{name.replace("_", "-"): value for name, value in more.items()}}


def ask(served: Served, method: str, path: str, body: Any = None, user: str | None = "admin", **headers: str) -> Answer:
    """Send one request and return its answer; a body that is no text is sent as JSON."""
    sent = body if isinstance(body, str) or body is None else json.dumps(body)
    if sent is not None:
        headers.setdefault("Content_Type", "application/json")
    with connection(served) as opened:
        opened.request(method, path, sent, headers_of(served, user, **headers))
        response = opened.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read().decode())
