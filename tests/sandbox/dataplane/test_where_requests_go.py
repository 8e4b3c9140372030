"""Requests between pods of two clusters, through real Envoys."""

from __future__ import annotations

import math

import pytest
from calling import SERVICES, Calling

from meshglobal.sandbox.dataplane.answers import Answer, NotResolved, Refused

GLOBAL = "http://productpage.bookinfo.mesh.internal:9080/health"
LOCAL = "http://productpage:9080/health"
ONE, TWO = "cluster1", "cluster2"


def test_the_page_asks_the_other_services_of_its_own_cluster(bookinfo: Calling) -> None:
    answer = bookinfo.get(bookinfo.pod(TWO, "ratings"), "http://productpage:9080/productpage")
    assert isinstance(answer, Answer)
    page = answer.body.decode()
    assert answer.status == 200
    assert "<title>Simple Bookstore App</title>" in page
    assert "William Shakespeare" in page
    assert "Reviews served by: reviews-v" in page
    assert "cluster1" not in page
    assert answer.header("x-served-by-pod") == bookinfo.pod(TWO, "productpage").pod


def test_the_later_reviews_show_stars_and_the_first_does_not(bookinfo: Calling) -> None:
    for version in ("reviews-v1", "reviews-v2"):
        bookinfo.scale(ONE, version, 0)
    red = bookinfo.get(bookinfo.pod(ONE, "ratings"), "http://reviews:9080/reviews/0")
    assert isinstance(red, Answer)
    assert b'"color": "red"' in red.body
    bookinfo.scale(ONE, "ratings-v1", 0)
    without = bookinfo.get(bookinfo.pod(ONE, "details"), "http://reviews:9080/reviews/0")
    assert isinstance(without, Answer)
    assert b"Ratings service is currently unavailable" in without.body


@pytest.mark.parametrize(
    "name",
    [
        "productpage",
        "productpage.bookinfo",
        "productpage.bookinfo.svc",
        "productpage.bookinfo.svc.cluster.local",
        "PRODUCTPAGE.bookinfo.svc.cluster.local.",
    ],
)
def test_every_cluster_local_name_leads_to_the_own_cluster(bookinfo: Calling, name: str) -> None:
    bookinfo.publish("productpage", ONE, TWO, mode="Any")
    found = bookinfo.served_by(bookinfo.pod(TWO, "ratings"), f"http://{name}:9080/health", 10)
    assert found == {TWO: 10}


def test_a_global_host_prefers_the_callers_own_network(bookinfo: Calling) -> None:
    bookinfo.publish("productpage", ONE, TWO)
    for cluster in (ONE, TWO):
        assert bookinfo.served_by(bookinfo.pod(cluster, "ratings"), GLOBAL, 50) == {cluster: 50}


def test_any_splits_over_the_clusters(bookinfo: Calling) -> None:
    bookinfo.publish("productpage", ONE, TWO, mode="Any")
    found = bookinfo.served_by(bookinfo.pod(ONE, "ratings"), GLOBAL, 200)
    assert set(found) == {ONE, TWO}
    assert abs(found[ONE] - 100) < 4 * math.sqrt(200) / 2


def test_each_callers_cluster_follows_the_mode_on_its_own_service(bookinfo: Calling) -> None:
    bookinfo.publish("productpage", ONE, mode="Any")
    bookinfo.publish("productpage", TWO)
    assert set(bookinfo.served_by(bookinfo.pod(ONE, "ratings"), GLOBAL, 40)) == {ONE, TWO}
    assert bookinfo.served_by(bookinfo.pod(TWO, "ratings"), GLOBAL, 40) == {TWO: 40}


def test_the_other_cluster_serves_where_the_own_copy_is_gone(bookinfo: Calling) -> None:
    bookinfo.publish("productpage", ONE, TWO)
    caller = bookinfo.pod(ONE, "ratings")
    bookinfo.scale(ONE, "productpage-v1", 0)
    assert bookinfo.served_by(caller, GLOBAL, 20) == {TWO: 20}
    bookinfo.scale(TWO, "productpage-v1", 0)
    answer = bookinfo.get(caller, GLOBAL)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body) == (503, b"no healthy upstream")
    bookinfo.scale(ONE, "productpage-v1", 2)
    assert bookinfo.served_by(caller, GLOBAL, 20) == {ONE: 20}


def test_no_request_is_lost_while_copies_come_and_go(bookinfo: Calling) -> None:
    bookinfo.publish("productpage", ONE, TWO)

    def come_and_go() -> None:
        for replicas in (0, 2, 1, 0, 1):
            bookinfo.scale(ONE, "productpage-v1", replicas)

    found = bookinfo.while_calling(bookinfo.pod(ONE, "ratings"), GLOBAL, come_and_go)
    assert set(found) == {ONE, TWO}


