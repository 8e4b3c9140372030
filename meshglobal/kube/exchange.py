"""One HTTP exchange on an official client's pool, with every way to fail turned into a `ClusterError`."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from meshglobal.domain.failure import Cause
from meshglobal.kube.answer import Request
from meshglobal.kube.classify import exception_error
from meshglobal.kube.connection import Connection
from meshglobal.kube.failing import ClusterError

_CHUNK = 1 << 18
_SHORTEST = 0.001  # seconds


@contextmanager
def wrapped_errors(context: str, server: str, seconds: float) -> Iterator[None]:
    """Turn what the network stack raises into ClusterError; ``seconds`` was the time allowed."""
    from urllib3.exceptions import HTTPError

    try:
        yield
    except (HTTPError, OSError, http.client.HTTPException) as error:
        raise exception_error(error, context, server, seconds) from error
    except ValueError:
        # http.client refuses a header and quotes it. That is the token: it may not go on, not even as the cause.
        message = "the credentials have characters that no HTTP header may have"
        raise ClusterError(Cause.KUBECONFIG, message, context) from None


def send(connection: Connection, request: Request, timeouts: tuple[float, float], encoding: str) -> Any:
    """Send a request; urllib3's response with its body unread. ``timeouts``: seconds to connect, and of any silence."""
    from urllib3 import Timeout

    # urllib3 takes no timeout of zero, which is what may be left of a run's time.
    connect, silence = (max(each, _SHORTEST) for each in timeouts)

    headers = connection.headers()
    headers["Accept-Encoding"] = encoding
    if request.body is not None:
        headers["Content-Type"] = request.content
    return connection.pool.urlopen(
        request.method,
        connection.host + request.target,
        body=request.body,
        headers=headers,
        retries=False,
        redirect=False,
        preload_content=False,
        timeout=Timeout(connect=connect, read=silence),
    )


def allow_silence(response: Any, seconds: float) -> None:
    """Let a response that has begun be silent for so long, whatever its request was allowed to take.

    Where the server ends the connection with the response http.client has let go of the socket: that keeps its time.
    """
    connection = response.connection
    if connection is not None and connection.sock is not None:
        connection.sock.settimeout(seconds)


def read_body(response: Any, end: float) -> bytes:
    """The whole body, which must be there at ``end`` (monotonic) even when it trickles.

    Raises:
        TimeoutError: it was not.
    """
    chunks = []
    while chunk := response.read1(_CHUNK, decode_content=True):  # as much as is there, so that the time is looked at
        chunks.append(chunk)
        if time.monotonic() > end:
            response.close()
            raise TimeoutError
    response.release_conn()
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)
