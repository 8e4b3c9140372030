"""What `route` plans and remarks, in memory: what is wrong, what is doubtful, what is not known."""

from __future__ import annotations

from typing import Any

import pytest
from mesh_cases import fleet_of

from meshglobal.app.picture import MeshSettings
from meshglobal.app.routing import RouteOrder, Routes, plan_routes
from meshglobal.domain.errors import ExitCode
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.route_manifests import mark_of
from meshglobal.domain.route_wish import RouteWish, Weighted

KEY = ServiceKey("bookinfo", "reviews")
HOST = "reviews.bookinfo.mesh.internal"
Obj = dict[str, Any]


def obj(kind: str, namespace: str, name: str, spec: Obj | None = None, **meta: Any) -> Obj:
    return {"kind": kind, "metadata": {"namespace": namespace, "name": name, **meta}, "spec": spec or {}}


def entry(name: str, *ports: tuple[int, str], segment: str = "", domain: str = "mesh.internal") -> Obj:
    spec = {
        "hosts": [f"{name}.bookinfo.{domain}"],
        "ports": [{"number": n, "name": p, "protocol": p} for n, p in ports],
    }
    return obj("ServiceEntry", "istio-system", f"autogen.{segment}bookinfo.{name}", spec)


def namespace(name: str, **labels: str) -> Obj:
    return {"kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def gateway(*listeners: Obj, place: str = "bookinfo", gateway_class: str = "istio", **meta: Any) -> Obj:
    spec = {"gatewayClassName": gateway_class, "listeners": [{"protocol": "HTTP"} | one for one in listeners]}
    return obj("Gateway", place, "edge", spec, **meta)


HTTP = {"name": "http", "port": 80}
BASE = [namespace("istio-system"), namespace("bookinfo", team="shop"), entry("reviews", (9080, "HTTP"))]


def planned(*objects: Obj, mode: str = "print", about: Obj | None = None, **wish: Any) -> Routes:
    clusters = {"c1": {"objects": [*(objects or BASE)], **(about or {})}}
    return plan_routes(fleet_of(clusters), MeshSettings(), RouteOrder(RouteWish(KEY, **wish), mode))


def said(routes: Routes) -> list[tuple[str, str]]:
    return [(one.level.value, one.slug) for one in routes.remarks]


def made(routes: Routes) -> dict[str, Obj]:
    return {f"{one['kind']}/{one['metadata']['name']}": one["spec"] for one in routes.plans[0].objects}


def test_a_gateway_and_a_route_are_made() -> None:
    routes = planned()
    assert said(routes) == []
    assert routes.code is ExitCode.OK
    found = made(routes)
    assert list(found) == ["Gateway/reviews-ingress", "HTTPRoute/reviews"]
    (rule,) = found["HTTPRoute/reviews"]["rules"]
    backend = {"group": "networking.istio.io", "kind": "Hostname", "name": HOST, "port": 9080, "weight": 1}
    assert rule["backendRefs"] == [backend], "R38: a group, and no namespace"
    assert found["HTTPRoute/reviews"]["parentRefs"] == [{"name": "reviews-ingress"}]


def test_a_route_in_the_mesh_hangs_on_the_entry() -> None:
    (spec,) = made(planned(in_mesh=True)).values()
    parent = {"group": "networking.istio.io", "kind": "ServiceEntry", "name": "autogen.bookinfo.reviews"}
    assert spec["parentRefs"] == [parent | {"sectionName": "9080"}]
    assert said(planned(in_mesh=True, path="/api")) == [("warning", "path-alone")]


def test_in_a_segment_host_and_entry_have_its_names() -> None:
    segment = {
        "kind": "Segment",
        "metadata": {"namespace": "istio-system", "name": "acme"},
        "spec": {"domain": "acme.io"},
    }
    labels = {"admin.solo.io/segment": "acme"}
    base = [
        namespace("istio-system", **labels),
        segment,
        entry("reviews", (1, "HTTP"), segment="acme.", domain="acme.io"),
    ]
    (spec,) = made(planned(*base, in_mesh=True)).values()
    assert spec["parentRefs"][0]["name"] == "autogen.acme.bookinfo.reviews"
    assert spec["rules"][0]["backendRefs"][0]["name"] == "reviews.bookinfo.acme.io"
    lost = planned(namespace("istio-system", **labels))
    assert said(lost) == [("unknown", "host-unknown")]
    assert lost.code is ExitCode.CANNOT_CHECK


def test_several_ports_have_a_listener_and_a_route_each() -> None:
    base = [*BASE[:2], entry("reviews", (9080, "HTTP"), (9090, "GRPC"))]
    found = made(planned(*base, ports=(9080, 9090)))
    assert list(found) == ["Gateway/reviews-ingress", "HTTPRoute/reviews-9080", "HTTPRoute/reviews-9090"]
    listeners = found["Gateway/reviews-ingress"]["listeners"]
    assert [(one["name"], one["port"]) for one in listeners] == [("http-9080", 9080), ("http-9090", 9090)]
    assert found["HTTPRoute/reviews-9090"]["parentRefs"] == [{"name": "reviews-ingress", "sectionName": "http-9090"}]


def test_the_first_port_with_http_is_the_usual_one() -> None:
    base = [*BASE[:2], entry("reviews", (5432, "TCP"), (9080, "HTTP2"))]
    assert made(planned(*base))["HTTPRoute/reviews"]["rules"][0]["backendRefs"][0]["port"] == 9080
    assert said(planned(*base, ports=(5432,))) == [("warning", "port-not-http")]
    assert said(planned(*base, ports=(81,))) == [("error", "port-missing")]
    assert said(planned(*BASE[:2], entry("reviews"))) == [("error", "port-missing")]


def test_weights_split_over_hosts_that_must_all_be_there() -> None:
    weights = (Weighted("reviews", 90), Weighted("reviews-v2.bookinfo.mesh.internal", 10))
    routes = planned(*BASE, entry("reviews-v2", (9080, "HTTP")), weights=weights)
    refs = made(routes)["HTTPRoute/reviews"]["rules"][0]["backendRefs"]
    assert [(one["name"], one["weight"]) for one in refs] == [(HOST, 90), ("reviews-v2.bookinfo.mesh.internal", 10)]
    assert said(planned(*BASE, weights=weights)) == [("error", "host-missing")]
    assert said(planned(*BASE, entry("reviews-v2", (80, "HTTP")), weights=weights)) == [("error", "port-missing")]


def test_a_host_without_an_entry_is_an_error_unless_entries_could_not_be_read() -> None:
    routes = planned(*BASE[:2])
    assert (said(routes), made(routes)) == ([("error", "host-missing")], {})
    assert routes.code is ExitCode.FINDINGS
    assert "meshglobal diagnose svc reviews -n bookinfo" in routes.remarks[0].remedy
    near = planned(*BASE[:2], entry("review", (80, "HTTP")))
    assert near.remarks[0].remedy == "did you mean review.bookinfo.mesh.internal?"
    for about in ({"forbidden": ["ServiceEntry"]}, {"unreachable": True}):
        unread = planned(about=about)
        assert said(unread)[0][0] == "unknown"
        assert unread.code is ExitCode.CANNOT_CHECK


@pytest.mark.parametrize(
    ("more", "slug"),
    [
        ([], "gateway-missing"),
        ([gateway()], "listener-missing"),
        ([gateway(HTTP | {"hostname": "other.example"})], "listener-refuses"),
        ([gateway(HTTP, gateway_class="istio-eastwest")], "gateway-for-peers"),
    ],
)
def test_a_gateway_must_be_there_and_admit_the_route(more: list[Obj], slug: str) -> None:
    routes = planned(*BASE, *more, gateway=("bookinfo", "edge"), hostnames=("shop.example",))
    assert said(routes) == [("error", slug)]


def test_a_gateway_of_another_namespace_must_admit_this_one() -> None:
    here = {"gateway": ("infra", "edge")}
    assert said(planned(*BASE, gateway(HTTP, place="infra"), **here)) == [("error", "listener-refuses")]
    selector = {"matchLabels": {"team": "shop"}}
    picky = gateway(HTTP | {"allowedRoutes": {"namespaces": {"from": "Selector", "selector": selector}}}, place="infra")
    routes = planned(*BASE, picky, **here)
    assert said(routes) == []
    assert made(routes)["HTTPRoute/reviews"]["parentRefs"] == [{"name": "edge", "namespace": "infra"}]
    assert said(planned(BASE[0], BASE[2], picky, **here)) == [("unknown", "listener-unclear")]


def test_several_ports_need_listeners_of_their_numbers() -> None:
    base = [*BASE[:2], entry("reviews", (9080, "HTTP"), (80, "HTTP")), gateway(HTTP)]
    assert said(planned(*base, gateway=("bookinfo", "edge"), ports=(80, 9080))) == [("error", "listener-missing")]


def test_what_cannot_be_read_is_not_known() -> None:
    here = {"gateway": ("bookinfo", "edge")}
    assert said(planned(about={"forbidden": ["Gateway"]}, **here)) == [("unknown", "gateways-unread")]
    assert said(planned(about={"forbidden": ["HTTPRoute"]})) == [("unknown", "routes-unread")]
    absent = planned(about={"absent": ["HTTPRoute"]})
    assert said(absent) == [("unknown", "routes-unread")]


def test_a_route_that_comes_first_is_an_error_and_one_that_takes_a_part_a_warning() -> None:
    parents = [{"name": "edge"}]
    same = obj("HTTPRoute", "bookinfo", "a", {"parentRefs": parents}, creationTimestamp="2026-01-01T00:00:00Z")
    match = {"path": {"type": "PathPrefix", "value": "/api"}}
    part = obj("HTTPRoute", "bookinfo", "b", {"parentRefs": parents, "rules": [{"matches": [match]}]})
    same["spec"]["rules"] = [{}]
    routes = planned(*BASE, gateway(HTTP), same, part, gateway=("bookinfo", "edge"))
    assert said(routes) == [("error", "route-loses"), ("warning", "route-loses-some")]
    assert "HTTPRoute bookinfo/b is more specific: it gets requests under /api" in routes.remarks[1].message


def test_a_deletion_takes_what_is_ours_and_leaves_a_gateway_that_others_use() -> None:
    mark = mark_of(KEY)
    ours = obj("HTTPRoute", "bookinfo", "reviews", {"parentRefs": [{"name": "edge"}]}, labels=mark)
    others = obj(
        "HTTPRoute",
        "bookinfo",
        "cart",
        {"parentRefs": [{"name": "edge"}]},
        labels=mark_of(ServiceKey("bookinfo", "cart")),
    )
    in_mesh = obj(
        "HTTPRoute", "bookinfo", "reviews-in-mesh", {"parentRefs": [{"kind": "ServiceEntry", "name": "x"}]}, labels=mark
    )
    owned = gateway(HTTP, labels=mark)
    alone = planned(ours, in_mesh, owned, mode="delete")
    assert list(made_names(alone)) == ["HTTPRoute/reviews", "HTTPRoute/reviews-in-mesh", "Gateway/edge"]
    shared = planned(ours, others, owned, mode="delete")
    assert list(made_names(shared)) == ["HTTPRoute/reviews"]
    assert said(shared) == [("warning", "gateway-stays")]
    assert list(made_names(planned(ours, in_mesh, owned, mode="delete", in_mesh=True))) == ["HTTPRoute/reviews-in-mesh"]
    assert planned(ours, mode="delete", about={"forbidden": ["Gateway"]}).code is ExitCode.CANNOT_CHECK


def made_names(routes: Routes) -> list[str]:
    return [f"{one['kind']}/{one['metadata']['name']}" for one in routes.plans[0].gone]


def test_what_was_made_before_and_is_not_wanted_any_more_goes_and_is_no_rival() -> None:
    mark, parents = mark_of(KEY), [{"name": "reviews-ingress", "sectionName": "http-9090"}]
    old = obj("HTTPRoute", "bookinfo", "reviews-9090", {"parentRefs": parents, "rules": [{}]}, labels=mark)
    in_mesh = obj(
        "HTTPRoute", "bookinfo", "reviews-in-mesh", {"parentRefs": [{"kind": "ServiceEntry", "name": "x"}]}, labels=mark
    )
    own = obj("Gateway", "bookinfo", "reviews-ingress", {"listeners": []}, labels=mark)
    again = planned(*BASE, old, in_mesh, own)
    assert (said(again), made_names(again)) == ([], ["HTTPRoute/reviews-9090"])
    moved = planned(*BASE, old, in_mesh, own, gateway(HTTP), gateway=("bookinfo", "edge"))
    assert (said(moved), made_names(moved)) == ([], ["HTTPRoute/reviews-9090", "Gateway/reviews-ingress"])
    assert made_names(planned(*BASE, old, in_mesh, own, in_mesh=True)) == []
