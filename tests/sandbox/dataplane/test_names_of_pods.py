"""How a pod's names are completed, and who finds what in a directory."""

from __future__ import annotations

import pytest

from meshglobal.sandbox.dataplane.directory import Caller, Directory, Host, Port, candidates
from meshglobal.sandbox.dataplane.observed import Locality

EU, US = Locality("eu"), Locality("us")
INSIDE = Caller("shop", is_enrolled=True, locality=EU, address="10.0.0.1", server=None)
OUTSIDE = INSIDE._replace(is_enrolled=False)


def test_names_with_few_dots_are_searched_below_the_namespace_first() -> None:
    assert candidates("cart", "shop")[0] == "cart.shop.svc.cluster.local"
    assert candidates("cart.shop.mesh.internal", "shop")[-1] == "cart.shop.mesh.internal"


def test_names_with_many_dots_are_taken_as_they_are_first() -> None:
    assert candidates("a.b.c.d.e.f", "shop")[0] == "a.b.c.d.e.f"


def test_a_name_that_ends_in_a_dot_is_whole() -> None:
    assert candidates("Cart.Shop.svc.cluster.local.", "other") == ["cart.shop.svc.cluster.local"]


def host(name: str, address: str = "10.96.0.9", alias_of: str = "") -> Host:
    return Host(name, address, {80: Port({EU: f"{name}/80", US: f"{name}/80@1"})}, alias_of)


CART, GLOBAL = host("cart.shop.svc.cluster.local"), host("cart.shop.mesh.internal", "240.240.0.1")
ALIAS = host("old.shop.svc.cluster.local", "", CART.name)
AWAY = host("away.shop.svc.cluster.local", "", "www.example.com")
OWN = {each.name: each for each in (CART, ALIAS, AWAY)}
DIRECTORY = Directory({}, OWN, OWN | {GLOBAL.name: GLOBAL})


@pytest.mark.parametrize(
    ("caller", "name", "found"),
    [
        (INSIDE, "cart", CART),
        (OUTSIDE, "cart.shop.svc", CART),
        (INSIDE, "cart.shop.mesh.internal", GLOBAL),
        (OUTSIDE, "cart.shop.mesh.internal", None),
        (INSIDE._replace(namespace="other"), "cart", None),
        (INSIDE, "old", CART),
        (INSIDE, "away", None),
    ],
)
def test_who_finds_what(caller: Caller, name: str, found: Host | None) -> None:
    assert DIRECTORY.find(caller, name) == found


def test_virtual_addresses_of_the_mesh_are_known_in_the_mesh_alone() -> None:
    assert DIRECTORY.at_address(INSIDE, "240.240.0.1") == GLOBAL
    assert DIRECTORY.at_address(OUTSIDE, "240.240.0.1") is None


def test_callers_of_each_locality_have_their_own_pool() -> None:
    port = CART.ports[80]
    assert [port.pool_for(each) for each in (EU, US)] == [f"{CART.name}/80", f"{CART.name}/80@1"]
    assert port.pool_for(Locality("nowhere")) == f"{CART.name}/80"
