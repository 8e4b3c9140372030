"""Following clusters to which several contexts lead: each context is told of once, and the first selected one reads."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servers import KUBE_SYSTEM, Reply, Seen, as_json, fleet_of, http_server, listed, quick, refusal, socket_server

from meshglobal.app.ports import ClusterEvent, Following
from meshglobal.domain.kinds import NAMESPACE, SERVICE
from meshglobal.domain.snapshot import Query

SERVICES = Query(SERVICE, "shop")
SYSTEM = {"metadata": {"name": "kube-system", "uid": "u"}}


@pytest.fixture
def over() -> Iterator[threading.Event]:
    """Is set when the test is over: what hangs goes on then."""
    event = threading.Event()
    yield event
    event.set()


def wish(*queries: Query) -> Following:
    return Following(queries or (Query(NAMESPACE), SERVICES), (), time.monotonic() + 20)


def begun(events: Iterator[ClusterEvent], count: int) -> dict[str, ClusterEvent]:
    """How each of so many contexts began, by its name."""
    found: dict[str, ClusterEvent] = {}
    for event in events:
        if event.cluster is not None:
            assert event.cluster.context not in found, "told twice"
            found[event.cluster.context] = event
        if len(found) == count:
            return found
    raise AssertionError(f"it ended after {found}")


def begun_in_one_lane(folder: Path, answer: Callable[[Seen], Reply], over: threading.Event) -> dict[str, ClusterEvent]:
    """How "a" and "b" began, which lead to the same server: who asks for services knows its cluster already."""
    with http_server(answer) as server:
        place = {"server": server.url}
        contexts = {"a": (place, {"token": "first"}), "b": (place, {"token": "second"})}
        fleet = fleet_of(folder, contexts, quick(workers=2, request_timeout=15))
        found = begun(fleet.follow(wish()), 2)
        over.set()
        fleet.close()
    return found


def test_every_context_of_a_server_that_hangs_is_told_of(tmp_path: Path, over: threading.Event) -> None:
    def hang(connection: socket.socket) -> None:
        over.wait(20)
        del connection

    with socket_server(hang) as silent:
        place = ({"server": silent.url}, {"token": "t"})
        fleet = fleet_of(tmp_path, {"a": place, "b": place}, quick(timeout=0.5))
        found = begun(fleet.follow(wish()), 2)
        over.set()
        fleet.close()
    assert [(one.type, len(one.cluster.gaps)) for one in found.values() if one.cluster] == [("read", 1), ("read", 1)]


def cluster(over: threading.Event, seen: Seen, lists: Reply) -> Reply:
    if "watch=true" in seen.path:
        over.wait(20)
        return as_json({})
    if seen.path.startswith(KUBE_SYSTEM):
        return as_json(SYSTEM)
    return lists if "/services" in seen.path else listed(SYSTEM)


def test_the_context_that_was_selected_first_reads_though_the_other_is_done_sooner(
    tmp_path: Path, over: threading.Event
) -> None:
    """The second context is done as soon as it knows that the first one reads."""
    is_known, is_second = threading.Event(), threading.Event()

    def answer(seen: Seen) -> Reply:
        if seen.headers["Authorization"] == "Bearer second":
            assert is_known.wait(10)
            is_second.set()
        elif "/services" in seen.path and "watch=true" not in seen.path:
            is_known.set()
            assert is_second.wait(10)
            over.wait(0.5)  # longer than the other needs to be done
        return cluster(over, seen, listed({"metadata": {"name": "web", "namespace": "shop"}}))

    found = begun_in_one_lane(tmp_path, answer, over)
    assert {name: (one.type, one.context) for name, one in found.items()} == {"a": ("read", "a"), "b": ("alias", "a")}
    assert found["a"].cluster is not None
    assert [one.name for one in found["a"].cluster.objects[SERVICE]] == ["web"]


def test_the_context_that_was_selected_first_reads_though_it_knew_its_cluster_later(
    tmp_path: Path, over: threading.Event
) -> None:
    """So that a cluster has the same name in each run, both read all of it, and the second is done sooner."""
    knows = {"first": threading.Event(), "second": threading.Event()}

    def answer(seen: Seen) -> Reply:
        who = seen.headers["Authorization"].removeprefix("Bearer ")
        if "/services" not in seen.path:
            assert who == "second" or knows["second"].wait(10)
        elif "watch=true" not in seen.path:
            knows[who].set()
            assert knows["first"].wait(10)
            if who == "first":
                over.wait(0.5)  # longer than the other needs to be done
        return cluster(over, seen, listed({"metadata": {"name": "web", "namespace": "shop"}}))

    found = begun_in_one_lane(tmp_path, answer, over)
    assert {name: (one.type, one.context) for name, one in found.items()} == {"a": ("read", "a"), "b": ("alias", "a")}


def test_a_context_that_may_not_see_who_the_cluster_is_leads_to_the_one_of_its_server(
    tmp_path: Path, over: threading.Event
) -> None:
    """As when clusters are read once: a namespace's owner may not read kube-system."""

    def answer(seen: Seen) -> Reply:
        if seen.headers["Authorization"] == "Bearer owner" and "/services" not in seen.path:
            return refusal(403, "no")
        if seen.headers["Authorization"] == "Bearer admin":
            over.wait(0.3)  # the owner is done sooner
        return cluster(over, seen, listed({"metadata": {"name": "web", "namespace": "shop"}}))

    with http_server(answer) as server:
        place = {"server": server.url}
        fleet = fleet_of(tmp_path, {"a": (place, {"token": "admin"}), "b": (place, {"token": "owner"})})
        read = fleet.read((Query(NAMESPACE), SERVICES))
        found = begun(fleet.follow(wish()), 2)
        over.set()
        fleet.close()
    assert [(one.context, one.aliases) for one in read.clusters] == [("a", ("b",))]
    assert {name: (one.type, one.context) for name, one in found.items()} == {"a": ("read", "a"), "b": ("alias", "a")}


def test_contexts_that_may_not_see_who_the_cluster_is_do_not_wait_for_each_other(
    tmp_path: Path, over: threading.Event
) -> None:
    def answer(seen: Seen) -> Reply:
        return cluster(over, seen, listed()) if "/services" in seen.path else refusal(403, "no")

    with http_server(answer) as server:
        place = ({"server": server.url}, {"token": "t"})
        fleet = fleet_of(tmp_path, {"a": place, "b": place})
        found = begun(fleet.follow(wish()), 2)
        over.set()
        fleet.close()
    assert sorted(one.type for one in found.values()) == ["alias", "read"]
