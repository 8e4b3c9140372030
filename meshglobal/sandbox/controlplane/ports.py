"""The ports of a generated entry (R15): numbers of the Service, protocols from appProtocol or the port's name.

The protocol follows upstream Istio: appProtocol first, else the name's part before the first dash, else TCP.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from meshglobal.sandbox.controlplane.observed import JSON, PortSeen
from meshglobal.sandbox.controlplane.scope import Publication
from meshglobal.sandbox.controlplane.switches import Switches

_KUBERNETES_PROTOCOLS = {"kubernetes.io/h2c": "HTTP2", "kubernetes.io/ws": "HTTP", "kubernetes.io/wss": "HTTPS"}
_PROTOCOLS = {
    "http": "HTTP",
    "http2": "HTTP2",
    "https": "HTTPS",
    "grpc": "GRPC",
    "tcp": "TCP",
    "tls": "TLS",
    "mongo": "Mongo",
    "mysql": "MySQL",
    "redis": "Redis",
}
_GRPC_WEB = "grpc-web"


class EntryPort(NamedTuple):
    """One port of an entry."""

    number: int
    name: str
    protocol: str

    def as_json(self) -> JSON:
        """The port as a ServiceEntry has it."""
        return {"number": self.number, "name": self.name, "protocol": self.protocol}


def entry_ports(local: Publication | None, peers: Iterable[Publication], switches: Switches) -> list[EntryPort]:
    """Ports from the local published Service if there is one, else from all peers, the first to name a number wins."""
    sources = [local] if local else peers
    found: dict[int, PortSeen] = {}
    for publication in sources:
        for port in publication.service.ports:
            if _is_carried(port, switches):
                found.setdefault(port.number, port)
    return _with_unique_names([EntryPort(port.number, port.name, protocol_of(port)) for port in found.values()])


def protocol_of(port: PortSeen) -> str:
    """The protocol as a ServiceEntry spells it."""
    if port.transport != "TCP":
        return port.transport
    if port.app_protocol in _KUBERNETES_PROTOCOLS:
        return _KUBERNETES_PROTOCOLS[port.app_protocol]
    hint = (port.app_protocol if port.app_protocol is not None else port.name).lower()
    if hint.startswith(_GRPC_WEB):
        return "GRPC-Web"
    return _PROTOCOLS.get(hint.partition("-")[0], "TCP")


def _is_carried(port: PortSeen, switches: Switches) -> bool:
    if port.transport != "TCP" and switches.other_transports == "dropped":
        return False
    return not (isinstance(port.target, str) and switches.named_target_port == "dropped")


def _with_unique_names(ports: list[EntryPort]) -> list[EntryPort]:
    """A ServiceEntry needs a name for each port, and no name twice; peers may disagree on names."""
    taken: set[str] = set()
    result = []
    for port in ports:
        name = port.name or f"port-{port.number}"
        if name in taken:
            name = f"{name}-{port.number}"
        taken.add(name)
        result.append(port._replace(name=name))
    return result
