"""Who may ask: the page itself, and who has the token. The rest is refused before any handler sees it.

A page of another site can send requests here, as any page can. It is kept out three times over: it has no token (there
are no cookies that a browser would add), it may not say that it comes from elsewhere (`Origin`, `Sec-Fetch-Site`), and
a name of its own that leads here (DNS rebinding) is no `Host` of ours.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address

from meshglobal.dashboard.exchange import Answer, problem

API = "/api/"
# Nothing but our own files; no inline script or style; text never becomes markup (trusted types).
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Server": "meshglobal",
}
"""On every answer, whatever its status; what a handler says itself comes first."""

_HTTP_PORT = 80


@dataclass(frozen=True, slots=True)
class Hosts:
    """By which names the server may be asked.

    ``address`` is where it listens. Listening everywhere (``0.0.0.0``, ``::``), it may be asked by any address, but by
    no name: names can be made to lead anywhere, addresses cannot.
    """

    address: str
    port: int

    def __contains__(self, host: object) -> bool:
        """Whether a Host header is one of ours."""
        if not isinstance(host, str):
            return False
        name, _, port = host.rpartition(":")
        if not name or host.endswith("]"):  # without a port
            name, port = host, str(_HTTP_PORT)
        return port == str(self.port) and self._is_ours(name.lower())

    def _is_ours(self, name: str) -> bool:
        if name in ("localhost", "127.0.0.1", "[::1]"):
            return True
        is_bracketed = name.startswith("[") and name.endswith("]")
        try:
            asked = ip_address(name[1:-1] if is_bracketed else name)
        except ValueError:
            return False
        listening = ip_address(self.address)
        return is_bracketed == (asked.version == 6) and (listening.is_unspecified or asked == listening)  # noqa: PLR2004 - IPv6


@dataclass(frozen=True, slots=True)
class Guard:
    """Says no to whoever may not ask. ``token`` is a secret."""

    hosts: Hosts
    token: str

    def refusal(self, path: str, headers: Sequence[tuple[str, str]]) -> Answer | None:
        """Why a request is not answered; None: it is. ``headers`` as they were sent, repeated ones too."""
        hosts = _all(headers, "host")
        if len(hosts) != 1 or hosts[0] not in self.hosts:
            return problem(
                HTTPStatus.MISDIRECTED_REQUEST,
                "this server is not known by the name in the Host header",
                f"use http://127.0.0.1:{self.hosts.port}/",
            )
        if not path.startswith(API):
            return None
        if _is_foreign(headers, hosts[0]):
            return problem(HTTPStatus.FORBIDDEN, "pages of other sites may not ask")
        if not self._is_known(_all(headers, "authorization")):
            refused = problem(
                HTTPStatus.UNAUTHORIZED,
                "the token is missing or wrong",
                "open the address that meshglobal dashboard printed",
            )
            return Answer(refused.body, refused.status, headers=(("WWW-Authenticate", "Bearer"),))
        return None

    def _is_known(self, said: Sequence[str]) -> bool:
        if len(said) != 1:
            return False
        scheme, _, token = said[0].partition(" ")
        # Compared as bytes and in constant time; a header may hold any.
        given = token.strip().encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, self.token.encode()) and scheme.lower() == "bearer"


def _is_foreign(headers: Sequence[tuple[str, str]], host: str) -> bool:
    """Whether the browser says that the request comes from a page of another origin."""
    origins, sites = _all(headers, "origin"), _all(headers, "sec-fetch-site")
    return any(one != f"http://{host}" for one in origins) or any(one not in ("same-origin", "none") for one in sites)


def _all(headers: Sequence[tuple[str, str]], name: str) -> list[str]:
    return [value for key, value in headers if key.lower() == name]
