"""How routes fare, from the status of Gateways and HTTPRoutes."""

from __future__ import annotations

from typing import Any

import pytest
from mesh_cases import fleet_of

from meshglobal.domain import kinds
from meshglobal.domain.kinds import Kind
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.object_plan import ObjectResult, ObjectStep
from meshglobal.domain.plan import Status
from meshglobal.domain.route_manifests import mark_of
from meshglobal.domain.route_remarks import Remarks
from meshglobal.domain.route_state import addresses, tell_false_alarms, why_not_ready
from meshglobal.domain.route_wish import RouteWish
from meshglobal.domain.snapshot import Query
from meshglobal.domain.view import ClusterView, view_of

KEY = ServiceKey("shop", "cart")
WISH = RouteWish(KEY, gateway=("shop", "edge"), path="/x")
HOST = "cart.shop.mesh.internal"
Obj = dict[str, Any]


def seen(*objects: Obj) -> ClusterView:
    read = [Query(kind) for kind in (kinds.GATEWAY, kinds.HTTP_ROUTE, kinds.SERVICE_ENTRY)]
    (cluster,) = fleet_of({"c1": list(objects)}).read(read).clusters
    return view_of(cluster, "istio-system")


def gateway(*conditions: Obj, listeners: tuple[Obj, ...] = (), given: tuple[str, ...] = (), **annotations: str) -> Obj:
    meta = {"namespace": "shop", "name": "edge", "annotations": annotations}
    status = {"conditions": list(conditions), "addresses": [{"value": one} for one in given]}
    return {"kind": "Gateway", "metadata": meta, "spec": {"listeners": list(listeners)}, "status": status}


def route(*conditions: Obj, host: str = HOST) -> Obj:
    meta = {"namespace": "shop", "name": "cart", "labels": mark_of(KEY)}
    spec = {"rules": [{"backendRefs": [{"kind": "Hostname", "group": "networking.istio.io", "name": host}]}]}
    status = {"parents": [{"conditions": list(conditions)}]} if conditions else {}
    return {"kind": "HTTPRoute", "metadata": meta, "spec": spec, "status": status}


def condition(kind: str, status: str = "True", reason: str = "Why", generation: int | None = None) -> Obj:
    said = {"type": kind, "status": status, "reason": reason, "message": "because"}
    return said | ({"observedGeneration": generation} if generation is not None else {})


def written(kind: Kind, name: str, generation: int = 2) -> ObjectResult:
    step = ObjectStep("c1", kind, "shop", name, mark_of(KEY), {"kind": kind.name})
    return ObjectResult(step, Status.CHANGED, after={"metadata": {"generation": generation}})


EDGE, CART = written(kinds.GATEWAY, "edge"), written(kinds.HTTP_ROUTE, "cart")


@pytest.mark.parametrize(
    ("objects", "why"),
    [
        ([gateway(condition("Programmed")), route(condition("Accepted"))], ""),
        ([gateway(condition("Programmed", generation=2)), route(condition("Accepted", generation=3))], ""),
        (
            [gateway(condition("Programmed", generation=1))],
            "Gateway shop/edge: no controller has said that it is programmed",
        ),
        ([], "Gateway shop/edge: no controller has said that it is programmed"),
        (
            [gateway(condition("Programmed", "False", "AddressNotAssigned"))],
            "Gateway shop/edge: Programmed is False: AddressNotAssigned, because",
        ),
        ([gateway(condition("Programmed"))], "HTTPRoute shop/cart: no controller has said anything about it"),
        (
            [gateway(condition("Programmed")), route(condition("Accepted", "False", "NotAllowedByListeners"))],
            "HTTPRoute shop/cart: Accepted is False: NotAllowedByListeners, because",
        ),
        (
            [gateway(condition("Programmed")), route(condition("Accepted", generation=1))],
            "HTTPRoute shop/cart: no controller has said that it is accepted",
        ),
    ],
)
def test_it_works_once_everybody_says_so_of_what_was_written(objects: list[Obj], why: str) -> None:
    assert why_not_ready(seen(*objects), [EDGE, CART]) == why


def test_what_was_written_elsewhere_or_taken_away_is_not_waited_for() -> None:
    elsewhere = ObjectResult(EDGE.step._replace(context="c2"), Status.CHANGED)
    gone = ObjectResult(CART.step._replace(wanted=None), Status.CHANGED)
    assert why_not_ready(seen(), [elsewhere, gone]) == ""


HTTP, HTTPS, TLS = (
    {"name": "web", "port": 80, "protocol": "HTTP"},
    {"name": "safe", "port": 8443, "protocol": "HTTPS"},
    {"name": "raw", "port": 9, "protocol": "TLS"},
)


def told(found: Obj, **parent: str) -> list[str]:
    return list(
        addresses(seen(found), WISH, [{"kind": "HTTPRoute", "spec": {"parentRefs": [{"name": "edge"} | parent]}}])
    )


def test_addresses_come_from_the_gateways_status() -> None:
    found = gateway(listeners=(HTTP, HTTPS, TLS), given=("192.0.2.1", "2001:db8::1", "lb.example"))
    hosts = ("192.0.2.1", "[2001:db8::1]", "lb.example")
    assert told(found) == [*(f"http://{one}/x" for one in hosts), *(f"https://{one}:8443/x" for one in hosts)]
    assert told(found, sectionName="web") == [f"http://{one}/x" for one in hosts]
    assert told(gateway(listeners=(HTTP,))) == []


def test_an_annotation_may_say_where_listeners_really_are() -> None:
    listens = {"meshglobal.dev/listens-at": "web=127.0.0.1:4000,safe=127.0.0.1:4001"}
    found = gateway(listeners=(HTTP, HTTPS), given=("192.0.2.1",), **listens)
    assert told(found) == ["http://127.0.0.1:4000/x", "https://127.0.0.1:4001/x"]


def test_a_false_alarm_is_one_where_every_host_has_its_entry() -> None:
    alarm = condition("ResolvedRefs", "False", "BackendNotFound")
    meta = {"namespace": "istio-system", "name": "autogen.shop.cart"}
    entry = {"kind": "ServiceEntry", "metadata": meta, "spec": {"hosts": [HOST]}}
    for objects, slugs in (
        ([route(alarm), entry], ["false-alarm"]),
        ([route(alarm)], []),
        ([route(alarm, host="other.shop.mesh.internal"), entry], []),
        ([route(condition("ResolvedRefs")), entry], []),
    ):
        said = Remarks("c1")
        tell_false_alarms(seen(*objects), KEY, said)
        assert [one.slug for one in said.said] == slugs
