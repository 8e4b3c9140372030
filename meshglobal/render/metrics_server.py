"""`verify --metrics-listen`: the present state for Prometheus, over HTTP: `/metrics` and `/healthz`, nothing else.

It listens on loopback unless another address is named. On loopback it answers only who names it by such an address:
a page in a browser that got there by a name of its own learns nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from socket import AF_INET, AF_INET6
from socketserver import TCPServer

from meshglobal.domain.errors import UsageError
from meshglobal.domain.known import Document
from meshglobal.render.catalogue import text_of

_LOOPBACK = "127.0.0.1"
_HIGHEST_PORT = 65_535
_LOOK = 0.1  # seconds between looks at whether it shall end
_SLOWEST = 5.0  # seconds that a client may take for its request
_METRICS = "text/plain; version=0.0.4; charset=utf-8"
_PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen; port 0: any that is free."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        return ip_address(self.host).is_loopback

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def address(text: str, option: str = "--metrics-listen") -> Address:
    """An address such as ``127.0.0.1:9464``, ``[::1]:9464``, ``:9464`` or ``9464``; without a host: loopback.

    ``option`` is what the user wrote it for.

    Raises:
        UsageError: anything else, a name too: it must be clear who can reach it.
    """
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") if host.startswith("[") else host
    host = _LOOPBACK if host in ("", "localhost") else host
    try:
        is_known = bool(ip_address(host)) and (":" not in host or text.startswith("["))
    except ValueError:
        is_known = False
    if not (is_known and port.isdecimal() and int(port) <= _HIGHEST_PORT) or (not colon and not port):
        raise UsageError(
            f"{option} {text!r} is no address", "write 127.0.0.1:9464, [::1]:9464, or a port alone for loopback"
        )
    return Address(str(ip_address(host)), int(port))


class MetricsServer:
    """Serves the document that it was shown last; before the first there is nothing to say yet (503).

    ``is_port_free``: which port it is was left to us.
    """

    def __init__(self, server: _Server, wanted: Address) -> None:
        self._server = server
        self.is_port_free = wanted.port == 0

    @property
    def address(self) -> Address:
        """Where it listens really."""
        return self._server.place

    def show(self, document: Document) -> None:
        """From now on, this is the present state."""
        self._server.document = document


@contextmanager
def serve_metrics(place: Address) -> Iterator[MetricsServer]:
    """Serve while it lasts.

    Raises:
        UsageError: it cannot listen there.
    """
    try:
        server = _Server(place)
    except OSError as error:
        raise UsageError(f"--metrics-listen {place}: cannot listen there: {error.strerror}") from error
    thread = threading.Thread(target=server.serve_forever, args=(_LOOK,), name="meshglobal-metrics", daemon=True)
    thread.start()
    try:
        yield MetricsServer(server, place)
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    """`ThreadingHTTPServer` would ask DNS for its own name."""

    document: Document | None = None

    def __init__(self, place: Address) -> None:
        self.address_family = AF_INET6 if ":" in place.host else AF_INET
        super().__init__((place.host, place.port), _Handler)
        self.place = Address(place.host, int(self.server_address[1]))

    def server_bind(self) -> None:
        """Without the look-up of names that `HTTPServer` makes."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _SLOWEST

    def do_GET(self) -> None:
        """`/metrics` and `/healthz`."""
        path = self.path.partition("?")[0]
        if not self._is_meant():
            self._answer(HTTPStatus.FORBIDDEN, "name it by a loopback address\n")
        elif path == "/healthz":
            self._answer(HTTPStatus.OK, "ok\n")
        elif path != "/metrics":
            self._answer(HTTPStatus.NOT_FOUND, "there are /metrics and /healthz\n")
        elif (document := self.server.document) is None:
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, "the clusters have not been read yet\n")
        else:
            self._answer(HTTPStatus.OK, text_of("prometheus", document), _METRICS)

    def do_HEAD(self) -> None:
        """The same without its text."""
        self.do_GET()

    def _is_meant(self) -> bool:
        if not self.server.place.is_loopback:
            return True
        name = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        try:
            return name in ("", "localhost") or ip_address(name.strip("[]")).is_loopback
        except ValueError:
            return False

    def _answer(self, status: HTTPStatus, text: str, kind: str = _PLAIN) -> None:
        body = text.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def version_string(self) -> str:
        """Who answers, without versions."""
        return "meshglobal"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
        """Nothing: stderr is for people."""
