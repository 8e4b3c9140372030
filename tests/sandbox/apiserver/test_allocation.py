from __future__ import annotations

import ipaddress
from typing import Any

import pytest

from meshglobal.sandbox.apiserver.allocation import Allocator
from meshglobal.sandbox.apiserver.problems import ApiError


def _service(name: str, **spec: Any) -> dict[str, Any]:
    return {"metadata": {"namespace": "n", "name": name}, "spec": {"ports": [{"port": 80}]} | spec}


def _allocated(allocator: Allocator, service: dict[str, Any], old: dict[str, Any] | None = None) -> dict[str, Any]:
    spec: dict[str, Any] = allocator.allocate(service, old, is_dry_run=False)["spec"]
    return spec


def test_services_get_addresses_of_their_own() -> None:
    allocator = Allocator()
    addresses = {_allocated(allocator, _service(f"s{number}"))["clusterIP"] for number in range(300)}
    assert len(addresses) == 300
    assert all(ipaddress.ip_address(each) in allocator.network for each in addresses)


def test_a_small_network_is_used_up_to_its_last_address_and_again_after_a_release() -> None:
    allocator = Allocator(ipaddress.IPv4Network("10.0.0.0/29"))
    services = [_service(f"s{number}") for number in range(6)]
    used = {_allocated(allocator, each)["clusterIP"] for each in services}
    assert len(used) == 6
    with pytest.raises(ApiError, match="range is full"):
        _allocated(allocator, _service("one too many"))
    allocator.release(services[2])
    assert _allocated(allocator, _service("again"))["clusterIP"] in used


def test_a_headless_service_and_an_external_name_take_none() -> None:
    allocator = Allocator()
    assert _allocated(allocator, _service("a", clusterIP="None"))["clusterIPs"] == ["None"]
    assert "clusterIP" not in _allocated(allocator, _service("b", type="ExternalName", externalName="x.org"))


def test_an_address_or_a_node_port_is_given_once() -> None:
    allocator = Allocator()
    _allocated(allocator, _service("a", clusterIP="10.96.7.7", type="NodePort", ports=[{"port": 1, "nodePort": 30001}]))
    with pytest.raises(ApiError, match="already allocated"):
        _allocated(allocator, _service("b", clusterIP="10.96.7.7"))
    with pytest.raises(ApiError, match="already allocated"):
        _allocated(allocator, _service("b", type="NodePort", ports=[{"port": 1, "nodePort": 30001}]))


def test_an_update_keeps_the_address_and_the_node_ports() -> None:
    allocator = Allocator()
    before = _service("a", type="NodePort")
    before = before | {"spec": _allocated(allocator, before)}
    after = _allocated(allocator, _service("a", type="NodePort"), before)
    assert after["clusterIP"] == before["spec"]["clusterIP"]
    assert after["ports"] == before["spec"]["ports"]


def test_a_dry_run_takes_nothing() -> None:
    allocator = Allocator(ipaddress.IPv4Network("10.0.0.0/30"))
    for number in range(5):
        allocator.allocate(_service(f"s{number}"), None, is_dry_run=True)
    assert _allocated(allocator, _service("kept"))["clusterIP"]
