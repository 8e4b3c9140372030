"""An API server of which a test says what each list and each watch gets, and the means to look at a watch of it."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from servers import fleet_of, socket_server

from meshglobal.app.ports import ClusterEvent
from meshglobal.domain.kinds import SERVICE
from meshglobal.domain.snapshot import Query
from meshglobal.kube.fleet import ConnectionSettings
from meshglobal.kube.query_watch import WatchTimes
from meshglobal.kube.retrying import Patience

SERVICES = Query(SERVICE, "shop")
SETTINGS = ConnectionSettings(
    patience=Patience(request_timeout=2, pause=0.01), watch_times=WatchTimes(silence=0.5, absent=0.1, longest_pause=0.1)
)


def service(name: str, version: str, uid: str = "") -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "shop", "resourceVersion": version, "uid": uid or name}}


class WatchServer:
    """An API server of one collection: ``lists`` and ``watches`` say in turn what each request gets.

    A watch is a list of lines, sent one by one, and then an end: "end" (in order), "break" (cut off), "hang" (silent
    until the test is over). One that ends "mute" gets no answer at all. Whether it is there, it says unless `is_mute`.
    """

    def __init__(self) -> None:
        self.lists: list[tuple[str, list[dict[str, Any]]]] = []
        self.watches: list[tuple[list[dict[str, Any]], str]] = []
        self.asked: list[dict[str, str]] = []
        self.beats = 0
        self.is_mute = threading.Event()
        self.over = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, connection: socket.socket) -> None:
        with contextlib.closing(connection.makefile("rb")) as reader:
            while (line := reader.readline()) and not self.over.is_set():
                while reader.readline().strip():
                    continue
                if not self._answer(connection, line.split()[1].decode()):
                    return

    def _answer(self, connection: socket.socket, path: str) -> bool:
        if path == "/livez":
            self.beats += 1
            return False if self.is_mute.is_set() and self.over.wait(10) else self._send(connection, {})
        asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        with self._lock:
            self.asked.append(asked)
            if asked.get("watch") == "true":
                lines, end = self.watches.pop(0) if self.watches else ([], "hang")
            else:
                version, items = self.lists.pop(0) if len(self.lists) > 1 else self.lists[0]
                return self._send(connection, {"metadata": {"resourceVersion": version}, "items": items})
        if end == "mute":
            self.over.wait(10)
            return False
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for event in lines:
            text = json.dumps(event).encode() + b"\n"
            half = len(text) // 2  # chunks need not end where lines do
            for part in (text[:half], text[half:]):
                connection.sendall(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        if end == "end":
            connection.sendall(b"0\r\n\r\n")
        if end == "hang":
            self.over.wait(10)
        return end == "end"

    def _send(self, connection: socket.socket, body: Any) -> bool:
        text = json.dumps(body).encode()
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text)
        return True

    @property
    def watched_from(self) -> list[str]:
        return [asked["resourceVersion"] for asked in self.asked if asked.get("watch")]


@contextlib.contextmanager
def watching(
    directory: Path, server: WatchServer, query: Query = SERVICES, settings: ConnectionSettings = SETTINGS
) -> Iterator[Iterator[ClusterEvent]]:
    with socket_server(server) as listening:
        fleet = fleet_of(directory, {"c": ({"server": listening.url}, {"token": "t"})}, settings)
        events = fleet.watch([query], time.monotonic() + 20)
        try:
            yield events
        finally:
            server.over.set()
            fleet.close()
            list(events)  # lets the iterator end, and its threads with it


def told(events: Iterator[ClusterEvent], number: int) -> list[tuple[str, str]]:
    found = [next(events) for _ in range(number)]
    return [(event.type, event.object.name if event.object else "") for event in found]


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def change(kind: str, name: str, version: str) -> dict[str, Any]:
    return {"type": kind, "object": service(name, version)}


def bookmark(version: str) -> dict[str, Any]:
    return {"type": "BOOKMARK", "object": {"kind": "Service", "metadata": {"resourceVersion": version}}}
