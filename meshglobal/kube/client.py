"""Requests to one API server, with raw bodies: one attempt each, credentials renewed once when they are refused."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from meshglobal.domain.circumstances import Circumstances
from meshglobal.domain.failure import Cause
from meshglobal.kube.answer import Answer, Request
from meshglobal.kube.classify import status_error
from meshglobal.kube.connection import Connection, connect
from meshglobal.kube.credentials import Identity, Impersonation, identify
from meshglobal.kube.dates import Dated, dated
from meshglobal.kube.exchange import allow_silence, read_body, send, wrapped_errors
from meshglobal.kube.exec_plugins import ExecPlugins
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.kubeconfig import Kubeconfig
from meshglobal.kube.tls import TlsContexts
from meshglobal.kube.warning_headers import parse_warnings

_UNAUTHORIZED, _OK, _BAD = 401, 200, 300
Log = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all clients of a run share. ``log`` gets one line per request, never a secret."""

    plugins: ExecPlugins = field(default_factory=ExecPlugins)
    contexts: TlsContexts = field(default_factory=TlsContexts)
    impersonation: Impersonation = field(default_factory=Impersonation)
    log: Log | None = None


class Client:
    """One context's way to its API server. Thread-safe; nothing is opened before the first request."""

    def __init__(self, kubeconfig: Kubeconfig, context: str, shared: Surroundings) -> None:
        self.context = context
        self.server = kubeconfig.server_of(context)
        self._kubeconfig = kubeconfig
        self._shared = shared
        self._lock = threading.Lock()
        self._connection: Connection | ClusterError | None = None
        self._dated: Dated | None = None

    def ask(self, request: Request, timeout: float) -> Answer:
        """Send a request once and read the whole answer, whatever its status; ``timeout`` in seconds.

        Raises:
            ClusterError: there was no answer, or it is 401.
        """
        connection = self.connection()
        answer = self._attempt(connection, request, timeout)
        if answer.status == _UNAUTHORIZED:
            renewed = self._renewed(connection)
            if renewed is connection:
                raise self._refused(connection.identity, answer, request)
            answer = self._attempt(renewed, request, timeout)
            if answer.status == _UNAUTHORIZED:
                raise self._refused(renewed.identity, answer, request)
        return answer

    def get(self, request: Request, timeout: float) -> Answer:
        """As `ask`; raises ClusterError unless the status is 2xx."""
        answer = self.ask(request, timeout)
        if not _OK <= answer.status < _BAD:
            raise status_error(answer, request, self.context)
        return answer

    def open(self, request: Request, timeout: float, silence: float) -> Any:
        """Send a request and hand out urllib3's unread response, whatever its status.

        Args:
            request: the request.
            timeout: seconds to connect, and until the response begins.
            silence: seconds that the server may be silent while the response is read.

        Raises:
            ClusterError: there was no answer.
        """
        connection = self.connection()
        response = self._open(connection, request, timeout, silence)
        if response.status == _UNAUTHORIZED:
            renewed = self._renewed(connection)
            if renewed is not connection:
                response.close()
                return self._open(renewed, request, timeout, silence)
        return response

    def connection(self) -> Connection:
        """The connection, made on first use; what failed then fails again."""
        with self._lock:
            if self._connection is None:
                try:
                    self._connection = self._connect(None)
                except ClusterError as error:
                    self._connection = error
            if isinstance(self._connection, ClusterError):
                raise self._connection
            return self._connection

    def circumstances(self) -> Circumstances:
        """What was noticed so far: by the first answer, and about the credentials. It waits for nobody."""
        first, connection = self._dated, self._connection  # no lock: a plugin may be running under it
        if first is None:
            return Circumstances()
        end = connection.identity.certificate_end() if isinstance(connection, Connection) else None
        return Circumstances(
            read_at=first.here, clock_skew=first.skew, certificate_end=end.timestamp() if end is not None else None
        )

    def close(self) -> None:
        """Close idle connections."""
        with self._lock:
            if isinstance(self._connection, Connection):
                self._connection.close()

    def _entries(self) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        context = self._kubeconfig.contexts[self.context]
        names = {"cluster": str(context.body.get("cluster") or ""), "user": str(context.body.get("user") or "")}
        cluster = self._kubeconfig.clusters.get(names["cluster"])
        user = self._kubeconfig.users.get(names["user"])
        if cluster is None or not cluster.body.get("server"):
            message = f'{context.place}: there is no cluster "{names["cluster"]}" with a server'
            raise ClusterError(Cause.KUBECONFIG, message, self.context)
        if user is None and names["user"]:
            raise ClusterError(Cause.KUBECONFIG, f'{context.place}: there is no user "{names["user"]}"', self.context)
        return cluster.body, user.body if user is not None else {}

    def _connect(self, previous: Identity | None) -> Connection:
        cluster, user = self._entries()
        shared = self._shared
        identity = identify(self.context, user, cluster, shared.plugins, shared.impersonation, previous)
        return connect(self.context, cluster, identity, shared.contexts)

    def _renewed(self, refused: Connection) -> Connection:
        """The connection with newer credentials; the refused one itself when there are none."""
        with self._lock:
            if self._connection is not refused and isinstance(self._connection, Connection):
                return self._connection  # another thread was faster
            cluster, user = self._entries()
            identity = identify(
                self.context, user, cluster, self._shared.plugins, self._shared.impersonation, refused.identity
            )
            if identity.user == refused.identity.user:
                return refused
            self._connection = connect(self.context, cluster, identity, self._shared.contexts)
            return self._connection

    def _open(self, connection: Connection, request: Request, timeout: float, silence: float) -> Any:
        started = time.monotonic()
        try:
            with wrapped_errors(self.context, self.server, timeout):
                response = send(connection, request, (timeout, timeout), encoding="identity")
                allow_silence(response, silence)
        except ClusterError as error:
            self.write_log(request, error.cause, started)
            raise
        self.write_log(request, str(response.status), started)
        return response

    def _attempt(self, connection: Connection, request: Request, timeout: float) -> Answer:
        started = time.monotonic()
        try:
            with wrapped_errors(self.context, self.server, timeout):
                response = send(connection, request, (timeout, timeout), encoding="gzip")
                self._dated = self._dated or dated(response.headers)
                body = read_body(response, started + timeout)
        except ClusterError as error:
            self.write_log(request, error.cause, started)
            raise self._expired(connection.identity, error) or error from error.__cause__
        self.write_log(request, str(response.status), started)
        return Answer(response.status, response.headers, parse_warnings(response.headers.getlist("Warning")), body)

    def _refused(self, identity: Identity, answer: Answer, request: Request) -> ClusterError:
        """What a 401 means: expired, nothing shown at all, or not accepted."""
        error = status_error(answer, request, self.context)
        if not identity.has_any:
            return ClusterError(Cause.CREDENTIALS_MISSING, "the kubeconfig has no credentials for it", self.context)
        return self._expired(identity, error) or error

    def _expired(self, identity: Identity, error: ClusterError) -> ClusterError | None:
        """The better explanation, if there is one; some servers just hang up on an expired client certificate."""
        if error.cause not in (Cause.UNAUTHORIZED, Cause.CONNECTION_LOST):
            return None
        if (end := identity.expired_since()) is None:
            return None
        message = f"the credentials expired at {end:%Y-%m-%d %H:%M} UTC"
        return ClusterError(Cause.CREDENTIALS_EXPIRED, message, self.context)

    def write_log(self, request: Request, end: str, started: float) -> None:
        """A line about a request that began at ``started`` (monotonic), if lines are wanted."""
        if self._shared.log is not None:
            took = (time.monotonic() - started) * 1000
            self._shared.log(f"{self.context}: {request.method} {request.target} {end} in {took:.0f} ms")
