"""An address of loopback where connections are neither taken nor refused, as behind a link that swallows packets."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

from meshglobal.sandbox.dataplane.pools import Endpoint

_MOST = 64


class Silence:
    """A listener whose queue is full, so that the kernel answers no further connection attempts."""

    def __init__(self) -> None:
        self._sockets = [socket.create_server(("127.0.0.1", 0), backlog=0)]
        self.endpoint = Endpoint(*self._sockets[0].getsockname())
        for _ in range(_MOST):
            if not self._is_queued():
                return
        raise OSError(f"the queue of {self.endpoint} did not fill up")

    def close(self) -> None:
        """Give the port back."""
        for each in self._sockets:
            each.close()

    def _is_queued(self) -> bool:
        """Whether one more connection was taken into the queue."""
        fresh = socket.socket()
        self._sockets.append(fresh)
        fresh.settimeout(0.02)
        try:
            fresh.connect((self.endpoint.address, self.endpoint.port))
        except TimeoutError:
            return False
        return True


@contextlib.contextmanager
def silence() -> Iterator[Endpoint]:
    """An endpoint that never answers, for as long as it is needed."""
    found = Silence()
    try:
        yield found.endpoint
    finally:
        found.close()
