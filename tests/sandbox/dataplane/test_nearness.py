"""Which endpoints come first: the modes of distribution, on meshes made of plain objects."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.sandbox.dataplane.distribution import Candidate, Spot, tiers
from meshglobal.sandbox.dataplane.observed import Locality
from meshglobal.sandbox.dataplane.pools import Endpoint

HERE = Spot("one", Locality("eu", "a", "1"))
PLACES = {
    "same spot": HERE,
    "other zone": Spot("one", Locality("eu", "b")),
    "other region": Spot("one", Locality("us", "a")),
    "other network, same spot": Spot("two", Locality("eu", "a", "1")),
    "other network, other region": Spot("two", Locality("us", "c")),
}
PORTS = {name: number for number, name in enumerate(PLACES, start=1)}
NAMES = {number: name for name, number in PORTS.items()}


def candidates(names: Sequence[str]) -> list[Candidate]:
    return [Candidate(Endpoint("127.0.0.1", PORTS[name]), PLACES[name]) for name in names]


def named(mode: str, names: Sequence[str] = tuple(PLACES)) -> list[set[str]]:
    return [{NAMES[each.port] for each in tier} for tier in tiers(mode, HERE, candidates(names))]


def test_any_makes_no_difference() -> None:
    assert named("Any") == [set(PLACES)]


def test_an_unknown_mode_means_any() -> None:
    assert named("PreferZone") == [set(PLACES)]


@pytest.mark.parametrize("mode", ["PreferNetwork", "prefernetwork"])
def test_prefer_network_looks_at_the_network_alone_and_not_at_its_spelling(mode: str) -> None:
    assert named(mode) == [
        {"same spot", "other zone", "other region"},
        {"other network, same spot", "other network, other region"},
    ]


@pytest.mark.parametrize("mode", ["PreferClose", "PreferSameZone"])
def test_prefer_close_goes_by_network_then_region_then_zone(mode: str) -> None:
    assert named(mode) == [
        {"same spot"},
        {"other zone"},
        {"other region"},
        {"other network, same spot", "other network, other region"},
    ]


def test_prefer_region_does_not_look_at_the_network() -> None:
    assert named("PreferRegion") == [
        {"same spot", "other zone", "other network, same spot"},
        {"other region", "other network, other region"},
    ]


@given(st.sampled_from(["Any", "PreferNetwork", "PreferClose", "PreferRegion"]), st.permutations(list(PLACES)))
def test_order_and_mode_lose_nobody(mode: str, order: list[str]) -> None:
    found = named(mode, order)
    assert set().union(*found) == set(PLACES)
    assert sum(map(len, found)) == len(PLACES)
    assert found == named(mode), "the order in which endpoints are known does not matter"
