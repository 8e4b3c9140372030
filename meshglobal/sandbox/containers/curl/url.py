"""URLs as curl reads them: http only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urljoin

from meshglobal.sandbox.containers.curl.failures import CurlError, Exit

_LONGEST: Final = 8192
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_HOST: Final = re.compile(r"[A-Za-z0-9._~%!$&'()*+,;=-]+|\[[0-9A-Fa-f:.]+\]")
_PORT: Final = re.compile(r"0*[0-9]{1,5}")
_LAST_PORT: Final = 65535
_KEPT: Final = "/%:@!$&'()*+,;=~-._?[]{}|^`\"\\<>"
"""What stays as it is in a path or query; only what is not ASCII is encoded."""
_REJECTED: Final = "URL rejected:"


@dataclass(frozen=True, slots=True)
class Url:
    """Where a request goes."""

    host: str
    port: int
    target: str
    """Path and query."""
    user: str = ""
    """`name:password` of the URL, empty where there is none."""

    @property
    def authority(self) -> str:
        """Host and port as the Host header names them."""
        return self.host if self.port == 80 else f"{self.host}:{self.port}"  # noqa: PLR2004 - the port of http

    @property
    def bare_host(self) -> str:
        """The host without the brackets of an IPv6 address."""
        return self.host.strip("[]")

    def joined(self, location: str) -> str:
        """Return the address that a Location header means."""
        return urljoin(f"http://{self.authority}{self.target}", location)


def parse(text: str, *, keeps_path: bool = False) -> Url:
    """Return the parts of a URL; raises CurlError (1 for another protocol, 3 for what is no URL)."""
    if len(text) > _LONGEST or any(not char.isprintable() or char == " " for char in text):
        raise _rejected("Malformed input to a URL function")
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() != "http":
        raise CurlError(Exit.UNSUPPORTED_PROTOCOL, f'Protocol "{scheme[1].lower()}" disabled')
    rest = text[scheme.end() :] if scheme else text
    end = min((at for each in "/?#" if (at := rest.find(each)) >= 0), default=len(rest))
    login, _, place = rest[:end].rpartition("@")
    host, port = _host_and_port(place)
    return Url(host, port, _target(rest[end:], keeps_path=keeps_path), unquote(login))


def _rejected(why: str) -> CurlError:
    return CurlError(Exit.MALFORMED_URL, f"{_REJECTED} {why}")


def _host_and_port(place: str) -> tuple[str, int]:
    host, colon, port = place.rpartition(":")
    if not colon or place.endswith("]"):
        host, port = place, ""
    if not host:
        raise _rejected("No host part in the URL")
    if not _HOST.fullmatch(host):
        raise _rejected("Bad hostname")
    if port and not (_PORT.fullmatch(port) and int(port) <= _LAST_PORT):
        raise _rejected("Port number was not a decimal number between 0 and 65535")
    return host, int(port) if port else 80


def _target(rest: str, *, keeps_path: bool) -> str:
    path, sign, query = rest.partition("#")[0].partition("?")
    path = path if path.startswith("/") else f"/{path}"
    shown = quote(path if keeps_path else _without_dots(path), safe=_KEPT)
    return f"{shown}{sign}{quote(query, safe=_KEPT)}"


def _without_dots(path: str) -> str:
    """Return a path without its `.` and `..`."""
    kept: list[str] = []
    parts = path.split("/")[1:]
    for part in parts:
        if part == "..":
            del kept[-1:]
        elif part != ".":
            kept.append(part)
    if parts[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)
