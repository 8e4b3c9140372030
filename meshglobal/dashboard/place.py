"""Where the dashboard listens, and the secret that it asks for."""

from __future__ import annotations

import secrets
import socket
import stat
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from meshglobal.domain.errors import UsageError
from meshglobal.render.metrics_server import Address, address

_LOOPBACK = "127.0.0.1"
_SHORTEST_TOKEN = 16
_WAITING = 128  # connections
_OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Token:
    """What who asks must show. ``file``: where the user keeps it; empty: it was made for this run."""

    secret: str
    file: str = ""

    def __repr__(self) -> str:
        return "Token(…)"


def wanted_address(listen: str | None, port: int) -> Address:
    """From ``--listen`` and ``--port``; without ``--listen`` on loopback. Port 0: any that is free.

    ``listen`` is an address with or without a port.

    Raises:
        UsageError: no address, or two ports.
    """
    if listen is None:
        return Address(_LOOPBACK, port)
    try:
        return Address(str(ip_address(listen.removeprefix("[").removesuffix("]"))), port)
    except ValueError:
        found = address(listen, "--listen")
    if port not in (0, found.port):
        raise UsageError(f"--listen {listen} and --port {port} name different ports", "leave one of them out")
    return found


def wanted_token(place: Address, file: str | None) -> Token:
    """The token of the file; without one a token for this run, which loopback alone may have.

    Raises:
        UsageError: another address without a file, or a file that cannot be.
    """
    if file is not None:
        return Token(_read(Path(file)), file)
    if not place.is_loopback:
        raise UsageError(
            f"--listen {place.host} is no loopback address: whoever reaches it could try",
            "give a secret of your own with --token-file FILE, or leave --listen out",
        )
    return Token(secrets.token_urlsafe(32))


def _read(path: Path) -> str:
    """The secret of a file that only its owner can read."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise UsageError(f"--token-file {path} cannot be read: {why}") from error
    if mode & _OF_OTHERS:
        raise UsageError(f"--token-file {path} can be read by others (mode {mode & 0o777:o})", f"chmod 600 {path}")
    if len(text) < _SHORTEST_TOKEN or not (text.isascii() and text.isprintable()) or " " in text:
        raise UsageError(
            f"--token-file {path} holds no token: {_SHORTEST_TOKEN} printable ASCII characters or more, no spaces",
            f"make one: (umask 077; openssl rand -hex 32 > {path})",
        )
    return text


def bound(place: Address) -> socket.socket:
    """A socket that listens there: who connects before it is served has to wait, and is not turned away.

    Raises:
        UsageError: it cannot be had.
    """
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((place.host, place.port))
        made.listen(_WAITING)
    except OSError as error:
        made.close()
        raise UsageError(
            f"cannot listen on {place}: {error.strerror}", "choose another --port, or leave it out for a free one"
        ) from error
    return made


def url_of(place: Address, token: Token) -> str:
    """What a browser on this machine opens. A secret that stands in a file is not said again.

    A fragment is sent to nobody: it stands in no log and in no ``Referer``.
    """
    is_everywhere = ip_address(place.host).is_unspecified
    reached = Address("::1" if ":" in place.host else _LOOPBACK, place.port) if is_everywhere else place
    fragment = "" if token.file else f"#token={token.secret}"
    return f"http://{reached}/{fragment}"
