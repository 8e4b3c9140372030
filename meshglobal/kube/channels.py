"""The streams of a program in a pod, over one WebSocket: `v5.channel.k8s.io`, in which an input can end.

websocket-client is what the official client's own `stream` speaks through. It is used directly: `kubernetes.stream`
takes its TLS from files, which we do not keep, and 0.04 s of processor time for its import; this takes 0.01 s.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

from meshglobal.domain.failure import Cause
from meshglobal.kube.answer import Answer, Request
from meshglobal.kube.classify import exception_error, status_error
from meshglobal.kube.client import Client
from meshglobal.kube.connection import Connection
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.redaction import first_line, without_secrets

_PROTOCOL = "v5.channel.k8s.io"
_LOOK = 0.1  # seconds between looks at who wants it ended
_PING = 20.0  # seconds of silence after which load balancers shall see that somebody is there
_PIECE = 1 << 15


class Channel(IntEnum):
    """What a message's first byte says."""

    STDIN = 0
    STDOUT = 1
    STDERR = 2
    ERROR = 3
    CLOSE = 255


class Channels:
    """One open conversation. `receive` belongs to one thread."""

    def __init__(self, socket: Any, context: str) -> None:
        self._socket = socket
        self._context = context
        self._heard = time.monotonic()

    def give(self, data: bytes) -> None:
        """Send the whole input, and say that it has ended. Why nobody takes it any more is found out by receiving."""
        try:
            with _wrapped(self._context):
                for start in range(0, len(data), _PIECE):
                    self._socket.send_binary(bytes([Channel.STDIN]) + data[start : start + _PIECE])
                self._socket.send_binary(bytes([Channel.CLOSE, Channel.STDIN]))
        except ClusterError as error:
            if error.cause is not Cause.CONNECTION_LOST:
                raise

    def receive(self, stopped: threading.Event, ends: float) -> Iterator[tuple[int, bytes]]:
        """Channel and data of each message, until the server says goodbye or somebody wants it ended.

        Raises:
            ClusterError: the connection broke, or it is later than ``ends`` (monotonic).
        """
        from websocket import ABNF, WebSocketTimeoutException

        self._socket.settimeout(_LOOK)
        while not stopped.is_set():
            if time.monotonic() > ends:
                raise ClusterError(Cause.TIMEOUT, "the program in the pod has not ended in time", self._context)
            try:
                with _wrapped(self._context):
                    opcode, data = self._socket.recv_data()
            except WebSocketTimeoutException:
                self._keep_alive()
                continue
            self._heard = time.monotonic()
            if opcode == ABNF.OPCODE_CLOSE:
                return
            if data:
                yield data[0], data[1:]

    def _keep_alive(self) -> None:
        if time.monotonic() - self._heard > _PING:
            self._heard = time.monotonic()
            with _wrapped(self._context):
                self._socket.ping()


@contextmanager
def opened(client: Client, request: Request, timeout: float) -> Iterator[Channels]:
    """A conversation about one request, closed in the end.

    Raises:
        ClusterError: the server did not begin it.
    """
    from websocket import WebSocket

    connection = client.connection()
    started = time.monotonic()
    socket: Any = WebSocket(sslopt=_tls(connection), skip_utf8_validation=True, enable_multithread=True)
    try:
        with _wrapped(client.context, request, client.server, timeout):
            socket.settimeout(timeout)
            socket.connect(
                f"ws{connection.host.removeprefix('http')}{request.target}",
                header=_headers(connection, client.context),
                subprotocols=[_PROTOCOL],
                suppress_origin=True,
                redirect_limit=0,  # the credentials are for this server alone
                timeout=timeout,
                **_proxy(connection, client.context),
            )
        client.write_log(request, f"{_PROTOCOL} opened", started)
        if socket.getsubprotocol() != _PROTOCOL:
            raise ClusterError(
                Cause.UNREADABLE, f"the server does not speak {_PROTOCOL}: Kubernetes 1.30 has it", client.context
            )
        yield Channels(socket, client.context)
    finally:
        socket.shutdown()


def _tls(connection: Connection) -> dict[str, object]:
    """The TLS context that the other requests use."""
    settings = connection.pool.connection_pool_kw
    if (context := settings.get("ssl_context")) is None:
        return {}
    name = getattr(connection.configuration, "tls_server_name", None)
    return {"context": context} | ({"server_hostname": name} if name else {})


def _headers(connection: Connection, context: str) -> list[str]:
    found = [f"{name}: {value}" for name, value in connection.headers().iteritems() if name.lower() != "accept"]
    if any(not line.isprintable() for line in found):
        raise ClusterError(Cause.KUBECONFIG, "the credentials have characters that no HTTP header may have", context)
    return found


def _proxy(connection: Connection, context: str) -> dict[str, object]:
    """The proxy that the official client chose; none is looked for again in the environment."""
    if getattr(connection.pool, "proxy_url", None):
        raise ClusterError(Cause.PROXY, "programs in pods cannot be reached through a SOCKS proxy", context)
    proxy = getattr(connection.pool, "proxy", None)
    if proxy is None:
        return {"http_no_proxy": ["*"]}
    user, _, password = (proxy.auth or "").partition(":")
    return {
        "http_proxy_host": proxy.host,
        "http_proxy_port": proxy.port or 80,
        "http_proxy_auth": (user, password) if user else None,
        "http_no_proxy": ["nowhere.invalid"],
        "proxy_type": "http",
    }


@contextmanager
def _wrapped(
    context: str, request: Request | None = None, server: str = "the server", timeout: float = 0
) -> Iterator[None]:
    """Turn what the network and the WebSocket raise into ClusterError; a silence of `receive` stays what it is."""
    import websocket

    try:
        yield
    except websocket.WebSocketBadStatusException as error:
        if request is None:
            raise ClusterError(Cause.CONNECTION_LOST, first_line(str(error)), context) from None
        answer = Answer(error.status_code, error.resp_headers or {}, (), _bytes(error.resp_body))
        raise status_error(answer, request, context) from None
    except websocket.WebSocketProxyException as error:
        raise ClusterError(Cause.PROXY, without_secrets(first_line(str(error))), context) from None
    except websocket.WebSocketTimeoutException as error:
        if request is None:
            raise
        raise exception_error(TimeoutError(), context, server, timeout) from error
    except websocket.WebSocketAddressException as error:
        raise ClusterError(Cause.DNS, f"the name of {server} cannot be resolved: {error}", context) from None
    except ConnectionRefusedError as error:
        raise ClusterError(Cause.REFUSED, f"{server} does not accept connections: {error.strerror}", context) from error
    except (ssl.SSLError, OSError) as error:
        raise exception_error(error, context, server, timeout) from error
    except websocket.WebSocketException as error:
        why = f"the connection to {server} broke: {first_line(str(error))}"
        raise ClusterError(Cause.CONNECTION_LOST, without_secrets(why), context) from None


def _bytes(body: object) -> bytes:
    return body if isinstance(body, bytes) else str(body or "").encode()


def of_program(path: str, name: str, more: Sequence[tuple[str, str]]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Path and parameters of a subresource that talks to a program with all three streams."""
    streams = (("stdin", "true"), ("stdout", "true"), ("stderr", "true"))
    return f"{path}/{name}", (*more, *streams)
