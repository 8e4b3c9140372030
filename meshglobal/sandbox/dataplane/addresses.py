"""Virtual addresses of global hosts: out of 240.240.0.0/16, as istiod gives them; each host keeps its own."""

from __future__ import annotations

import ipaddress

_FIRST = ipaddress.IPv4Address("240.240.0.1")


class VirtualAddresses:
    """Hands out addresses, one a host."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}

    def of(self, host: str) -> str:
        """The address of a host, the same at each call."""
        return self._given.setdefault(host, str(_FIRST + len(self._given)))