def test_pages_stay_whole_while_everything_behind_them_comes_and_goes(bookinfo: Calling) -> None:
    services = ("productpage", "details", "reviews", "ratings")
    for each in services:
        bookinfo.publish(each, ONE, TWO, takeover=True)

    def come_and_go() -> None:
        for replicas in (2, 0, 1):
            for deployment in ("details-v1", "productpage-v1", "reviews-v1", "reviews-v2", "reviews-v3"):
                bookinfo.scale(ONE, deployment, replicas)

    page = GLOBAL.replace("/health", "/productpage")
    found = bookinfo.while_calling(bookinfo.pod(ONE, "ratings"), page, come_and_go, b"Reviews served by")
    assert set(found) == {ONE, TWO}


def test_a_pod_that_is_not_ready_gets_nothing(bookinfo: Calling) -> None:
    bookinfo.publish("productpage", ONE, TWO)
    pod = bookinfo.pod(ONE, "productpage")

    def unready() -> None:
        client = bookinfo.client(ONE)
        found = client.get("pods", pod.namespace, pod.pod)
        assert found is not None
        conditions = [
            each | {"status": "False"} if each["type"] == "Ready" else each for each in found["status"]["conditions"]
        ]
        client.replace("pods", found | {"status": found["status"] | {"conditions": conditions}}, "status")

    bookinfo.mesh.call(unready)
    bookinfo.settle()
    assert bookinfo.served_by(bookinfo.pod(ONE, "ratings"), GLOBAL, 10) == {TWO: 10}
    bookinfo.scale(ONE, "productpage-v1", 0)


def test_an_unlabelled_local_service_is_not_part_of_the_global_one(bookinfo: Calling) -> None:
    bookinfo.publish("productpage", TWO, mode="Any")
    assert bookinfo.served_by(bookinfo.pod(ONE, "ratings"), GLOBAL, 20) == {TWO: 20}
    assert bookinfo.served_by(bookinfo.pod(ONE, "ratings"), LOCAL, 5) == {ONE: 5}


def test_takeover_sends_the_cluster_local_name_where_the_global_host_leads(bookinfo: Calling) -> None:
    bookinfo.publish("productpage", ONE, TWO, mode="Any", takeover=True)
    caller = bookinfo.pod(ONE, "ratings")
    assert set(bookinfo.served_by(caller, LOCAL, 40)) == {ONE, TWO}
    bookinfo.scale(ONE, "productpage-v1", 0)
    assert bookinfo.served_by(caller, LOCAL, 10) == {TWO: 10}


def test_takeover_by_a_peer_alone_makes_the_cluster_local_name_known(bookinfo: Calling) -> None:
    bookinfo.publish("details", TWO, takeover=True)

    def without_service() -> dict[str, object]:
        client = bookinfo.client(ONE)
        found = client.get(SERVICES, "bookinfo", "details")
        assert found is not None
        client.delete(SERVICES, "bookinfo", "details")
        return found

    removed = bookinfo.mesh.call(without_service)
    bookinfo.settle()
    try:
        assert bookinfo.served_by(bookinfo.pod(ONE, "ratings"), "http://details:9080/health", 5) == {TWO: 5}
    finally:
        bookinfo.mesh.call(lambda: bookinfo.client(ONE).create(SERVICES, _fresh(removed)))
        bookinfo.settle()


def _fresh(service: dict[str, object]) -> dict[str, object]:
    meta, spec = service["metadata"], service["spec"]
    assert isinstance(meta, dict)
    assert isinstance(spec, dict)
    kept = {key: meta[key] for key in ("name", "namespace", "labels")}
    return {"metadata": kept, "spec": {key: spec[key] for key in ("ports", "selector")}}


def test_names_that_do_not_exist_are_not_resolved(bookinfo: Calling) -> None:
    caller = bookinfo.pod(ONE, "ratings")
    for host in ("nobody", "productpage.bookinfo.mesh.internal", "productpage.default", "example.com"):
        assert isinstance(bookinfo.resolve(caller, host, 9080), NotResolved), host


def test_a_global_host_goes_with_its_entry(bookinfo: Calling) -> None:
    caller = bookinfo.pod(ONE, "ratings")
    bookinfo.publish("productpage", ONE, TWO)
    assert isinstance(bookinfo.get(caller, GLOBAL), Answer)
    bookinfo.withdraw("productpage", ONE, TWO)
    assert bookinfo.get(caller, GLOBAL) == NotResolved("productpage.bookinfo.mesh.internal")


def test_a_hand_written_entry_does_not_take_a_generated_ones_host(bookinfo: Calling) -> None:
    kind, host = "serviceentries.networking.istio.io", "productpage.bookinfo.mesh.internal"
    own = "elsewhere.example"
    spec = {
        "hosts": [host, own],
        "ports": [{"number": 9080, "name": "http", "protocol": "HTTP"}],
        "resolution": "STATIC",
    }
    entry = {"metadata": {"namespace": "bookinfo", "name": "a"}, "spec": spec}
    caller = bookinfo.pod(ONE, "ratings")
    bookinfo.mesh.call(lambda: bookinfo.client(ONE).create(kind, entry))
    try:
        bookinfo.publish("productpage", ONE, TWO)
        assert bookinfo.served_by(caller, GLOBAL, 5) == {ONE: 5}
        answer = bookinfo.get(caller, f"http://{own}:9080/")
        assert isinstance(answer, Answer)
        assert (answer.status, answer.body) == (503, b"no healthy upstream")
    finally:
        bookinfo.mesh.call(lambda: bookinfo.client(ONE).delete(kind, "bookinfo", "a"))
        bookinfo.settle()


