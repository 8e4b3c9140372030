"""What `route` is asked for: a way into the mesh, or a route in it, to one service's global host."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from meshglobal.domain.errors import UsageError
from meshglobal.domain.names import ServiceKey, global_host, is_dns_label, is_dns_name

GATEWAY_CLASSES = ("istio", "kgateway", "agentgateway", "gloo-gateway")
"""The classes that lead to global hosts, the usual one first (reference, section 5)."""
ANY_PATH = "/"
_MOST_PORT, _LONGEST_PATH, _MOST_WEIGHT = 65535, 1024, 1_000_000
_PATH = re.compile(r"/(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})*")
_NO_PATH = re.compile(r"//|/\.\.?(?:/|$)|%2[fF]")


@dataclass(frozen=True, slots=True)
class Weighted:
    """A host and its share; ``host`` without a dot is a service of the same namespace."""

    host: str
    weight: int

    def host_in(self, namespace: str, domain: str) -> str:
        """The global host that is meant in a cluster of this domain."""
        return self.host if "." in self.host else global_host(ServiceKey(namespace, self.host), domain)


@dataclass(frozen=True, slots=True)
class RouteWish:
    """What is asked for.

    Attributes:
        key: the service.
        gateway: namespace and name of a Gateway that is there; None: one of our own, of ``gateway_class``.
        hostnames: the hosts that requests name; none: any.
        path: the paths that begin so.
        ports: those of the service; none: its first that carries HTTP.
        weights: where requests go, if not to the service's own host alone.
        in_mesh: a route for callers in the mesh (R39), without any Gateway.
    """

    key: ServiceKey
    gateway: tuple[str, str] | None = None
    gateway_class: str = GATEWAY_CLASSES[0]
    hostnames: tuple[str, ...] = ()
    path: str = ANY_PATH
    ports: tuple[int, ...] = ()
    weights: tuple[Weighted, ...] = ()
    in_mesh: bool = False

    @property
    def route_name(self) -> str:
        """The name of its HTTPRoute; of several ports each has one, with the port behind."""
        return f"{self.key.name}-in-mesh" if self.in_mesh else self.key.name

    @property
    def gateway_name(self) -> str:
        """The name of our own Gateway. Some classes make a Service of this name, so it is not the service's own."""
        return f"{self.key.name}-ingress"

    @property
    def parent(self) -> tuple[str, str]:
        """Namespace and name of the Gateway that the route hangs on."""
        return self.gateway or (self.key.namespace, self.gateway_name)


def parse_gateway(text: str, namespace: str) -> tuple[str, str]:
    """``NAME`` or ``NAMESPACE/NAME``.

    Raises:
        UsageError: it can be no name.
    """
    place, slash, name = text.rpartition("/")
    found = (place if slash else namespace, name)
    if not (is_dns_label(found[0]) and is_dns_name(found[1])):
        raise UsageError(f"--gateway {text!r}: write NAME or NAMESPACE/NAME")
    return found


def checked_class(text: str) -> str:
    """A class of Gateways that leads to global hosts.

    Raises:
        UsageError: another one.
    """
    if text not in GATEWAY_CLASSES:
        near = get_close_matches(text, GATEWAY_CLASSES, n=1)
        hint = f"did you mean {near[0]}?" if near else "for another one, make the Gateway yourself and use --gateway"
        raise UsageError(f"--gateway-class {text!r}: there are {', '.join(GATEWAY_CLASSES)}", hint)
    return text


def checked_hostname(text: str) -> str:
    """A host that requests name, in small letters; it may begin with ``*.``.

    Raises:
        UsageError: it can be none.
    """
    small = text.lower()
    name = small.removeprefix("*.")
    if not is_dns_name(name) or (small != name and "." not in name) or re.fullmatch(r"[0-9.]+", name):
        raise UsageError(f"--hostname {text!r} is no hostname: write shop.example.com, or *.example.com for all below")
    return small


def checked_path(text: str) -> str:
    """A path as Gateway API takes one.

    Raises:
        UsageError: it takes none such.
    """
    if len(text) > _LONGEST_PATH or not _PATH.fullmatch(text) or _NO_PATH.search(text):
        raise UsageError(f"--path {text!r} is no path: it begins with / and has no spaces, ?, #, // or ..")
    return text.rstrip("/") or ANY_PATH


def checked_ports(ports: Sequence[int]) -> tuple[int, ...]:
    """Port numbers, each once.

    Raises:
        UsageError: one can be none.
    """
    for one in ports:
        if not 0 < one <= _MOST_PORT:
            raise UsageError(f"--port {one} is no port: 1 to {_MOST_PORT}")
    return tuple(dict.fromkeys(ports))


def parse_weights(text: str | None) -> tuple[Weighted, ...]:
    """Read ``HOST=90,HOST=10``; None is none.

    Raises:
        UsageError: another form, a host twice, or no weight above 0.
    """
    if text is None:
        return ()
    found: dict[str, int] = {}
    for part in text.split(","):
        host, equals, weight = part.strip().rpartition("=")
        if not (equals and is_dns_name(host) and weight.isascii() and weight.isdecimal()):
            raise UsageError(f"--weights: {part.strip()!r} is no HOST=NUMBER", "write --weights HOST=90,HOST=10")
        if host in found or len(weight) > len(str(_MOST_WEIGHT)) or int(weight) > _MOST_WEIGHT:
            why = "is there twice" if host in found else f"may weigh {_MOST_WEIGHT} at most"
            raise UsageError(f"--weights: {host} {why}")
        found[host] = int(weight)
    if not any(found.values()):
        raise UsageError("--weights: all weigh 0, so nobody would answer")
    return tuple(Weighted(host, weight) for host, weight in found.items())
