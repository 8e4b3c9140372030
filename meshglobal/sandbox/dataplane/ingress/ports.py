"""Ports of loopback for the listeners of Gateways; each keeps its own."""

from __future__ import annotations

import socket


class Ports:
    """Hands out free ports."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, ...], int] = {}

    def of(self, *listener: str) -> int:
        """The port of a listener, the same at each call."""
        if listener not in self._given:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self._given[listener] = free.getsockname()[1]
        return self._given[listener]
