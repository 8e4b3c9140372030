"""Who calls, what is called, and what that shows of the path to other clusters."""

from __future__ import annotations

from typing import Any

import pytest
from mesh_cases import fleet_of

from meshglobal.app.picture import MeshSettings, Picture, mesh_queries, picture_of
from meshglobal.domain import kinds
from meshglobal.domain.call import Method
from meshglobal.domain.call_remote import remote_of, why_local_cannot
from meshglobal.domain.call_report import Calls, call_exit_code
from meshglobal.domain.call_source import CallerWish, Source, mesh_labels, source_in
from meshglobal.domain.call_statistics import Figures, ServedBy
from meshglobal.domain.call_target import target_of
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Pod

KEY = ServiceKey("bookinfo", "productpage")
AMBIENT = {"istio.io/dataplane-mode": "ambient"}
ANY = CallerWish("bookinfo")


def system(**labels: str) -> dict[str, Any]:
    return {"kind": "Namespace", "metadata": {"name": "istio-system", "labels": labels}}


def namespace(**labels: str) -> dict[str, Any]:
    return {"kind": "Namespace", "metadata": {"name": "bookinfo", "labels": labels}}


def service(scope: str | None = "global", *ports: dict[str, Any]) -> dict[str, Any]:
    labels = {"solo.io/service-scope": scope} if scope else {}
    spec = {"selector": {"app": "productpage"}, "ports": [*ports] or [{"name": "http", "port": 9080}]}
    return {
        "kind": "Service",
        "metadata": {"name": "productpage", "namespace": "bookinfo", "labels": labels},
        "spec": spec,
    }


def pod(name: str, *images: str, is_ready: bool = True, containers: tuple[str, ...] = ("app",), **labels: str) -> Any:
    pictures = images or ("example.com/app",)
    return {
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "bookinfo", "labels": labels},
        "spec": {"containers": [{"name": one, "image": pictures[0]} for one in containers]},
        "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": str(is_ready)}]},
    }


def slices(*, is_ready: bool) -> dict[str, Any]:
    labels = {"kubernetes.io/service-name": "productpage"}
    endpoints = [{"addresses": ["10.0.0.1"], "conditions": {"ready": is_ready}}]
    metadata = {"name": "productpage-1", "namespace": "bookinfo", "labels": labels}
    return {"kind": "EndpointSlice", "metadata": metadata, "endpoints": endpoints}


def picture(**clusters: Any) -> Picture:
    mesh = MeshSettings()
    queries = mesh_queries(mesh, "bookinfo", (kinds.POD, kinds.ENDPOINT_SLICE))
    return picture_of(fleet_of(clusters).read(queries), mesh)


def chosen(*objects: Any, wish: CallerWish = ANY, found: frozenset[str] | None = None) -> Source | str:
    return source_in(picture(c1=[system(), *objects]).views[0], KEY, wish, found)


def name_of(source: Source | str) -> str | None:
    assert isinstance(source, Source), source
    return source.pod


def test_another_workload_than_the_target_is_preferred() -> None:
    pods = (pod("a", app="productpage"), pod("b", app="ratings"))
    assert name_of(chosen(namespace(**AMBIENT), service(), *pods)) == "b"
    assert name_of(chosen(namespace(**AMBIENT), service(), pods[0])) == "a"


def test_an_image_with_curl_is_preferred() -> None:
    assert name_of(chosen(namespace(**AMBIENT), pod("a"), pod("b", "nicolaka/netshoot:v1"))) == "b"


def test_only_pods_in_the_mesh_are_taken() -> None:
    outside, inside = pod("a", **{"istio.io/dataplane-mode": "none"}), pod("b", **AMBIENT)
    assert name_of(chosen(namespace(), outside, inside, pod("c"))) == "b"
    assert chosen(namespace(), pod("c"), outside) == "none of the 2 ready pods in namespace bookinfo is in the mesh"
    late = pod("d", is_ready=False, **AMBIENT)
    assert chosen(namespace(), late) == "no pod that is there in namespace bookinfo is running and ready"


def test_what_was_asked_for_is_taken_though_outside() -> None:
    plain = pod("c", app="ratings")
    by_name = chosen(namespace(), plain, wish=CallerWish("bookinfo", "c"))
    by_label = chosen(namespace(), plain, wish=CallerWish("bookinfo", selector="app=ratings"), found=frozenset({"c"}))
    assert by_name == by_label == Source(namespace="bookinfo", pod="c", container="app", enrolled=False)
    gone = chosen(namespace(), plain, wish=CallerWish("bookinfo", "x"))
    assert gone == "there is no pod x in namespace bookinfo"


def test_what_could_not_be_read_is_not_known() -> None:
    view = picture(c1={"objects": [system(), pod("a")], "forbidden": ["Pod"]}).views[0]
    assert "could not be read" in str(source_in(view, KEY, ANY, None))
    view = picture(c1={"objects": [system(), pod("a")], "forbidden": ["Namespace"]}).views[0]
    assert source_in(view, KEY, ANY, None) == (
        "none of the 1 ready pods in namespace bookinfo is known to be in the mesh"
    )