def test_in_a_segment_the_host_is_the_segments(bookinfo: Calling) -> None:
    kind, label = "segments.admin.solo.io", "admin.solo.io/segment"
    bookinfo.publish("productpage", ONE, TWO, mode="Any", takeover=True)
    segment = {"metadata": {"namespace": "istio-system", "name": "acquired"}, "spec": {"domain": "mesh.acquired"}}
    for cluster in (ONE, TWO):
        bookinfo.mesh.call(lambda name=cluster: bookinfo.client(name).create(kind, segment))
        bookinfo.mark(cluster, "namespaces", "istio-system", "", labels={label: "acquired"})
    caller = bookinfo.pod(ONE, "ratings")
    try:
        moved = "http://productpage.bookinfo.mesh.acquired:9080/health"
        assert set(bookinfo.served_by(caller, moved, 20)) == {ONE, TWO}
        assert set(bookinfo.served_by(caller, LOCAL, 20)) == {ONE, TWO}, "taken over inside the segment"
        assert isinstance(bookinfo.get(caller, GLOBAL), NotResolved)
    finally:
        for cluster in (ONE, TWO):
            bookinfo.mark(cluster, "namespaces", "istio-system", "", labels={label: None})
            bookinfo.mesh.call(lambda name=cluster: bookinfo.client(name).delete(kind, "istio-system", "acquired"))
        bookinfo.settle()
    assert isinstance(bookinfo.get(caller, GLOBAL), Answer)


def test_a_caller_outside_the_mesh_knows_cluster_local_names_alone(bookinfo: Calling) -> None:
    bookinfo.publish("productpage", ONE, TWO, mode="Any", takeover=True)
    caller = bookinfo.pod(ONE, "ratings")
    bookinfo.mark(ONE, "pods", caller.pod, labels={"istio.io/dataplane-mode": "none"})
    try:
        assert isinstance(bookinfo.get(caller, GLOBAL), NotResolved)
        assert bookinfo.served_by(caller, LOCAL, 20) == {ONE: 20}, "takeover is the mesh's doing"
    finally:
        bookinfo.mark(ONE, "pods", caller.pod, labels={"istio.io/dataplane-mode": None})
    assert isinstance(bookinfo.get(caller, GLOBAL), Answer)


def test_a_server_outside_the_mesh_is_reached_in_its_own_cluster_only(bookinfo: Calling) -> None:
    bookinfo.publish("productpage", ONE, TWO)
    server = bookinfo.pod(ONE, "productpage")
    bookinfo.mark(ONE, "pods", server.pod, labels={"istio.io/dataplane-mode": "none"})
    try:
        assert bookinfo.served_by(bookinfo.pod(ONE, "ratings"), GLOBAL, 5) == {ONE: 5}
        bookinfo.scale(TWO, "productpage-v1", 0)
        answer = bookinfo.get(bookinfo.pod(TWO, "ratings"), GLOBAL)
        assert isinstance(answer, Answer)
        assert answer.status == 503
    finally:
        bookinfo.mark(ONE, "pods", server.pod, labels={"istio.io/dataplane-mode": None})


def test_ports_that_are_not_there_are_refused(bookinfo: Calling) -> None:
    caller = bookinfo.pod(ONE, "ratings")
    assert isinstance(bookinfo.get(caller, "http://productpage/health"), Refused)
    assert isinstance(bookinfo.get(caller, "http://productpage:9081/health"), Refused)


def test_addresses_lead_to_pods_and_services(bookinfo: Calling) -> None:
    caller = bookinfo.pod(ONE, "ratings")
    service = bookinfo.mesh.get(ONE, SERVICES, "bookinfo", "productpage")
    pod = bookinfo.mesh.get(ONE, "pods", "bookinfo", bookinfo.pod(ONE, "productpage").pod)
    for address in (service["spec"]["clusterIP"], pod["status"]["podIP"]):
        assert bookinfo.served_by(caller, f"http://{address}:9080/health", 3) == {ONE: 3}
    assert isinstance(bookinfo.get(caller, f"http://{pod['status']['podIP']}:9081/health"), Refused)
    assert isinstance(bookinfo.get(caller, "http://10.99.99.99:9080/health"), Refused)
    own = bookinfo.get(caller, "http://localhost:9080/health")
    assert isinstance(own, Answer)
    assert b"Ratings is healthy" in own.body


def test_a_pod_that_does_not_run_cannot_call(bookinfo: Calling) -> None:
    caller = bookinfo.pod(ONE, "ratings")
    with pytest.raises(LookupError, match="cluster1: pod bookinfo/nobody does not run"):
        bookinfo.resolve(caller._replace(pod="nobody"), "productpage", 9080)
