"""Which listeners admit a route."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from meshglobal.domain.listeners import Guest, common_hosts, selects, why_refused
from meshglobal.domain.objects import Gateway, LabelSelector

LABELS = {"team": "shop", "kubernetes.io/metadata.name": "shop"}


def refusal(guest: Guest, namespace: str = "infra", **listener: Any) -> str | None:
    body = {
        "metadata": {"name": "edge", "namespace": namespace},
        "spec": {"listeners": [{"protocol": "HTTP"} | listener]},
    }
    gateway = msgspec.convert(body, Gateway)
    (found,) = gateway.spec.listeners or ()
    return why_refused(found, gateway, guest)


def allowed(origin: str, selector: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "allowedRoutes": {"namespaces": {"from": origin} | ({"selector": selector} if selector is not None else {})}
    }


GUEST = Guest("shop", LABELS, ())


def test_by_default_routes_come_from_the_same_namespace() -> None:
    assert refusal(GUEST) == "admits only routes of its own namespace infra"
    assert refusal(GUEST, "shop") == ""
    assert refusal(GUEST, "shop", **allowed("Same")) == ""
    assert refusal(GUEST, **allowed("All")) == ""


@pytest.mark.parametrize(
    ("selector", "is_admitted"),
    [
        ({"matchLabels": {"team": "shop"}}, True),
        ({"matchLabels": {"team": "x"}}, False),
        ({"matchLabels": {"kubernetes.io/metadata.name": "shop"}}, True),
        ({}, True),
        (None, False),
        ({"matchExpressions": [{"key": "team", "operator": "In", "values": ["a", "shop"]}]}, True),
        ({"matchExpressions": [{"key": "team", "operator": "NotIn", "values": ["shop"]}]}, False),
        ({"matchExpressions": [{"key": "none", "operator": "NotIn", "values": ["shop"]}]}, True),
        ({"matchExpressions": [{"key": "team", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "team", "operator": "DoesNotExist"}]}, False),
        ({"matchLabels": {"team": "shop"}, "matchExpressions": [{"key": "x", "operator": "Exists"}]}, False),
    ],
)
def test_a_selector_looks_at_the_namespaces_labels(selector: dict[str, Any] | None, is_admitted: bool) -> None:  # noqa: FBT001 - a column of the table
    assert (refusal(GUEST, **allowed("Selector", selector)) == "") is is_admitted


def test_without_the_labels_it_is_not_known() -> None:
    assert refusal(Guest("shop", None, ()), **allowed("Selector", {"matchLabels": {"a": "b"}})) is None
    assert refusal(Guest("shop", None, ()), **allowed("All")) == ""


def test_an_empty_selector_selects_all_and_none_at_all_nothing() -> None:
    assert selects(LabelSelector(), {})
    assert not selects(None, {})


def test_only_http_carries_http_routes() -> None:
    assert refusal(GUEST, "shop", protocol="HBONE") == "speaks HBONE"
    assert refusal(GUEST, "shop", protocol="HTTPS") == ""
    kinds = {"allowedRoutes": {"kinds": [{"kind": "GRPCRoute"}]}}
    assert refusal(GUEST, "shop", **kinds) == "admits GRPCRoute alone"


def test_hosts_must_have_something_in_common() -> None:
    guest = Guest("shop", LABELS, ("shop.example.com",))
    assert refusal(guest, "shop", hostname="*.example.com") == ""
    assert refusal(guest, "shop", hostname="*.example.org") == "is for *.example.org alone"
    assert refusal(guest, "shop") == ""


@pytest.mark.parametrize(
    ("one", "others", "common"),
    [
        (None, (), ("*",)),
        ("a.b", (), ("a.b",)),
        (None, ("a.b", "c.d"), ("a.b", "c.d")),
        ("*.b", ("a.b", "c.d", "*.a.b"), ("a.b", "*.a.b")),
        ("a.b", ("*.b",), ("a.b",)),
        ("*.b", ("b",), ()),
    ],
)
def test_common_hosts(one: str | None, others: tuple[str, ...], common: tuple[str, ...]) -> None:
    assert common_hosts(one, others) == common
