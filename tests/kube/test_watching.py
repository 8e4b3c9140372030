"""Watches that last: bookmarks, expiry, broken and silent connections, absent kinds."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from served_cluster import Served
from servers import Reply, Seen, as_json, fleet_of, http_server, listed, socket_server
from worlds import WIDGET, LiveWorld

from meshglobal.app.ports import ClusterEvent
from meshglobal.domain.failure import Cause
from meshglobal.domain.kinds import POD, SERVICE
from meshglobal.domain.snapshot import Query
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.fleet import ConnectionSettings
from meshglobal.kube.query_watch import WatchTimes
from meshglobal.kube.retrying import Patience
from meshglobal.kube.watching import ClusterState, Events
from meshglobal.sandbox.apiserver.faults import Fault

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


def test_a_watch_starts_where_the_list_ended_and_resumes_where_it_was(tmp_path: Path) -> None:
    server = WatchServer()
    server.lists = [("10", [service("a", "3")])]
    server.watches = [
        ([change("ADDED", "b", "11"), bookmark("15")], "end"),
        ([change("MODIFIED", "b", "16")], "break"),
        ([change("DELETED", "a", "17")], "hang"),
    ]
    with watching(tmp_path, server) as events:
        assert told(events, 5) == [("added", "a"), ("synced", ""), ("added", "b"), ("modified", "b"), ("deleted", "a")]
    assert server.watched_from[:3] == ["10", "15", "16"]
    asked = next(asked for asked in server.asked if asked.get("watch"))
    assert asked["allowWatchBookmarks"] == "true"
    assert 240 <= int(asked["timeoutSeconds"]) <= 300
    assert len([asked for asked in server.asked if "watch" not in asked]) == 1


def test_after_410_the_difference_is_told(tmp_path: Path) -> None:
    server = WatchServer()
    server.lists = [
        ("10", [service("same", "1"), service("gone", "2"), service("changed", "3"), service("anew", "4", "old-uid")]),
        (
            "90",
            [service("same", "1"), service("changed", "80"), service("anew", "81", "new-uid"), service("new", "82")],
        ),
    ]
    expired = {"type": "ERROR", "object": {"kind": "Status", "code": 410, "message": "too old resource version"}}
    server.watches = [([expired], "end")]
    with watching(tmp_path, server) as events:
        assert told(events, 5)[-1] == ("synced", "")
        assert sorted(told(events, 4)) == [
            ("added", "anew"),
            ("added", "new"),
            ("deleted", "gone"),
            ("modified", "changed"),
        ]
        until(lambda: server.watched_from[-1] == "90")


def test_a_silent_connection_is_noticed_and_replaced(tmp_path: Path) -> None:
    server = WatchServer()
    server.lists = [("10", [])]
    server.watches = [([], "hang"), ([change("ADDED", "late", "11")], "hang")]
    with watching(tmp_path, server) as events:
        assert told(events, 1) == [("synced", "")]
        started = time.monotonic()
        assert told(events, 1) == [("added", "late")]
        assert time.monotonic() - started < 3
    assert server.watched_from[:2] == ["10", "10"]


def test_a_watch_that_gets_no_answer_is_a_loss_after_the_time_of_a_request(tmp_path: Path) -> None:
    """A server may hang just when the watch begins: it is not waited for as long as a quiet stream is."""
    server = WatchServer()
    server.lists = [("10", [])]
    server.watches = [([], "mute"), ([change("ADDED", "late", "11")], "hang")]
    settings = replace(SETTINGS, patience=Patience(request_timeout=0.3, pause=0.01), watch_times=WatchTimes(silence=60))
    with watching(tmp_path, server, settings=settings) as events:
        assert told(events, 1) == [("synced", "")]
        event = next(events)
        assert event.gap is not None, event
        assert (event.gap.failure.cause, "0.3 s" in event.gap.failure.message) == (Cause.TIMEOUT, True)
        assert told(events, 2) == [("synced", ""), ("added", "late")]
    assert server.watched_from[:2] == ["10", "10"]


def test_a_quiet_stream_may_last_longer_than_a_request(tmp_path: Path) -> None:
    server = WatchServer()
    server.lists = [("10", [])]
    settings = replace(SETTINGS, patience=Patience(request_timeout=0.2, pause=0.01), watch_times=WatchTimes(silence=60))
    with watching(tmp_path, server, settings=settings) as events:
        assert told(events, 1) == [("synced", "")]
        server.over.wait(1)
        assert server.watched_from == ["10"]


def test_a_server_that_hangs_without_a_word_is_a_loss(tmp_path: Path) -> None:
    """Its streams stay open, as quiet as those of a server where nothing happens."""
    server = WatchServer()
    server.lists = [("10", [])]
    late = ([change("ADDED", "late", "11")], "hang")
    server.watches = [([], "hang"), ([], "mute"), late, late]  # a question asked before may break the stream once more
    times = WatchTimes(silence=60, heartbeat=0.1, longest_pause=0.1)
    settings = replace(SETTINGS, patience=Patience(request_timeout=0.3, pause=0.01), watch_times=times)
    with watching(tmp_path, server, settings=settings) as events:
        assert told(events, 1) == [("synced", "")]
        until(lambda: server.beats > 2)
        assert server.watched_from == ["10"], "who answers is left alone"
        server.is_mute.set()
        event = next(events)
        assert event.gap is not None, event
        assert event.gap.failure.cause is Cause.TIMEOUT
        server.is_mute.clear()
        assert told(events, 2) == [("synced", ""), ("added", "late")]


def test_an_unreadable_event_is_a_loss(tmp_path: Path) -> None:
    server = WatchServer()
    server.lists = [("10", [])]
    server.watches = [([{"type": "ADDED", "object": {"metadata": {"name": 7}}}], "end")]
    with watching(tmp_path, server) as events:
        assert told(events, 1) == [("synced", "")]
        event = next(events)
        assert event.type == "lost"
        assert event.gap is not None
        assert event.gap.failure.cause is Cause.UNREADABLE
        assert "$.metadata.name" in event.gap.failure.message
        assert told(events, 1) == [("synced", "")]


def test_a_single_object_is_watched_by_a_field_selector(tmp_path: Path) -> None:
    server = WatchServer()
    server.lists = [("10", [service("a", "3")])]
    with watching(tmp_path, server, Query(SERVICE, "shop", "a", selector="x=y")) as events:
        assert told(events, 2) == [("added", "a"), ("synced", "")]
        until(lambda: len(server.asked) > 1)
    assert {(asked["fieldSelector"], asked["labelSelector"]) for asked in server.asked} == {("metadata.name=a", "x=y")}


def test_a_watch_survives_that_its_cluster_is_away(embedded: LiveWorld, clusters: dict[str, Served]) -> None:
    embedded.create("one", "before")
    events = embedded.fleet("one", settings=SETTINGS).watch([Query(SERVICE, embedded.namespace)], time.monotonic() + 20)
    assert told(events, 2) == [("added", "before"), ("synced", "")]
    one = clusters["one"]
    one.call(lambda: one.cluster.faults.set("away", Fault(drops=True, path="*/services")))
    try:
        event = next(events)  # the silence of the first watch ends it; it cannot be opened again
        assert event.type == "lost"
        assert event.gap is not None
        assert event.gap.failure.cause is Cause.CONNECTION_LOST
    finally:
        one.call(one.cluster.faults.clear)
    assert told(events, 1) == [("synced", "")]
    embedded.create("one", "after")
    assert told(events, 1) == [("added", "after")]


def test_a_forgotten_past_does_not_stop_a_watch(embedded: LiveWorld, clusters: dict[str, Served]) -> None:
    events = embedded.fleet("one", settings=SETTINGS).watch([Query(SERVICE, embedded.namespace)], time.monotonic() + 20)
    assert told(events, 1) == [("synced", "")]
    for name in ("a", "b"):
        embedded.create("one", name)
        clusters["one"].call(clusters["one"].cluster.compact)
    assert told(events, 2) == [("added", "a"), ("added", "b")]


@pytest.mark.parametrize("is_optional", [True, False])
def test_an_absent_kind_is_waited_for(embedded: LiveWorld, *, is_optional: bool) -> None:
    query = Query(WIDGET, embedded.namespace, is_optional=is_optional)
    events = embedded.fleet("one", settings=SETTINGS).watch([query], time.monotonic() + 20)
    event = next(events)
    if is_optional:
        assert event.type == "synced"
    else:
        assert (event.type, event.query) == ("lost", query)
        assert event.gap is not None
        assert event.gap.failure.cause is Cause.NO_SUCH_KIND


def test_a_watch_without_an_end_outlasts_the_time_of_the_run(embedded: LiveWorld) -> None:
    spent = replace(SETTINGS, timeout=0.0)
    queries = [Query(SERVICE, embedded.namespace)]
    assert list(embedded.fleet("one", settings=spent).watch(queries, time.monotonic() + 20)) == []
    fleet = embedded.fleet("one", settings=spent)
    events = fleet.watch(queries, float("inf"))
    assert told(events, 1) == [("synced", "")]
    embedded.create("one", "new")
    assert told(events, 1) == [("added", "new")]
    fleet.close()
    assert list(events) == []


def test_closing_the_fleet_ends_its_watches(embedded: LiveWorld) -> None:
    fleet = embedded.fleet("one")
    events = fleet.watch([Query(SERVICE, embedded.namespace)], time.monotonic() + 60)
    assert told(events, 1) == [("synced", "")]
    started = time.monotonic()
    fleet.close()
    assert list(events) == []
    until(lambda: not any(thread.name == "meshglobal-watch" for thread in threading.enumerate()))
    assert time.monotonic() - started < 2


def test_a_watch_that_nobody_follows_any_more_ends_though_its_server_is_silent(tmp_path: Path) -> None:
    server = WatchServer()
    server.lists = [("10", [])]
    with socket_server(server) as listening:
        patient = ConnectionSettings(watch_times=WatchTimes(silence=60))
        fleet = fleet_of(tmp_path, {"c": ({"server": listening.url}, {"token": "t"})}, patient)
        events = fleet.watch([SERVICES], time.monotonic() + 60)
        assert told(events, 1) == [("synced", "")]
        until(lambda: len(server.asked) > 1)
        started = time.monotonic()
        events.close()  # type: ignore[attr-defined]  # the iterator is a generator
        until(lambda: not any(thread.name == "meshglobal-watch" for thread in threading.enumerate()))
        assert time.monotonic() - started < 2
        server.over.set()
        fleet.close()


def test_a_cluster_that_is_lost_while_its_watches_begin_stays_lost() -> None:
    """One watch got through just before the others were refused; when it breaks, nobody must think that all is well."""
    events: Events = queue.SimpleQueue()
    pods = Query(POD, "shop")
    listener = ClusterState("one", [SERVICES, pods], events).listener
    refused = ClusterError(Cause.REFUSED, "refused", "one")
    listener.lost(SERVICES, refused)
    listener.lost(SERVICES, refused)
    listener.well(pods)
    listener.lost(pods, refused)
    listener.lost(SERVICES, refused)
    told = [events.get_nowait() for _ in range(events.qsize())]
    assert [(one.type, one.query) for one in told] == [("lost", None), ("synced", pods), ("lost", None)]


def test_who_heard_that_a_cluster_was_lost_hears_of_all_that_goes_on() -> None:
    """Of three streams one never broke, one is back, one is not: the first must be told of too."""
    events: Events = queue.SimpleQueue()
    steady, gone = Query(POD, "shop"), Query(WIDGET, "shop")
    listener = ClusterState("one", [SERVICES, steady, gone], events).listener
    for query in (SERVICES, steady, gone):
        listener.well(query)
    for query in (SERVICES, gone):
        listener.lost(query, ClusterError(Cause.REFUSED, "refused", "one"))
    listener.well(SERVICES)
    told = [events.get_nowait() for _ in range(events.qsize())]
    assert [(one.type, one.query) for one in told[3:]] == [("lost", None), ("synced", SERVICES), ("synced", steady)]


def test_an_error_in_the_stream_leads_to_a_new_list(tmp_path: Path) -> None:
    """As where the store was put back to an older state: the version means nothing any more."""
    server = WatchServer()
    server.lists = [("90", [service("a", "3")]), ("5", [service("b", "4")])]
    error = {"type": "ERROR", "object": {"kind": "Status", "code": 504, "message": "Too large resource version"}}
    server.watches = [([error], "end")]
    with watching(tmp_path, server) as events:
        seen = told(events, 6)
    assert seen == [("added", "a"), ("synced", ""), ("lost", ""), ("added", "b"), ("deleted", "a"), ("synced", "")]


def test_an_event_that_nobody_knows_does_not_end_the_watch(tmp_path: Path) -> None:
    server = WatchServer()
    server.lists = [("10", [service("a", "3")])]
    server.watches = [([change("PRUNED", "a", "11")], "hang"), ([change("DELETED", "a", "12")], "hang")]
    with watching(tmp_path, server) as events:
        seen = told(events, 5)
    assert seen == [("added", "a"), ("synced", ""), ("lost", ""), ("synced", ""), ("deleted", "a")]


def test_an_optional_kind_that_is_taken_away_is_empty_again(tmp_path: Path) -> None:
    query, is_gone = Query(WIDGET, "shop", is_optional=True), threading.Event()

    def answer(seen: Seen) -> Reply:
        if is_gone.is_set():
            return 404, {"Content-Type": "text/plain"}, b"404 page not found"
        if "watch=true" in seen.path:
            is_gone.set()
            return as_json({})  # the stream ends, as it does when the kind goes
        return listed({"metadata": {"name": "w", "namespace": "shop", "uid": "u"}})

    with http_server(answer) as listening:
        fleet = fleet_of(tmp_path, {"c": ({"server": listening.url}, {"token": "t"})}, SETTINGS)
        events = fleet.watch([query], time.monotonic() + 10)
        seen = []
        for event in events:
            seen.append((event.type, event.object.name if event.object else ""))
            if seen[-1][0] == "synced" and ("deleted", "w") in seen:
                break
        fleet.close()
    assert seen[-2:] == [("deleted", "w"), ("synced", "")]
