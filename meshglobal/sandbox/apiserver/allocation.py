"""Cluster addresses and node ports of Services: the numbers that a cluster hands out once each."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON, name_of, namespace_of
from meshglobal.sandbox.apiserver.problems import ApiError, Cause, invalid

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.store import Key

_NETWORK = ipaddress.IPv4Network("10.96.0.0/16")
_FIRST_PORT, _LAST_PORT = 30000, 32767
_WITH_NODE_PORTS = ("NodePort", "LoadBalancer")
_OF_TYPES = {
    "externalTrafficPolicy": _WITH_NODE_PORTS,
    "healthCheckNodePort": ("LoadBalancer",),
    "allocateLoadBalancerNodePorts": ("LoadBalancer",),
    "loadBalancerClass": ("LoadBalancer",),
}
_ADDRESS_FIELDS = ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")


@dataclass(slots=True)
class Allocator:
    """The address and port ranges of one cluster, and which Service has what."""

    network: ipaddress.IPv4Network = field(default=_NETWORK)
    _addresses: dict[str, Key] = field(default_factory=dict)
    _ports: dict[int, Key] = field(default_factory=dict)
    _last_address: int = 9
    _last_port: int = _FIRST_PORT - 1

    def allocate(self, new: JSON, old: JSON | None, *, is_dry_run: bool) -> JSON:
        """Return a Service with its address and node ports; raises ApiError (422) where one is taken."""
        owner = (namespace_of(new), name_of(new))
        wanted = _without_leftovers(new.get("spec") or {}, (old or {}).get("spec") or {})
        spec = self._with_address(wanted, (old or {}).get("spec") or {}, owner)
        spec = self._with_ports(spec, (old or {}).get("spec") or {}, owner)
        if not is_dry_run:
            self._take(spec, owner)
        return new | {"spec": spec}

    def release(self, service: JSON) -> None:
        """Take back what a deleted Service had."""
        owner = (namespace_of(service), name_of(service))
        self._addresses = {address: key for address, key in self._addresses.items() if key != owner}
        self._ports = {port: key for port, key in self._ports.items() if key != owner}

    def _take(self, spec: JSON, owner: Key) -> None:
        self._addresses |= {ip: owner for ip in spec.get("clusterIPs") or () if ip != "None"}
        wanted = {port["nodePort"] for port in spec.get("ports") or () if port.get("nodePort")}
        wanted |= {spec["healthCheckNodePort"]} if spec.get("healthCheckNodePort") else set()
        self._ports = {port: key for port, key in self._ports.items() if key != owner} | dict.fromkeys(wanted, owner)

    def _with_address(self, spec: JSON, before: JSON, owner: Key) -> JSON:
        if spec.get("type") == "ExternalName":
            return {key: value for key, value in spec.items() if key not in _ADDRESS_FIELDS}
        address = spec.get("clusterIP") or before.get("clusterIP") or next(iter(spec.get("clusterIPs") or ()), "")
        if not address:
            address = self._free_address()
        elif address != "None" and self._addresses.get(address, owner) != owner:
            raise _taken("spec.clusterIPs", f'["{address}"]', "provided IP is already allocated", owner)
        families = {
            "ipFamilies": spec.get("ipFamilies") or before.get("ipFamilies") or ["IPv4"],
            "ipFamilyPolicy": spec.get("ipFamilyPolicy") or before.get("ipFamilyPolicy") or "SingleStack",
        }
        return spec | {"clusterIP": address, "clusterIPs": spec.get("clusterIPs") or [address]} | families

    def _with_ports(self, spec: JSON, before: JSON, owner: Key) -> JSON:
        ports = spec.get("ports") or []
        if spec.get("type") not in _WITH_NODE_PORTS:
            was_open = before.get("type") in _WITH_NODE_PORTS
            kept = (
                [{key: value for key, value in port.items() if key != "nodePort"} for port in ports]
                if was_open
                else ports
            )
            return spec | ({"ports": kept} if kept else {})
        if spec.get("type") == "LoadBalancer" and spec.get("allocateLoadBalancerNodePorts") is False:
            return spec
        had = {_port_key(port): port.get("nodePort") for port in before.get("ports") or ()}
        chosen: list[JSON] = []
        for index, port in enumerate(ports):
            number = port.get("nodePort") or had.get(_port_key(port)) or self._free_port(chosen)
            if self._ports.get(number, owner) != owner:
                raise _taken(f"spec.ports[{index}].nodePort", str(number), "provided port is already allocated", owner)
            chosen.append(port | {"nodePort": number})
        return spec | {"ports": chosen}

    def _free_address(self) -> str:
        """Return the next address that nobody has; raises ApiError (500) where all are taken."""
        hosts = self.network.num_addresses - 2
        for _ in range(hosts):
            self._last_address = self._last_address % hosts + 1
            address = str(self.network[self._last_address])
            if address not in self._addresses:
                return address
        raise ApiError(500, "InternalError", "failed to allocate a serviceIP: range is full")

    def _free_port(self, chosen: list[JSON]) -> int:
        """Return the next node port that nobody has; raises ApiError (500) where all are taken."""
        taken = {port["nodePort"] for port in chosen}
        count = _LAST_PORT - _FIRST_PORT + 1
        for _ in range(count):
            self._last_port = _FIRST_PORT + (self._last_port + 1 - _FIRST_PORT) % count
            if self._last_port not in self._ports and self._last_port not in taken:
                return self._last_port
        raise ApiError(500, "InternalError", "failed to allocate a nodePort: range is full")


def _without_leftovers(spec: JSON, before: JSON) -> JSON:
    """Return the spec without what only the type that it had before needs, where that is not said anew."""
    kind, earlier = spec.get("type"), before.get("type")
    left = {
        field
        for field, kinds in _OF_TYPES.items()
        if earlier in kinds and kind not in kinds and spec.get(field) == before.get(field)
    }
    return {key: value for key, value in spec.items() if key not in left}


def _port_key(port: JSON) -> tuple[str, int]:
    return port.get("protocol") or "TCP", port.get("port", 0)


def _taken(where: str, value: str, why: str, owner: Key) -> Exception:
    return invalid("Service", "", owner[1], [Cause("FieldValueInvalid", where, f"Invalid value: {value}: {why}")])