def test_the_proxy_is_not_where_curl_is_run() -> None:
    source = chosen(namespace(), pod("a", containers=("istio-proxy", "app")))
    assert isinstance(source, Source)
    assert (source.container, source.enrolled, source.sign) == ("app", True, "container istio-proxy")


def test_a_new_pod_is_in_the_mesh() -> None:
    views = [picture(c1=[system(), one]).views[0] for one in (namespace(), namespace(**AMBIENT))]
    assert [mesh_labels(view, "bookinfo", None) for view in views] == [AMBIENT, {}]
    (like,) = picture(c1=[system(), pod("a", app="x", **AMBIENT)]).views[0].cluster.of(kinds.POD, Pod)
    assert mesh_labels(views[0], "bookinfo", like) == AMBIENT


@pytest.mark.parametrize(
    ("ports", "wanted", "port"),
    [
        ((), None, 9080),
        (({"name": "tcp-x", "port": 1}, {"name": "http-web", "port": 8080}), None, 8080),
        (({"name": "db", "port": 5432},), None, 5432),
        ((), 77, 77),
    ],
)
def test_the_port_is_the_first_that_speaks_http(ports: Any, wanted: int | None, port: int) -> None:
    seen = picture(c1=[system(), namespace(), service("global", *ports)])
    expected = list(seen.expectation.entries["c1"].values())
    assert target_of(seen.views[0], seen.views, KEY, expected, wanted) == ("productpage.bookinfo.mesh.internal", port)


def test_of_several_hosts_that_of_the_own_domain_is_called() -> None:
    acme = {
        "kind": "Segment",
        "metadata": {"name": "acme", "namespace": "istio-system"},
        "spec": {"domain": "mesh.acme"},
    }
    one = [system(**{"admin.solo.io/segment": "acme"}), acme, namespace(), service()]
    seen = picture(c1=one, c2=[system(), acme, namespace(), service()])
    hosts = {}
    for view in seen.views:
        expected = list(seen.expectation.entries[view.context].values())
        assert len(expected) == 2
        hosts[view.context] = target_of(view, seen.views, KEY, expected, None)[0]
    assert hosts == {"c1": "productpage.bookinfo.mesh.acme", "c2": "productpage.bookinfo.mesh.internal"}


def test_without_a_domain_there_is_no_host() -> None:
    seen = picture(c1=[system(**{"admin.solo.io/segment": "nosuch"}), namespace(), service()])
    assert "its domain is not known" in str(target_of(seen.views[0], seen.views, KEY, [], None))


def figures(good: int = 0, **by: int) -> Figures:
    served = tuple(
        ServedBy(name=name, count=count, context=None if name == "x" else name) for name, count in by.items()
    )
    return Figures(ended=10, good=good, served_by=served)


@pytest.mark.parametrize(
    ("seen", "why", "shown"),
    [
        (figures(10, c1=9, c2=1), "", "yes"),
        (figures(10, c1=10), "", "unknown"),
        (figures(10, x=10), "", "unknown"),
        (figures(10, c1=5, x=5), "", "unknown"),
        (figures(0), "", "unknown"),
        (figures(10, x=10), "c1 does not publish it", "yes"),
        (figures(0), "c1 has no ready endpoint", "no"),
    ],
)
def test_the_path_is_shown_or_not_or_it_cannot_be_told(seen: Figures, why: str, shown: str) -> None:
    found = remote_of("c1", seen, why)
    assert found.shown == shown
    assert found.reason


@pytest.mark.parametrize(
    ("own", "why"),
    [
        ([service(), slices(is_ready=True)], ""),
        ([service(), slices(is_ready=False)], "c1 has no ready endpoint"),
        ([service(None), slices(is_ready=True)], "c1 does not publish it"),
        ([], "c1 does not publish it"),
        ({"objects": [service(), slices(is_ready=False)], "forbidden": ["EndpointSlice"]}, ""),
        ({"objects": [], "forbidden": ["Service"]}, ""),
    ],
)
def test_when_a_cluster_cannot_have_answered_itself(own: Any, why: str) -> None:
    body = own if isinstance(own, dict) else {"objects": own}
    objects = [system(), namespace(), *body["objects"]]
    seen = picture(c1=body | {"objects": objects}, c2=[system(), namespace(), service(), slices(is_ready=True)])
    expected = list(seen.expectation.entries["c1"].values())
    assert why_local_cannot(seen.views[0], KEY, expected) == why


def test_findings_come_before_what_could_not_be_called() -> None:
    unable = Calls(context="c1", failure=failure(Cause.NOT_FOUND, "nobody", "c1"))
    fine = Calls(context="c2", method=Method.EXEC, figures=figures(10))
    no, unknown = (Calls(context="c3", remote=remote_of("c3", figures(0), why)) for why in ("c3 has none", ""))
    assert [int(call_exit_code(some, [])) for some in ([fine], [fine, unable], [unknown], [no, unable], [])] == [
        0,
        3,
        3,
        1,
        3,
    ]
