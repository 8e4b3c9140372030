"""Addresses of loopback where nobody answers: one refuses connections, others neither take nor refuse them."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

from meshglobal.sandbox.dataplane.pools import Endpoint

_LOOPBACK = "127.0.0.1"
_MOST = 64
_ANSWER_SECONDS = 0.02


@contextlib.contextmanager
def refusing() -> Iterator[Endpoint]:
    """An endpoint that refuses connections, for as long as it is needed: a port that is taken, but not listened at."""
    with socket.socket() as taken:
        taken.bind((_LOOPBACK, 0))
        yield Endpoint(*taken.getsockname())


@contextlib.contextmanager
def silent() -> Iterator[Endpoint]:
    """An endpoint that answers no connection attempt, for as long as it is needed, as behind a link that loses packets.

    It is a listener whose queue is full. Raises OSError where the queue does not fill up.
    """
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server((_LOOPBACK, 0), backlog=0))
        endpoint = Endpoint(*listener.getsockname())
        for _ in range(_MOST):
            if not _is_queued(stack.enter_context(socket.socket()), endpoint):
                break
        else:
            raise OSError(f"the queue of {endpoint} did not fill up")
        yield endpoint


def _is_queued(fresh: socket.socket, endpoint: Endpoint) -> bool:
    """Whether one more connection was taken into the queue."""
    fresh.settimeout(_ANSWER_SECONDS)
    try:
        fresh.connect((endpoint.address, endpoint.port))
    except TimeoutError:
        return False
    return True
