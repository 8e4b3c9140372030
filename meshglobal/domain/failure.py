"""Why one cluster, or one kind in it, could not be read or written: a class of cause with one next step each."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Cause(StrEnum):
    """The class of a failure. The value is what machines read."""

    DNS = "dns"
    REFUSED = "refused"
    TLS = "tls"
    PROXY = "proxy"
    CREDENTIALS_EXPIRED = "credentials-expired"
    CREDENTIALS_MISSING = "credentials-missing"
    CREDENTIALS_PLUGIN = "credentials-plugin"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    TIMEOUT = "timeout"
    THROTTLED = "throttled"
    CONNECTION_LOST = "connection-lost"
    SERVER_ERROR = "server-error"
    UNREADABLE = "unreadable"
    NO_SUCH_KIND = "no-such-kind"
    NOT_FOUND = "not-found"
    REJECTED = "rejected"
    CONFLICT = "conflict"
    KUBECONFIG = "kubeconfig"
    NOT_STARTED = "not-started"
    NOT_IN_FILES = "not-in-files"


# One next step each; {context} and {detail} are filled in by `next_step`.
_STEPS: dict[Cause, str] = {
    Cause.DNS: "check the server's name in the kubeconfig, your DNS and your VPN",
    Cause.REFUSED: "is the API server running? try: kubectl --context {context} cluster-info",
    Cause.TLS: "check certificate-authority and tls-server-name of the cluster in the kubeconfig",
    Cause.PROXY: "check proxy-url in the kubeconfig, HTTPS_PROXY and NO_PROXY",
    Cause.CREDENTIALS_EXPIRED: "renew the credentials of this context (log in again)",
    Cause.CREDENTIALS_MISSING: "the kubeconfig names no usable credentials for this context: log in, or add a user",
    Cause.CREDENTIALS_PLUGIN: "run the plugin by hand, or log in again: kubectl --context {context} auth whoami",
    Cause.UNAUTHORIZED: "the server did not accept the credentials; log in again, then: "
    "kubectl --context {context} auth whoami",
    Cause.FORBIDDEN: "ask for the right: meshglobal rbac prints what each command needs",
    Cause.TIMEOUT: "check the network or VPN, or allow more with --request-timeout / --timeout",
    Cause.THROTTLED: "the server is busy; run again later or with fewer --workers",
    Cause.CONNECTION_LOST: "run again; if it persists check proxies and load balancers on the way",
    Cause.SERVER_ERROR: "look at the API server: kubectl --context {context} get --raw /readyz?verbose",
    Cause.UNREADABLE: "does something else than a Kubernetes API answer there? kubectl --context {context} version",
    Cause.NO_SUCH_KIND: "the CRD is not installed there: is the mesh installed in this cluster?",
    Cause.NOT_FOUND: "it is gone; run again",
    Cause.REJECTED: "the server or an admission policy refused the change; see its message",
    Cause.CONFLICT: "somebody else changed it; look, then run again, or with --overwrite",
    Cause.KUBECONFIG: "mend the kubeconfig: kubectl config view --context {context}",
    Cause.NOT_IN_FILES: "ask the cluster itself: the same command with --context, without --from",
    Cause.NOT_STARTED: "raise --timeout, or --workers",
}


class Failure(msgspec.Struct, frozen=True, rename="camel"):
    """One thing that could not be done in one cluster.

    Attributes:
        cause: the class, for machines.
        message: one sentence with what the server or the system said; never a secret.
        next_step: what to do about it.
    """

    cause: Cause
    message: str
    next_step: str = ""


def failure(cause: Cause, message: str, context: str) -> Failure:
    """A failure with the next step of its class."""
    return Failure(cause, message, _STEPS[cause].format(context=context))
