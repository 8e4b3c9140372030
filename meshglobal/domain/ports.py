"""Ports of a service as the mesh sees them: number and protocol, not names or targetPort (R15, R16)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from meshglobal.domain.objects import EntryPort, ServicePort

# The protocols that a name prefix or an appProtocol can choose (reference, section 10).
_PROTOCOLS = {
    "http": "HTTP",
    "http2": "HTTP2",
    "https": "HTTPS",
    "grpc": "GRPC",
    "grpc-web": "GRPC-WEB",
    "tcp": "TCP",
    "tls": "TLS",
    "mongo": "MONGO",
    "mysql": "MYSQL",
    "redis": "REDIS",
    "udp": "UDP",
    "kubernetes.io/h2c": "HTTP2",
    "kubernetes.io/ws": "HTTP",
    "kubernetes.io/wss": "HTTPS",
}


class Port(NamedTuple):
    """A port number with its protocol; None where nothing chooses one."""

    number: int
    protocol: str | None

    def __str__(self) -> str:
        return f"{self.number}/{self.protocol or 'any'}"


@lru_cache(maxsize=1 << 12)  # the same ports stand on most Services
def service_port(port: ServicePort) -> Port:
    """A Service's port: appProtocol first, then the prefix of the port's name, UDP from the transport."""
    if port.protocol == "UDP":
        return Port(port.port, "UDP")
    chosen = _PROTOCOLS.get((port.app_protocol or "").lower())
    if chosen is None and port.app_protocol is None:
        name = port.name.lower()
        prefix = "grpc-web" if name.startswith("grpc-web") else name.partition("-")[0]
        chosen = _PROTOCOLS.get(prefix)
    return Port(port.port, chosen)


def entry_port(port: EntryPort) -> Port:
    """A ServiceEntry's port."""
    return Port(port.number, port.protocol.upper() or None)


def agree(wanted: Port, found: Port) -> bool:
    """Whether an entry's port fits; a protocol that is not chosen on one side fits any."""
    return wanted.number == found.number and (
        None in (wanted.protocol, found.protocol) or wanted.protocol == found.protocol
    )


def ports_text(ports: tuple[Port, ...]) -> str:
    """Ports for a sentence, in order of number."""
    return ", ".join(str(port) for port in sorted(ports, key=lambda port: port.number)) or "none"
