"""Reading many clusters: pages, repeats, side by side, and what is left when something is missing."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from certificates import Authority, encoded
from readings import SERVICES, TOKEN, gap_causes, names, read, service
from served_cluster import Served
from servers import KUBE_SYSTEM, Reply, Seen, as_json, fleet_of, http_server, kubernetes, listed, quick, refusal

from meshglobal.domain.failure import Cause
from meshglobal.domain.kinds import NAMESPACE, POD, SERVICE
from meshglobal.domain.snapshot import Query
from meshglobal.kube.reading import lanes_for
from meshglobal.sandbox.apiserver.faults import Fault


def parameters(seen: Seen) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(seen.path).query).items()}


# -- lists -------------------------------------------------------------------------------------------------------


def test_a_list_is_read_page_by_page(tmp_path: Path) -> None:
    def page(seen: Seen) -> Reply:
        asked = parameters(seen)
        assert asked["limit"] == "500"
        number = int(asked.get("continue", "0"))
        return listed(service(f"s{number}"), token=str(number + 1) if number < 3 else "")

    with http_server(kubernetes(page)) as server:
        (cluster,) = read(tmp_path, {"c": server.url}).clusters
    assert names(cluster) == ["s0", "s1", "s2", "s3"]


def test_a_list_that_expires_is_read_anew_at_once(tmp_path: Path) -> None:
    def page(seen: Seen) -> Reply:
        asked = parameters(seen)
        if asked.get("continue"):
            return refusal(410, "The provided continue parameter is too old")
        return listed(service("old"), token="t") if "limit" in asked else listed(service("a"), service("b"))

    with http_server(kubernetes(page)) as server:
        (cluster,) = read(tmp_path, {"c": server.url}).clusters
    assert names(cluster) == ["a", "b"]
    assert cluster.gaps == ()


def test_a_list_that_breaks_off_is_a_gap_that_says_how_far_it_came(tmp_path: Path) -> None:
    def page(seen: Seen) -> Reply:
        if parameters(seen).get("continue"):
            return refusal(403, "services is forbidden: the role was changed")
        return listed(service("a"), service("b"), token="t")

    with http_server(kubernetes(page)) as server:
        (cluster,) = read(tmp_path, {"c": server.url}).clusters
    assert (dict(cluster.objects), cluster.queries) == ({}, ())
    assert cluster.gaps[0].failure.message.startswith("the list of services was cut short after 2: ")


def test_a_compressed_body_is_read(tmp_path: Path) -> None:
    many = [f"{number}-{hashlib.sha256(bytes(number)).hexdigest()}" for number in range(9000)]

    def compressed(seen: Seen) -> Reply:
        assert seen.headers["Accept-Encoding"] == "gzip"
        body = gzip.compress(listed(*(service(name) for name in many))[2])
        return 200, {"Content-Encoding": "gzip", "Content-Length": str(len(body))}, body

    with http_server(kubernetes(compressed)) as server:
        (cluster,) = read(tmp_path, {"c": server.url}).clusters
    assert names(cluster) == many


def test_lists_that_are_null_are_empty(tmp_path: Path) -> None:
    with http_server(kubernetes(lambda _: as_json({"items": None, "metadata": {}}))) as server:
        (cluster,) = read(tmp_path, {"c": server.url}).clusters
    assert names(cluster) == []


# -- repeats -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=429, retry_after=0, left=2),
        Fault(status=500, left=1),
        Fault(status=503, left=2),
        Fault(drops=True, left=2),
    ],
    ids=["throttled", "error", "unavailable", "dropped"],
)
def test_passing_trouble_is_lived_through(clusters: dict[str, Served], tmp_path: Path, fault: Fault) -> None:
    one = clusters["one"].cluster
    clusters["one"].call(lambda: one.faults.set("trouble", fault))
    reached = {"server": one.url, "certificate-authority-data": encoded(one.ca_pem)}
    fleet = fleet_of(tmp_path, {"one": (reached, {"token": one.tokens["admin"]})}, quick(workers=1))
    (cluster,) = fleet.read([Query(NAMESPACE)]).clusters
    fleet.close()
    clusters["one"].call(one.faults.clear)
    assert cluster.gaps == ()
    assert "kube-system" in [found.name for found in cluster.objects[NAMESPACE]]


def test_retry_after_is_obeyed(tmp_path: Path) -> None:
    times: list[float] = []

    def busy_once(_: Seen) -> Reply:
        times.append(time.monotonic())
        return listed() if len(times) > 1 else refusal(429, "slow down", Retry_After="1")

    with http_server(kubernetes(busy_once)) as server:
        (cluster,) = read(tmp_path, {"c": server.url}).clusters
    assert cluster.gaps == ()
    assert 1.0 <= times[1] - times[0] < 1.5


def test_no_time_is_wasted_on_a_pause_that_outlasts_the_run(tmp_path: Path) -> None:
    with http_server(kubernetes(lambda _: refusal(429, "slow down", Retry_After="60"))) as server:
        started = time.monotonic()
        (cluster,) = read(tmp_path, {"c": server.url}, settings=quick(timeout=5.0)).clusters
    assert time.monotonic() - started < 2
    assert gap_causes(cluster) == [(SERVICES, Cause.THROTTLED)]


# -- which cluster is it -----------------------------------------------------------------------------------------


def cluster_with(uid: str, answer: Callable[[Seen], Reply]) -> Callable[[Seen], Reply]:
    def reply(seen: Seen) -> Reply:
        if seen.path.endswith("/namespaces/kube-system"):
            return as_json({"metadata": {"name": "kube-system", "uid": uid}}) if uid else refusal(403, "forbidden")
        return answer(seen)

    return reply


def test_contexts_are_merged_by_the_uid_of_kube_system_whatever_their_urls(tmp_path: Path) -> None:
    same = cluster_with("same", lambda _: listed(service("a")))
    with http_server(same) as first, http_server(same) as second, http_server(cluster_with("x", same)) as third:
        found = read(tmp_path, {"a": first.url, "b": third.url, "c": second.url}).clusters
    assert [(cluster.context, cluster.uid, cluster.aliases) for cluster in found] == [
        ("a", "same", ("c",)),
        ("b", "x", ()),
    ]


def test_where_the_uid_is_forbidden_the_server_tells_the_cluster(tmp_path: Path) -> None:
    hidden = cluster_with("", lambda _: listed(service("a")))
    with http_server(hidden) as first, http_server(hidden) as second:
        found = read(tmp_path, {"a": first.url, "b": second.url, "c": first.url}).clusters
    assert [(cluster.context, cluster.uid, cluster.aliases) for cluster in found] == [("a", "", ("c",)), ("b", "", ())]
    assert [names(cluster) for cluster in found] == [["a"], ["a"]]


def test_a_cluster_is_read_through_the_first_of_its_contexts_only(tmp_path: Path) -> None:
    with http_server(cluster_with("u", lambda _: listed())) as server:
        urls = {f"c{number}": f"{server.url}" for number in range(6)}
        (cluster,) = read(tmp_path, urls, settings=quick(workers=1)).clusters
        paths = [seen.path.partition("?")[0] for seen in server.requests]
    assert cluster.aliases == ("c1", "c2", "c3", "c4", "c5")
    assert paths.count(KUBE_SYSTEM) == 6
    assert paths.count("/api/v1/namespaces/shop/services") == 1


def test_a_list_of_all_namespaces_tells_the_cluster_without_another_request(tmp_path: Path) -> None:
    everything = listed(
        {"metadata": {"name": "kube-system", "uid": "same"}}, {"metadata": {"name": "shop", "uid": "s"}}
    )
    with http_server(lambda _: everything) as first, http_server(lambda _: everything) as second:
        found = read(tmp_path, {"a": first.url, "b": second.url}, SERVICES, Query(NAMESPACE)).clusters
        paths = [seen.path.partition("?")[0] for seen in (*first.requests, *second.requests)]
    assert [(cluster.context, cluster.uid, cluster.aliases) for cluster in found] == [("a", "same", ("b",))]
    assert KUBE_SYSTEM not in paths
    assert paths.count("/api/v1/namespaces") == 2


def test_where_that_list_is_refused_the_one_namespace_is_asked_for(tmp_path: Path) -> None:
    def reply(seen: Seen) -> Reply:
        is_list = seen.path.partition("?")[0] == "/api/v1/namespaces"
        return refusal(403, "forbidden") if is_list else listed(service("a"))

    with http_server(cluster_with("same", reply)) as server:
        (cluster,) = read(tmp_path, {"a": server.url}, SERVICES, Query(NAMESPACE)).clusters
    assert cluster.uid == "same"
    assert names(cluster) == ["a"]
    assert gap_causes(cluster) == [(Query(NAMESPACE), Cause.FORBIDDEN)]


def test_a_limited_user_gets_what_it_may_read_and_gaps_for_the_rest(
    clusters: dict[str, Served], tmp_path: Path
) -> None:
    one = clusters["one"].cluster
    rule = {"apiGroups": [""], "resources": ["services"], "verbs": ["get", "list"]}
    token = clusters["one"].call(lambda: one.add_user("limited", [rule], "default"))
    reached = {"server": one.url, "certificate-authority-data": encoded(one.ca_pem)}
    fleet = fleet_of(tmp_path, {"one": (reached, {"token": token})})
    mine, all_pods = Query(SERVICE, "default"), Query(POD)
    (cluster,) = fleet.read([mine, all_pods]).clusters
    fleet.close()
    assert (cluster.uid, cluster.queries) == ("", (mine,))
    assert gap_causes(cluster) == [(all_pods, Cause.FORBIDDEN)]
    assert 'User "limited" cannot list resource "pods"' in cluster.gaps[0].failure.message


# -- connections -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clusters_", "workers", "lanes"), [(1, 64, 4), (4, 64, 4), (8, 64, 2), (20, 64, 1), (100, 64, 1), (3, 1, 1)]
)
def test_idle_workers_read_side_by_side(clusters_: int, workers: int, lanes: int) -> None:
    assert lanes_for(clusters_, workers) == lanes


def test_lanes_that_have_nothing_to_do_help_a_slow_cluster(tmp_path: Path) -> None:
    """Its lists are answered only when four of them are asked for at once."""
    together = threading.Barrier(4)

    def slow(_: Seen) -> Reply:
        together.wait(timeout=8)
        return listed()

    def own(uid: str) -> Reply:
        return as_json({"metadata": {"name": "kube-system", "uid": uid}})

    queries = [Query(SERVICE, f"ns{number}") for number in range(4)]
    with (
        http_server(lambda seen: own("slow") if seen.path.startswith(KUBE_SYSTEM) else slow(seen)) as last,
        http_server(lambda seen: own("quick") if seen.path.startswith(KUBE_SYSTEM) else listed()) as quick_,
    ):
        urls = {"slow": last.url} | {f"quick{number}": quick_.url for number in range(20)}
        snapshot = read(tmp_path, urls, *queries, settings=quick(request_timeout=9.0, timeout=20.0))
    found = next(cluster for cluster in snapshot.clusters if cluster.context == "slow")
    assert (found.uid, found.queries, found.gaps) == ("slow", tuple(queries), ())


def test_the_readings_of_a_lane_share_a_connection(tmp_path: Path) -> None:
    queries = [Query(SERVICE, f"ns{number}") for number in range(8)]
    with http_server(kubernetes(lambda _: listed())) as server:
        read(tmp_path, {"c": server.url}, *queries, settings=quick(workers=1))
        assert len({seen.connection for seen in server.requests}) == 1
        assert len(server.requests) == 9
        read(tmp_path, {"c": server.url}, *queries, settings=quick(workers=8))
        assert len({seen.connection for seen in server.requests[9:]}) <= 4


def test_clusters_of_one_authority_share_a_tls_context(tmp_path: Path) -> None:
    authorities = [Authority(), Authority("other")]
    cas = [encoded(authority.pem) for authority in authorities]
    contexts = {
        f"c{number}": ({"server": "https://127.0.0.1:1", "certificate-authority-data": cas[number % 2]}, TOKEN)
        for number in range(10)
    }
    fleet = fleet_of(tmp_path, contexts)
    fleet.read([SERVICES])
    made = {id(client.connection().pool.connection_pool_kw["ssl_context"]) for client in fleet._clients.values()}
    fleet.close()
    assert len(made) == 2


def test_the_log_tells_every_request_and_no_secret(tmp_path: Path) -> None:
    lines: list[str] = []
    with http_server(kubernetes(lambda _: listed())) as server:
        read(tmp_path, {"c": server.url}, SERVICES, settings=quick(log=lines.append, workers=1))
    assert [line.rpartition(" in ")[0] for line in lines] == [
        "c: GET /api/v1/namespaces/kube-system 200",
        "c: GET /api/v1/namespaces/shop/services?limit=500 200",
    ]
    assert all(line.endswith(" ms") and "s3cret" not in line for line in lines)


def test_a_request_goes_through_the_proxy_with_its_password(tmp_path: Path) -> None:
    with http_server(kubernetes(lambda _: listed(service("a")))) as proxy:
        cluster = {"server": "http://10.9.8.7:1", "proxy-url": proxy.url.replace("//", "//me:pass@")}
        fleet = fleet_of(tmp_path, {"c": (cluster, TOKEN)})
        (found,) = fleet.read([SERVICES]).clusters
        fleet.close()
        assert proxy.requests[0].headers["Proxy-Authorization"] == "Basic bWU6cGFzcw=="
    assert found.gaps == ()
