"""The whole dashboard over real clusters, in a thread of its own."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import loop_thread
from pages import TOKEN, Page

from meshglobal.app.live import LiveOrder
from meshglobal.app.picture import MeshSettings
from meshglobal.app.selecting import Request
from meshglobal.bootstrap import SystemClock
from meshglobal.dashboard.discreet import Discretion
from meshglobal.dashboard.place import Token, bound
from meshglobal.dashboard.server import Running, Service
from meshglobal.dashboard.subject import Subject
from meshglobal.files.write_journal import WriteJournal
from meshglobal.kube.client import Client
from meshglobal.kube.fleet import Choice, ConnectionSettings, KubeFleet, choose, connect
from meshglobal.kube.following import Follower
from meshglobal.kube.heartbeat import Heartbeat
from meshglobal.kube.query_watch import QueryWatch, WatchTimes
from meshglobal.kube.retrying import Patience
from meshglobal.render.metrics_server import Address

DEADLINE = 30.0  # seconds
QUICK = ConnectionSettings(
    timeout=20,
    is_lasting=True,
    patience=Patience(request_timeout=5, pause=0.01, longest_pause=0.1),
    watch_times=WatchTimes(silence=30, absent=0.1, longest_pause=0.2),
)


@dataclass(frozen=True)
class Event:
    """One server-sent event."""

    name: str
    data: Any


@dataclass
class Stream:
    """A page's stream of events, read as they come."""

    client: socket.socket
    rest: bytes = b""

    def next(self) -> Event:
        """The next event; comments are passed over."""
        while True:
            while b"\n\n" not in self.rest:
                part = self.client.recv(65_536)
                assert part, f"ended: {self.rest!r}"
                self.rest += part
            frame, _, self.rest = self.rest.partition(b"\n\n")
            if frame.startswith(b"event: "):
                name, _, data = frame.decode().partition("\n")
                return Event(name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))

    def until(self, is_it: Callable[[Event], bool]) -> Event:
        """Events up to one that is so; the socket's own deadline holds."""
        while not is_it(found := self.next()):
            pass
        return found


@contextmanager
def streamed(page: Page, receive_buffer: int | None = None) -> Iterator[Stream]:
    """Follow; as HTTP/1.0, where the answer comes as it is, without chunks."""
    with closing(socket.socket()) as client:
        if receive_buffer is not None:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        client.settimeout(DEADLINE)
        client.connect(("127.0.0.1", page.port))
        request = (
            f"GET /api/v1/events HTTP/1.0\r\nHost: 127.0.0.1:{page.port}\r\nAuthorization: Bearer {page.token}\r\n\r\n"
        )
        client.sendall(request.encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(1)
        assert b" 200 " in head.split(b"\r\n")[0], head
        yield Stream(client)


@dataclass
class Dashboard:
    """A dashboard that runs, and the page to ask."""

    running: Running
    page: Page
    pause: threading.Event = field(default_factory=threading.Event)

    def shown_when(self, is_so: Callable[[Any], bool], path: str = "/api/v1/services") -> Any:
        """A document as soon as it is so."""
        deadline = time.monotonic() + DEADLINE
        while not is_so(found := self.page.document(path)):
            assert time.monotonic() < deadline, found
            self.pause.wait(0.05)
        return found


@contextmanager
def served_dashboard(
    kubeconfig: Path,
    *,
    request: Request | None = None,
    discretion: Discretion | None = None,
    journal: Path | None = None,
    protected: tuple[str, ...] = (),
    settings: ConnectionSettings = QUICK,
) -> Iterator[Dashboard]:
    """Serve the dashboard of all contexts of a kubeconfig; with a journal it may change them."""
    fleet = connect(*choose(Choice(str(kubeconfig), use_all=True), {}), settings)
    order = LiveOrder(request or Request(None, None))
    told = discretion or Discretion((str(kubeconfig),))
    subject = Subject(fleet, SystemClock(), MeshSettings(), order, protected=protected, discretion=told)
    made = bound(Address("127.0.0.1", 0))
    place = Address("127.0.0.1", int(made.getsockname()[1]))
    service = Service(made, place, Token(TOKEN), None if journal is None else WriteJournal(journal))
    with loop_thread.loop_thread("dashboard") as loop:
        running = loop_thread.wait(loop, Running.start(subject, service))
        try:
            yield Dashboard(running, Page(place.port))
        finally:
            loop_thread.wait(loop, running.stop())
            fleet.close()
            _wait_for_watches(fleet)


def _wait_for_watches(fleet: KubeFleet) -> None:
    """Until nobody watches for a closed fleet: no connection may begin while the clusters end.

    Another dashboard may go on meanwhile, with threads of the same names: they are told apart by whom they work for.
    """
    clients = set(fleet._clients.values())
    for kind in (Follower, QueryWatch, Heartbeat):  # the first make the others
        for thread in threading.enumerate():
            worker = getattr(getattr(thread, "_target", None), "__self__", None)
            if isinstance(worker, kind) and not clients.isdisjoint(_clients_of(worker)):
                thread.join(DEADLINE)


def _clients_of(worker: Follower | QueryWatch | Heartbeat) -> Collection[Client]:
    return worker._clients.values() if isinstance(worker, Follower) else (worker._client,)
