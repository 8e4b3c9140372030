"""What is called: the global host that a cluster knows a service by, and a port of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from meshglobal.domain.errors import UsageError
from meshglobal.domain.expectation import ExpectedEntry
from meshglobal.domain.names import ServiceKey, global_host, is_dns_name
from meshglobal.domain.ports import Port, entry_port, service_port
from meshglobal.domain.view import ClusterView

_HTTP = ("HTTP", "HTTP2", "GRPC", "GRPC-WEB")


class Target(NamedTuple):
    """A host and a port."""

    host: str
    port: int


def target_of(
    view: ClusterView,
    views: Sequence[ClusterView],
    key: ServiceKey,
    expected: Sequence[ExpectedEntry],
    port: int | None,
    asked: str = "",
) -> Target | str:
    """What a caller of one cluster calls, or why that cannot be told.

    ``asked`` is the host that was asked for, if any; whether it is there is left to the caller's name server. Else, of
    several hosts, it is that of the cluster's own domain (R6, R10). The port: the one asked for, else the first that
    speaks HTTP, else the first.
    """
    host = asked or _host(view, key, expected)
    if host is None:
        return f"its domain is not known: {view.home.problem}"
    if port is not None:
        return Target(host, port)
    ports = _ports(view, views, key, host, expected)
    chosen = next((one for one in ports if one.protocol in _HTTP), next(iter(ports), None))
    return "no port of it is known: choose one with --port" if chosen is None else Target(host, chosen.number)


def checked_host(host: str, key: ServiceKey) -> str:
    """A host of a service: in the domain of any segment, or the ordinary name inside a cluster.

    Raises:
        UsageError: what cannot be one.
    """
    lowered = host.lower()
    if not is_dns_name(lowered) or not lowered.startswith(f"{key.name}.{key.namespace}."):
        raise UsageError(f"--host {host!r} is no host of {key}", f"write {key.name}.{key.namespace}.DOMAIN")
    return lowered


def _host(view: ClusterView, key: ServiceKey, expected: Sequence[ExpectedEntry]) -> str | None:
    own = global_host(key, view.home.domain) if view.home.domain is not None else None
    hosts = [one.host for one in expected]
    return own if own in hosts or not hosts else hosts[0]


def _ports(
    view: ClusterView, views: Sequence[ClusterView], key: ServiceKey, host: str, expected: Sequence[ExpectedEntry]
) -> list[Port]:
    """Of the entry that stands there, else of one that should, else of a Service of that name."""
    for entry in view.entries.get(host, ()):
        if entry.spec.ports:
            return [entry_port(one) for one in entry.spec.ports]
    for one in expected:
        if one.host == host and one.ports:
            return list(one.ports[0])
    services = [found for one in (view, *views) if (found := one.services.get(key)) is not None]
    return [service_port(port) for port in services[0].ports] if services else []
