"""From a name, as a pod uses it, to where its request goes."""

from __future__ import annotations

import ipaddress

from meshglobal.sandbox.dataplane.answers import NotResolved, Refused, Target
from meshglobal.sandbox.dataplane.directory import Caller, Directory, Host
from meshglobal.sandbox.dataplane.envoy_config import Marks
from meshglobal.sandbox.dataplane.mesh import Server

_LOOPBACK = "127.0.0.1"
_SELF = "localhost"


def resolve(
    directory: Directory, caller: Caller, host: str, port: int, way: tuple[int, Marks]
) -> Target | NotResolved | Refused:
    """Where a request of a caller goes. `way` is the port of the cluster's Envoy, and the headers that name a pool."""
    address = _address(host)
    if address is None and host.lower() != _SELF:
        found = directory.find(caller, host)
        return NotResolved(host) if found is None else _through_envoy(found, caller, port, directory, way)
    if address is None or address.is_loopback:
        return _direct(caller.server, caller.address, port, str(address or _LOOPBACK))
    if str(address) in directory.pods:
        return _direct(directory.pods[str(address)], str(address), port, str(address))
    virtual = directory.at_address(caller, str(address))
    return (
        Refused(f"nothing has the address {address}", str(address))
        if virtual is None
        else _through_envoy(virtual, caller, port, directory, way)
    )


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _direct(server: Server | None, host: str, port: int, shown: str) -> Target | Refused:
    """To a pod by its own address: no balancing, no Envoy."""
    if server is None or not server.has(port):
        return Refused(f"nothing listens at {shown}:{port}", shown)
    return Target(host, shown, (_LOOPBACK, server.port))


def _through_envoy(
    found: Host, caller: Caller, port: int, directory: Directory, way: tuple[int, Marks]
) -> Target | Refused:
    envoy, marks = way
    chosen = found.ports.get(port)
    if chosen is None:
        return Refused(f"{found.name} has no port {port}", found.address)
    pool = chosen.pool_for(caller.locality)
    if pool in directory.diversions:
        return Target(found.name, found.address, (_LOOPBACK, directory.diversions[pool]))
    headers = [(marks.pool, pool)]
    if chosen.onward:
        headers.append((marks.onward, chosen.onward))
    return Target(found.name, found.address, (_LOOPBACK, envoy), tuple(headers), pool)
