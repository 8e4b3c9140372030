"""Watches that are lost, come back and end: silent and broken connections, servers that hang, errors in the stream."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import replace
from pathlib import Path

from served_cluster import Served
from servers import fleet_of, socket_server
from watch_server import SERVICES, SETTINGS, WatchServer, change, service, told, until, watching
from worlds import WIDGET, LiveWorld

from meshglobal.domain.failure import Cause
from meshglobal.domain.kinds import POD, SERVICE
from meshglobal.domain.snapshot import Query
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.fleet import ConnectionSettings
from meshglobal.kube.query_watch import WatchTimes
from meshglobal.kube.retrying import Patience
from meshglobal.kube.watching import ClusterState, Events
from meshglobal.sandbox.apiserver.faults import Fault


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
    settings = replace(SETTINGS, patience=Patience(request_timeout=1, pause=0.01), watch_times=WatchTimes(silence=60))
    with watching(tmp_path, server, settings=settings) as events:
        assert told(events, 1) == [("synced", "")]
        server.over.wait(2)
        assert server.watched_from == ["10"]


def test_a_server_that_hangs_without_a_word_is_a_loss(tmp_path: Path) -> None:
    """Its streams stay open, as quiet as those of a server where nothing happens."""
    server = WatchServer()
    server.lists = [("10", [])]
    late = ([change("ADDED", "late", "11")], "hang")
    server.watches = [([], "hang"), ([], "mute"), late, late]  # a question asked before may break the stream once more
    times = WatchTimes(silence=60, heartbeat=0.1, longest_pause=0.1)
    settings = replace(SETTINGS, patience=Patience(request_timeout=1, pause=0.01), watch_times=times)
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
