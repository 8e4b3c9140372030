"""Small servers for what an embedded cluster cannot do: odd answers, broken connections, client certificates."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from meshglobal.kube.fleet import ConnectionSettings, KubeFleet, connect
from meshglobal.kube.kubeconfig import load
from meshglobal.kube.retrying import Patience
from meshglobal.kube.selection import Selection, Source

Reply = tuple[int, Mapping[str, str], bytes]
KUBE_SYSTEM = "/api/v1/namespaces/kube-system"


@dataclass
class Seen:
    """A request as the server got it; ``connection`` tells connections apart."""

    method: str
    path: str
    headers: Any
    body: bytes
    connection: int = 0


@dataclass
class Server:
    """A running server. ``requests`` are all it got; ``accepted`` is set once somebody has connected."""

    port: int
    scheme: str = "http"
    requests: list[Seen] = field(default_factory=list)
    accepted: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"


def as_json(value: Any, status: int = 200, **headers: str) -> Reply:
    """A JSON answer."""
    more = {name.replace("_", "-"): text for name, text in headers.items()}
    return status, {"Content-Type": "application/json", **more}, json.dumps(value).encode()


def refusal(code: int, message: str, **headers: str) -> Reply:
    """A Status as an API server sends it."""
    body = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "code": code}
    return as_json(body, code, **headers)


def listed(*items: Any, version: str = "1", token: str = "") -> Reply:
    """A page of a list."""
    return as_json({"items": list(items), "metadata": {"resourceVersion": version, "continue": token}})


def kubernetes(answer: Callable[[Seen], Reply]) -> Callable[[Seen], Reply]:
    """A server that has kube-system, and for everything else ``answer``."""

    def reply(seen: Seen) -> Reply:
        if seen.path.startswith(KUBE_SYSTEM):
            return as_json({"metadata": {"name": "kube-system", "uid": "u"}})
        return answer(seen)

    return reply


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Broken connections are what these servers are for."""


@contextmanager
def http_server(answer: Callable[[Seen], Reply], tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Serve HTTP/1.1 (with TLS: HTTPS) and answer each request by a function."""
    server = Server(0, "https" if tls else "http")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 5

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen = Seen(self.command, self.path, self.headers, body, self.client_address[1])
            server.requests.append(seen)
            status, headers, content = answer(seen)
            self.send_response_only(status)
            headers = {"Date": self.date_time_string(), **headers}
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def __getattr__(self, name: str) -> Callable[[], None]:
            """All methods: the base class looks for do_GET, do_PATCH, ..."""
            if name.startswith("do_"):
                return self.handle_any
            raise AttributeError(name)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the standard library
            """Say nothing."""

    listening = _QuietServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        # Each handshake in its connection's own thread.
        listening.socket = tls.wrap_socket(listening.socket, server_side=True, do_handshake_on_connect=False)
    server.port = listening.server_address[1]
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        thread.join(5)
        listening.server_close()


@contextmanager
def socket_server(behave: Callable[[socket.socket], None]) -> Iterator[Server]:
    """Accept connections and treat each with a function, in a thread; afterwards it is closed."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(listening.getsockname()[1])
    is_over = threading.Event()

    def treat(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            behave(connection)

    def accept() -> None:
        while not is_over.is_set():
            with suppress(OSError):
                connection, _ = listening.accept()
                server.accepted.set()
                threading.Thread(target=treat, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        is_over.set()
        with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 1):
            thread.join(5)
        listening.close()


def wants_client_certificate(context: ssl.SSLContext) -> Callable[[socket.socket], None]:
    """For `socket_server`: refuse clients in the handshake, and stay until they have read why."""

    def behave(connection: socket.socket) -> None:
        raw = connection.dup()
        tls = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        with raw, tls:
            with suppress(ssl.SSLError):
                tls.do_handshake()
            raw.settimeout(5)
            while raw.recv(65536):
                continue

    return behave


def quick(**changes: Any) -> ConnectionSettings:
    """Settings under which failures come fast; ``request_timeout`` and ``attempts`` go to `Patience`."""
    patience = Patience(
        request_timeout=changes.pop("request_timeout", 2.0), attempts=changes.pop("attempts", 3), pause=0.01
    )
    return ConnectionSettings(timeout=changes.pop("timeout", 10.0), patience=patience, **changes)


def write_kubeconfig(path: Path, contexts: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]]) -> Path:
    """Contexts as (cluster, user)."""
    document = {
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}} for name in contexts],
        "clusters": [{"name": name, "cluster": dict(cluster)} for name, (cluster, _) in contexts.items()],
        "users": [{"name": name, "user": dict(user)} for name, (_, user) in contexts.items()],
    }
    path.touch(0o600)
    path.write_text(json.dumps(document))
    return path


def fleet_of(
    directory: Path,
    contexts: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]],
    settings: ConnectionSettings | None = None,
) -> KubeFleet:
    """A fleet on a kubeconfig of these contexts."""
    kubeconfig = load(str(write_kubeconfig(directory / "kubeconfig", contexts)), {})
    return connect(kubeconfig, Selection(tuple(contexts), Source.FLAG), settings or quick())
