"""From what went wrong (an exception of the network stack, or a status) to the class of the failure.

urllib3 wraps what the system said; the class is chosen by its exception type and, for TLS, by OpenSSL's reason: an
*alert* came from the server and is about our certificate, anything else is about the server's.
"""

from __future__ import annotations

import errno
import ssl
from collections.abc import Iterator

from meshglobal.domain.failure import Cause
from meshglobal.kube.answer import Answer, Request, status_of
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.redaction import first_line, without_secrets

_ALERTS = {
    "CERTIFICATE_EXPIRED": (Cause.CREDENTIALS_EXPIRED, "the server says that the client certificate has expired"),
    "CERTIFICATE_REQUIRED": (Cause.CREDENTIALS_MISSING, "the server wants a client certificate"),
    "UNKNOWN_CA": (Cause.UNAUTHORIZED, "the server does not know who issued the client certificate"),
    "BAD_CERTIFICATE": (Cause.UNAUTHORIZED, "the server does not accept the client certificate"),
    "CERTIFICATE_UNKNOWN": (Cause.UNAUTHORIZED, "the server does not accept the client certificate"),
    "CERTIFICATE_REVOKED": (Cause.UNAUTHORIZED, "the client certificate is revoked"),
    "UNSUPPORTED_CERTIFICATE": (Cause.UNAUTHORIZED, "the server does not accept this kind of client certificate"),
}
_NO_WAY = (errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EHOSTDOWN)
_TOO_MANY, _PROXY_AUTHENTICATION = 429, 407
_STATUSES = {
    400: Cause.REJECTED,
    401: Cause.UNAUTHORIZED,
    403: Cause.FORBIDDEN,
    _PROXY_AUTHENTICATION: Cause.PROXY,
    409: Cause.CONFLICT,
    422: Cause.REJECTED,
    _TOO_MANY: Cause.THROTTLED,
}


def exception_error(error: Exception, context: str, server: str, seconds: float) -> ClusterError:
    """The failure behind an exception of urllib3, ssl or the socket layer; ``seconds`` was the time allowed."""
    cause, message = _of_exception(error, server, seconds)
    # Of these three it is not known whether the server got the request.
    is_sent = cause in (Cause.TIMEOUT, Cause.CONNECTION_LOST)
    return ClusterError(cause, without_secrets(message), context, is_sent=is_sent)


def _of_exception(error: Exception, server: str, seconds: float) -> tuple[Cause, str]:  # noqa: PLR0911 - a table of types
    from urllib3 import exceptions

    if isinstance(error, exceptions.ProxyError):
        return Cause.PROXY, f"the proxy did not let us through to {server}: {_innermost(error)}"
    if isinstance(error, exceptions.NameResolutionError):
        return Cause.DNS, f"the name of {server} cannot be resolved: {_innermost(error)}"
    if isinstance(error, exceptions.NewConnectionError):
        return _no_connection(error, server)
    if isinstance(error, (exceptions.TimeoutError, TimeoutError)):
        return Cause.TIMEOUT, f"{server} did not answer within {seconds:.3g} s"
    if isinstance(error, (exceptions.SSLError, ssl.SSLError)):
        return _tls(error, server)
    if isinstance(error, (exceptions.LocationValueError, exceptions.URLSchemeUnknown)):
        return Cause.KUBECONFIG, f"the server of the kubeconfig is no URL: {error}"
    return Cause.CONNECTION_LOST, f"the connection to {server} broke: {_innermost(error)}"


def _no_connection(error: Exception, server: str) -> tuple[Cause, str]:
    numbers = [link.errno for link in _chain(error) if isinstance(link, OSError)]
    if any(number in _NO_WAY for number in numbers):
        return Cause.REFUSED, f"{server} does not accept connections: {_innermost(error)}"
    if errno.ETIMEDOUT in numbers:
        return Cause.TIMEOUT, f"{server} did not answer: {_innermost(error)}"
    return Cause.REFUSED, f"no connection to {server}: {_innermost(error)}"


def _tls(error: Exception, server: str) -> tuple[Cause, str]:
    found = next((link for link in _chain(error) if isinstance(link, ssl.SSLError)), None)
    if isinstance(found, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return Cause.CONNECTION_LOST, f"the connection to {server} broke within TLS"
    if isinstance(found, ssl.SSLCertVerificationError):
        return Cause.TLS, f"the certificate of {server} is not trusted: {found.verify_message}"
    reason = (found.reason if found else None) or ""
    if "ALERT" in reason:
        for alert, (cause, message) in _ALERTS.items():
            if reason.endswith(alert):
                return cause, message
    if reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"):
        return Cause.TLS, f"{server} does not speak TLS"
    return Cause.TLS, f"no TLS connection to {server}: {reason.replace('_', ' ').lower() or _innermost(error)}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception with everything it wraps, outermost first: by cause, by context, or as its argument."""
    seen: list[BaseException] = []
    pending = [error]
    while pending:
        link = pending.pop(0)
        if link is None or any(link is other for other in seen):
            continue
        seen.append(link)
        pending += [link.__cause__, link.__context__, getattr(link, "original_error", None)]
        pending += [argument for argument in link.args if isinstance(argument, BaseException)]
    return iter(seen)


def _innermost(error: BaseException) -> str:
    """What the system itself said."""
    links = list(_chain(error))
    system = next((link for link in links if isinstance(link, OSError) and link.strerror), None)
    return first_line(str(system.strerror) if system else str(links[-1])) or type(links[-1]).__name__


def status_error(answer: Answer, request: Request, context: str) -> ClusterError:
    """The failure that an answer other than 2xx stands for."""
    status = status_of(answer.body)
    said = first_line(status.message) if status else ""
    if answer.status == 404:  # noqa: PLR2004 - a table of one row
        return _not_found(answer, request, context)
    if 300 <= answer.status < 400:  # noqa: PLR2004 - redirections; no Kubernetes API redirects
        target = first_line(answer.headers.get("Location", "elsewhere")).partition("?")[0]
        return ClusterError(Cause.UNREADABLE, f"the server redirects to {target} instead of answering", context)
    default = Cause.SERVER_ERROR if answer.status >= 500 else Cause.REJECTED  # noqa: PLR2004 - the classes of HTTP
    message = without_secrets(said or f"the server answered {answer.status} to {request.method} {request.path}")
    return ClusterError(_STATUSES.get(answer.status, default), message, context)


def _not_found(answer: Answer, request: Request, context: str) -> ClusterError:
    """404: the object is not there (a Status with its name), the kind is not served, or this is no Kubernetes."""
    status = status_of(answer.body)
    if status is not None and status.details is not None and status.details.name:
        return ClusterError(Cause.NOT_FOUND, first_line(status.message), context)
    if request.kind.is_custom and answer.body.lstrip()[:1] != b"<":
        return ClusterError(Cause.NO_SUCH_KIND, f"{request.kind.plural}.{request.kind.group} is not served", context)
    return ClusterError(Cause.UNREADABLE, f"the server answered 404 to {request.path}", context)
