"""Follow one query in one cluster, for ever: list, watch from there, resume; list again when the server has forgotten.

After a list the difference to what was known is delivered, deletions included, so that whoever listens never has to
compare by themselves. A stream that breaks or falls silent is opened again where it ended; only when that fails the
query counts as lost, and is tried again with growing pauses.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from meshglobal.domain.failure import Cause
from meshglobal.domain.objects import Object
from meshglobal.domain.snapshot import Query
from meshglobal.kube.client import Client
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.listing import list_query
from meshglobal.kube.retrying import Patience
from meshglobal.kube.timing import Deadline
from meshglobal.kube.watch_stream import ExpiredError, events, open_watch

_TYPES = {"ADDED": "added", "MODIFIED": "modified", "DELETED": "deleted"}
_INTERRUPTED = frozenset({Cause.TIMEOUT, Cause.CONNECTION_LOST})
_FORGETTING = frozenset({Cause.NO_SUCH_KIND, Cause.SERVER_ERROR, Cause.UNREADABLE})
"""After these the version may mean nothing any more (a kind that went, a restored store): all is listed again."""
_BRIEF = 1.0  # a stream that ends sooner than this (seconds) counts as an unsuccessful attempt


@dataclass(frozen=True, slots=True)
class WatchTimes:
    """Times in seconds.

    Attributes:
        silence: after so much of it a stream counts as dead (servers send a bookmark about every minute).
        heartbeat: between two looks at whether the cluster still answers.
        absent: until an absent kind is looked for again.
        longest_pause: between two attempts.
    """

    silence: float = 90.0
    heartbeat: float = 15.0
    absent: float = 5.0
    longest_pause: float = 30.0


@dataclass(frozen=True, slots=True)
class Listener:
    """Where a query's news go. ``lost`` and ``well`` may be called again and again."""

    deliver: Callable[[str, Query, Object], None]
    well: Callable[[Query], None]
    lost: Callable[[Query, ClusterError], None]


@dataclass(frozen=True, slots=True)
class Known:
    """What has been read before: as of which version (empty: nothing has), the objects by namespace and name."""

    version: str = ""
    objects: dict[tuple[str, str], Object] = field(default_factory=dict)


class QueryWatch:
    """One query of one cluster. `run` ends at the deadline, if `interrupt` wakes it then."""

    def __init__(
        self,
        client: Client,
        query: Query,
        listener: Listener,
        deadline: Deadline,
        patience: Patience,
        times: WatchTimes,
    ) -> None:
        self._client = client
        self._query = query
        self._listener = listener
        self._deadline = deadline
        self._patience = patience
        self._times = times
        self._known: dict[tuple[str, str], Object] = {}
        self._version = ""
        self._response: Any = None
        self._lock = threading.Lock()

    def go_on_from(self, known: Known) -> None:
        """What has been read already is not listed again, if there is a version to go on from."""
        self._version, self._known = known.version, known.objects

    def run(self) -> None:
        """Follow the query until the deadline."""
        failed = 0
        while self._deadline.left > 0:
            started, version = time.monotonic(), self._version
            try:
                self._version = self._version or self._list()
                if not self._version:  # an optional kind that is not served: it may be installed later
                    self._deadline.wait(self._times.absent)
                    continue
                self._follow()
                has_come_on = self._version != version or time.monotonic() - started > _BRIEF
            except ExpiredError:
                self._version, has_come_on = "", False
            except ClusterError as error:
                if error.cause in _FORGETTING:
                    self._version = ""
                self._listener.lost(self._query, error)
                has_come_on = False
            failed = 0 if has_come_on else failed + 1
            self._deadline.wait(self._pause(failed))

    def interrupt(self) -> None:
        """Break the stream that news are awaited from: it is opened again where it ended, unless all is over."""
        with self._lock:
            if self._response is not None:
                shut(self._response)

    def _pause(self, failed: int) -> float:
        if not failed:
            return 0.0
        longest = min(self._patience.pause * 2 ** min(failed, 16), self._times.longest_pause)
        return random.uniform(longest / 2, longest)  # noqa: S311 - jitter needs no cryptography

    def _list(self) -> str:
        """Deliver the difference between what is there and what was known; the version it is of."""
        listed = list_query(self._client, self._query, self._deadline, self._patience)
        now = {(found.namespace, found.name): found for found in listed.objects}
        for key, found in now.items():
            before = self._known.get(key)
            if before is None or before.metadata.uid != found.metadata.uid:
                self._listener.deliver("added", self._query, found)
            elif before.metadata.resource_version != found.metadata.resource_version:
                self._listener.deliver("modified", self._query, found)
        for key in self._known.keys() - now.keys():
            self._listener.deliver("deleted", self._query, self._known[key])
        self._known = now
        self._listener.well(self._query)
        return listed.resource_version

    def _follow(self) -> None:
        """Deliver news until the stream ends. That it breaks is normal; that it cannot be opened again is not."""
        response = open_watch(
            self._client, self._query, self._version, self._patience.request_timeout, self._times.silence
        )
        self._listener.well(self._query)
        with self._lock:
            self._response = response
            if self._deadline.left <= 0:  # `interrupt` may have come before there was something to shut
                shut(response)
        try:
            for kind, found, version in events(self._client, self._query, response, self._times.silence):
                if found is not None:
                    self._take(kind, found)
                self._version = version or self._version
        except ClusterError as error:
            if error.cause not in _INTERRUPTED:
                raise
        finally:
            with self._lock:
                self._response = None
            response.close()

    def _take(self, kind: str, found: Object) -> None:
        key = (found.namespace, found.name)
        if kind == "DELETED":
            self._known.pop(key, None)
        else:
            self._known[key] = found
        self._listener.deliver(_TYPES[kind], self._query, found)


def shut(response: Any) -> None:
    """End a response that another thread is reading."""
    try:
        response.shutdown()
    except (ValueError, RuntimeError, OSError):
        return  # it has ended already, and its socket with it
