"""Asks a cluster that is watched now and then whether it is still there.

A server that hangs closes no stream, and a quiet one looks just the same. What is watched of a cluster that does not
answer would be taken for the present until the longest silence is over (`WatchTimes.silence`).
"""

from __future__ import annotations

from collections.abc import Sequence

from meshglobal.domain.failure import Cause
from meshglobal.domain.kinds import NAMESPACE
from meshglobal.kube.answer import Request
from meshglobal.kube.client import Client
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.query_watch import QueryWatch
from meshglobal.kube.timing import Deadline

_QUESTION = Request(NAMESPACE, "/livez")
"""Servers let nobody wait in line with it. Any answer will do, also of one that feels ill or refuses to say."""
_AWAY = frozenset({Cause.TIMEOUT, Cause.CONNECTION_LOST, Cause.REFUSED})


class Heartbeat:
    """Breaks the streams of a cluster that does not answer: what opens them again finds out, and says what it is."""

    def __init__(
        self, client: Client, watches: Sequence[QueryWatch], deadline: Deadline, timeout: float, pause: float
    ) -> None:
        """``timeout``: seconds for an answer; ``pause``: seconds between two questions."""
        self._client = client
        self._watches = watches
        self._deadline = deadline
        self._timeout = timeout
        self._pause = pause

    def run(self) -> None:
        """Ask until the deadline."""
        while self._deadline.wait(self._pause):
            try:
                self._client.ask(_QUESTION, self._timeout)
            except ClusterError as error:
                if error.cause in _AWAY:
                    for watch in self._watches:
                        watch.interrupt()
