"""Who sees whom: R31, R33, R34."""

from __future__ import annotations

import pytest
from mesh_objects import GLOBAL, JSON, cluster, entries, link, members, service


def seen_by_west(
    *gateways: JSON, networks: tuple[str, str] = ("east", "north"), settings: tuple[str, ...] = ()
) -> list[str]:
    """The peers whose services west sees."""
    mesh = {
        "west": cluster("west", "", *gateways),
        "east": cluster("east", "", service(labels=GLOBAL), network=networks[0]),
        "north": cluster("north", "", service(labels=GLOBAL), network=networks[1]),
    }
    return [name.split(".")[1] for name in members(mesh, "west", *settings)]


def labelled(peer: str, cluster_name: str) -> JSON:
    gateway = link(peer, name="remote-1")
    gateway["metadata"]["labels"]["topology.istio.io/cluster"] = cluster_name
    return gateway


def own_gateway() -> JSON:
    gateway = link("east")
    gateway["spec"]["gatewayClassName"] = "istio-eastwest"
    return gateway


@pytest.mark.parametrize(
    ("gateways", "peers"),
    [
        ((), []),
        ((link("east"),), ["east"]),
        ((link("east"), link("north")), ["east", "north"]),
        ((link("nobody"),), []),
        ((own_gateway(),), []),
        ((labelled("east", "north"),), ["north"]),
        ((labelled("east", "another-id"),), ["east"]),
    ],
)
def test_only_linked_peers_are_seen(gateways: tuple[JSON, ...], peers: list[str]) -> None:
    """R33, R34: an istio-remote Gateway links by the cluster label, else by the network's"""
    assert seen_by_west(*gateways) == peers


@pytest.mark.parametrize(
    ("gateways", "peers"),
    [
        ((link("east", network="flat"),), ["east"]),
        ((link("north", network="flat"),), ["north"]),
        ((link("x", network="flat", name="remote"),), ["east", "north"]),
    ],
)
def test_on_one_network_the_gateways_name_tells_the_peer(gateways: tuple[JSON, ...], peers: list[str]) -> None:
    """R21, R33"""
    assert seen_by_west(*gateways, networks=("flat", "flat")) == peers


def test_a_link_is_found_by_the_peers_network_label() -> None:
    """R34"""
    assert seen_by_west(link("x", network="net-7", name="remote"), networks=("net-7", "net-8")) == ["east"]


def test_a_link_has_one_direction() -> None:
    """R33"""
    mesh = {
        "west": cluster("west", "east", service(labels=GLOBAL)),
        "east": cluster("east", "", service(labels=GLOBAL)),
    }
    assert list(members(mesh, "west")) == ["autogen.east.bookinfo.reviews"]
    assert members(mesh, "east") == {}


def test_without_gateways_all_can_be_peers() -> None:
    """R33"""
    assert seen_by_west(settings=("peering=all",)) == ["east", "north"]


def test_the_entry_goes_with_the_last_cluster_that_publishes() -> None:
    """R31"""
    published, plain = service(labels=GLOBAL), service()
    for east, remains in ((published, True), (plain, False)):
        mesh = {"west": cluster("west", "east", plain), "east": cluster("east", "west", east)}
        assert bool(entries(mesh, "west")) is remains
