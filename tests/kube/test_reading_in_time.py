"""Reading clusters that answer late or never: nothing outlasts the run, and what came in time is kept."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from readings import SERVICES, TOKEN, gap_causes, names, read, service
from servers import Reply, Seen, fleet_of, http_server, kubernetes, listed, quick

from meshglobal.domain.failure import Cause
from meshglobal.domain.kinds import NAMESPACE, POD, SERVICE
from meshglobal.domain.snapshot import Query


class Silent:
    """Answers nothing under /api/v1/namespaces/shop until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def __call__(self, seen: Seen) -> Reply:
        if "/pods" not in seen.path:
            self.go.wait(10)
        return listed()


def test_nothing_hangs_beyond_the_time_of_the_run(tmp_path: Path) -> None:
    silent = Silent()
    with http_server(silent) as hanging, http_server(kubernetes(lambda _: listed(service("a")))) as well:
        urls = {"h1": hanging.url + "/1", "well": well.url, "h2": hanging.url + "/2"}
        started = time.monotonic()
        h1, good, h2 = read(tmp_path, urls, settings=quick(timeout=0.6, request_timeout=30)).clusters
        took = time.monotonic() - started
        silent.go.set()
    assert took < 1.2
    assert [gap_causes(h1), gap_causes(h2)] == [[(None, Cause.TIMEOUT)]] * 2
    assert names(good) == ["a"]


def test_nobody_works_on_when_the_time_of_the_run_is_over(tmp_path: Path) -> None:
    """Those who were ready to help a slow cluster end with the run; they alone do not wait for an answer."""
    before = set(threading.enumerate())
    silent = Silent()
    queries = [Query(SERVICE, f"shop-{number}") for number in range(12)]
    with http_server(silent) as hanging:
        urls = {f"c{number}": f"{hanging.url}/{number}" for number in range(5)}
        read(tmp_path, urls, *queries, settings=quick(timeout=1.5, request_timeout=30))
        silent.go.set()
        end = time.monotonic() + 5
        while (working := _workers(before)) and time.monotonic() < end:
            time.sleep(0.05)  # until the last answer has come
    assert not working


def _workers(before: set[threading.Thread]) -> int:
    found = set(threading.enumerate()) - before
    return sum(one.name.startswith("meshglobal-") for one in found)


def test_a_cluster_that_answers_nothing_is_not_reached_though_single_readings_gave_up_before(tmp_path: Path) -> None:
    silent = Silent()
    with http_server(silent) as server:
        settings = quick(timeout=0.9, request_timeout=0.5)
        (cluster,) = read(tmp_path, {"c": server.url}, Query(NAMESPACE), SERVICES, settings=settings).clusters
        silent.go.set()
    assert gap_causes(cluster) == [(None, Cause.TIMEOUT)]


def test_clusters_whose_turn_never_came_say_so(tmp_path: Path) -> None:
    silent = Silent()
    with http_server(silent) as server:
        urls = {"a": server.url + "/1", "b": server.url + "/2"}
        a, b = read(tmp_path, urls, settings=quick(timeout=0.5, request_timeout=30, workers=1)).clusters
        silent.go.set()
    assert gap_causes(a) == [(None, Cause.TIMEOUT)]
    assert gap_causes(b) == [(None, Cause.NOT_STARTED)]
    assert b.gaps[0].failure.next_step == "raise --timeout, or --workers"


def test_what_was_read_in_time_is_kept(tmp_path: Path) -> None:
    silent = Silent()
    pods = Query(POD, "shop")
    with http_server(kubernetes(silent)) as server:
        settings = quick(timeout=0.8, request_timeout=30)
        (cluster,) = read(tmp_path, {"c": server.url}, pods, SERVICES, settings=settings).clusters
        silent.go.set()
    assert cluster.queries == (pods,)
    assert gap_causes(cluster) == [(SERVICES, Cause.TIMEOUT)]
    assert cluster.is_reached


@pytest.mark.parametrize("is_lasting", [True, False])
def test_in_a_lasting_program_each_reading_has_the_whole_time(tmp_path: Path, *, is_lasting: bool) -> None:
    silent = Silent()
    with http_server(kubernetes(silent)) as server:
        settings = quick(timeout=0.5, request_timeout=30, is_lasting=is_lasting)
        fleet = fleet_of(tmp_path, {"c": ({"server": server.url}, TOKEN)}, settings)
        fleet.read([SERVICES])  # takes all of the time
        silent.go.set()
        (cluster,) = fleet.read([SERVICES]).clusters
        fleet.close()
    assert cluster.is_reached is is_lasting


def test_what_comes_after_the_end_is_told_to_nobody(tmp_path: Path) -> None:
    silent = Silent()
    told: list[str] = []
    with http_server(silent) as server:
        cluster = {"server": server.url}
        fleet = fleet_of(tmp_path, {"c": (cluster, TOKEN)}, quick(timeout=0.3, request_timeout=30))
        (found,) = fleet.read([SERVICES], lambda cluster: told.append(cluster.context)).clusters
        silent.go.set()
        for thread in threading.enumerate():
            if thread.name.startswith("meshglobal-"):
                thread.join(10)
        fleet.close()
    assert gap_causes(found) == [(None, Cause.TIMEOUT)]
    assert told == []
