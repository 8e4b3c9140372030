"""Which of two routes gets a request, as Gateway API orders them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from meshglobal.domain.route_objects import HTTPRoute
from meshglobal.domain.route_rivals import Place, Planned, rivals_of

HERE = Place("Gateway", "shop", "edge")
OLD, NEW = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"


def planned(path: str = "/", *hosts: str, created: str | None = None, place: Place = HERE) -> Planned:
    return Planned("shop", "cart", created, (place,), hosts, path)


def route(*matches: dict[str, Any], hosts: tuple[str, ...] = (), created: str = OLD, **parent: Any) -> HTTPRoute:
    spec: dict[str, Any] = {"parentRefs": [{"name": "edge"} | parent], "hostnames": list(hosts)}
    spec["rules"] = [{"matches": list(matches)}] if matches else [{}]
    meta = {"name": "other", "namespace": "shop", "creationTimestamp": created}
    return msgspec.convert({"metadata": meta, "spec": spec}, HTTPRoute)


def path(value: str, kind: str = "PathPrefix", **more: Any) -> dict[str, Any]:
    return {"path": {"type": kind, "value": value}, **more}


def told(mine: Planned, *others: HTTPRoute) -> list[tuple[bool, str]]:
    return [(one.is_whole, one.what) for one in rivals_of(mine, others)]


@pytest.mark.parametrize("other", [route(), route(path("/")), route(path("/"), path("/"))])
def test_the_same_hosts_and_path_belong_to_who_was_first(other: HTTPRoute) -> None:
    assert told(planned(), other) == [(True, "all requests")]
    assert told(planned(created=NEW), other) == [(True, "all requests")]
    assert told(planned(created="2025-12-01T00:00:00Z"), other) == []


def test_of_the_same_age_the_first_by_name_wins() -> None:
    assert told(planned(created=OLD), route()) == [], "cart comes before other"
    assert told(planned(created=OLD)._replace(name="z"), route()) == [(True, "all requests")]


@pytest.mark.parametrize(
    ("mine", "other", "what"),
    [
        ("/", path("/api"), "requests under /api"),
        ("/", path("/api/"), "requests under /api"),
        ("/", path("/", "Exact"), "requests to /"),
        ("/api", path("/api", "Exact"), "requests to /api"),
        ("/api", path("/api/v1"), "requests under /api/v1"),
        ("/", path("/a.*", "RegularExpression"), "what matches /a.*"),
        ("/", path("/", method="GET"), "those with the method, headers or parameters that it asks for"),
        ("/", path("/", headers=[{"name": "x"}]), "those with the method, headers or parameters that it asks for"),
        ("/", path("/", queryParams=[{"name": "x"}]), "those with the method, headers or parameters that it asks for"),
    ],
)
def test_what_is_more_specific_takes_a_part(mine: str, other: dict[str, Any], what: str) -> None:
    assert told(planned(mine), route(other)) == [(False, what)]


@pytest.mark.parametrize("other", [path("/"), path("/apis"), path("/other"), path("/", "Exact")])
def test_what_is_wider_or_elsewhere_takes_nothing(other: dict[str, Any]) -> None:
    assert told(planned("/api"), route(other)) == []


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ((), ("shop.example.com",), [(False, "requests for shop.example.com")]),
        (("*.example.com",), ("shop.example.com",), [(False, "requests for shop.example.com")]),
        (("*.example.com",), ("*.shop.example.com",), [(False, "requests for *.shop.example.com")]),
        (("shop.example.com",), (), []),
        (("shop.example.com",), ("*.example.com",), []),
        (("shop.example.com",), ("shop.example.org",), []),
        (("a.com", "shop.example.com"), ("shop.example.com",), [(True, "all requests")]),
    ],
)
def test_the_narrower_host_takes_its_requests(
    mine: tuple[str, ...], theirs: tuple[str, ...], expected: list[tuple[bool, str]]
) -> None:
    assert told(planned("/", *mine), route(hosts=theirs)) == expected


@pytest.mark.parametrize(
    "parent",
    [{"name": "else"}, {"namespace": "infra"}, {"sectionName": "https"}, {"kind": "Service", "group": ""}],
    ids=["another Gateway", "another namespace", "another listener", "a Service"],
)
def test_routes_elsewhere_are_no_rivals(parent: dict[str, Any]) -> None:
    assert told(planned(place=HERE.__class__("Gateway", "shop", "edge", "http")), route(**parent)) == []


def test_an_entry_counts_whatever_namespace_the_route_is_in() -> None:
    entry = {"kind": "ServiceEntry", "group": "networking.istio.io", "name": "autogen.shop.cart"}
    place = Place("ServiceEntry", "", "autogen.shop.cart", "80")
    assert told(planned(place=place), route(**entry)) == [(True, "all requests")]
    assert told(planned(place=place), route(**entry, port=80)) == [(True, "all requests")]
    assert told(planned(place=place), route(**entry, sectionName="81")) == []


def test_itself_and_what_is_being_deleted_are_no_rivals() -> None:
    itself = msgspec.structs.replace(route(), metadata=msgspec.structs.replace(route().metadata, name="cart"))
    going = msgspec.structs.replace(route().metadata, deletion_timestamp=NEW)
    assert told(planned(), itself, msgspec.structs.replace(route(), metadata=going)) == []
