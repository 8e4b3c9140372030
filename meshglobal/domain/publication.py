"""What one cluster offers to the others: its published Services, by its labels alone (R1, R4).

Scopes do not hang on the segment that a cluster is in. So they are worked out once, and hold as well for the cluster
as it would be in another segment.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

import msgspec

from meshglobal.domain.names import ServiceKey, global_host
from meshglobal.domain.objects import Service
from meshglobal.domain.ports import Port, service_port
from meshglobal.domain.scope import Above, Scope, scope_under
from meshglobal.domain.segments import Home


class Publication(msgspec.Struct, frozen=True, gc=False):
    """One service offered by one cluster.

    Attributes:
        key, context, home: which service, by whom, and where that cluster stands.
        host: its global host; None when the cluster's domain cannot be told.
        scope, ports: the Service's.
        oddity: what makes it undocumented whether an entry is generated for such a Service (R40).
    """

    key: ServiceKey
    context: str
    home: Home
    host: str | None
    scope: Scope
    ports: tuple[Port, ...]
    oddity: str = ""


class Offer(NamedTuple):
    """A published Service, wherever its cluster stands."""

    key: ServiceKey
    scope: Scope
    ports: tuple[Port, ...]
    oddity: str

    def published(self, context: str, home: Home) -> Publication:
        """The same, by a cluster."""
        host = global_host(self.key, home.domain) if home.domain is not None else None
        return Publication(self.key, context, home, host, self.scope, self.ports, self.oddity)


class Scopes:
    """The effective scopes of a cluster's Services, each worked out when it is first asked for."""

    def __init__(self, services: Mapping[ServiceKey, Service], above: Mapping[str, Above]) -> None:
        """``above``: what the Namespaces of all these Services say, by name."""
        self._services = services
        self._above = above
        self._found: dict[ServiceKey, Scope] = {}

    def of(self, key: ServiceKey) -> Scope | None:
        """The effective scope of a Service; None when there is none (or it was not read)."""
        found = self._found.get(key)
        if found is None and (service := self._services.get(key)) is not None:
            found = self._found[key] = scope_under(service, self._above[key.namespace])
        return found

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """The Services that are published. There may be thousands that are not: one look at each."""
        above = self._above
        return tuple(
            _offer(key, service, scope)
            for key, service in self._services.items()
            if (scope := scope_under(service, above[key.namespace])).is_published
        )

    def follow_from(self, services: Mapping[ServiceKey, Service], above: Mapping[str, Above]) -> bool:
        """Whether they are those of the same Services in Namespaces that say the same."""
        return self._services is services and self._above == above


def _offer(key: ServiceKey, service: Service, scope: Scope) -> Offer:
    return Offer(key, scope, tuple(map(service_port, service.ports)), oddity_of(service))


def oddity_of(service: Service) -> str:
    """What makes it undocumented whether an entry is generated for a Service (R40); empty: nothing."""
    if service.is_external_name:
        return "an ExternalName Service"
    if not service.ports:
        return "a Service without ports"
    return "a Service with UDP ports only" if all(port.protocol == "UDP" for port in service.ports) else ""
