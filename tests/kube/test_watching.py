"""Watches that last: bookmarks, expiry, absent kinds, and what nobody knows."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from served_cluster import Served
from servers import Reply, Seen, as_json, fleet_of, http_server, listed
from watch_server import SETTINGS, WatchServer, bookmark, change, service, told, until, watching
from worlds import WIDGET, LiveWorld

from meshglobal.domain.failure import Cause
from meshglobal.domain.kinds import SERVICE
from meshglobal.domain.snapshot import Query


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


def test_a_single_object_is_watched_by_a_field_selector(tmp_path: Path) -> None:
    server = WatchServer()
    server.lists = [("10", [service("a", "3")])]
    with watching(tmp_path, server, Query(SERVICE, "shop", "a", selector="x=y")) as events:
        assert told(events, 2) == [("added", "a"), ("synced", "")]
        until(lambda: len(server.asked) > 1)
    assert {(asked["fieldSelector"], asked["labelSelector"]) for asked in server.asked} == {("metadata.name=a", "x=y")}


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
