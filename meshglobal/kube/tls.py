"""TLS contexts, one per distinct certificate authority and client certificate.

urllib3 would make a context for every connection, and loading the system's authorities alone takes some 40 ms. Made
early, contexts also allow the loader's temporary key files to be removed before the first request.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Mapping
from typing import Any

_CLUSTER = ("certificate-authority", "certificate-authority-data", "insecure-skip-tls-verify")
_USER = ("client-certificate", "client-certificate-data", "client-key", "client-key-data")
_Key = tuple[Any, ...]


class TlsContexts:
    """The contexts of a run. Thread-safe: sharing one context between connections is what OpenSSL means them for."""

    def __init__(self) -> None:
        self._contexts: dict[_Key, ssl.SSLContext] = {}
        self._lock = threading.Lock()

    def known(self, cluster: Mapping[str, Any], user: Mapping[str, Any]) -> ssl.SSLContext | None:
        """The context for these entries, if it has been made."""
        with self._lock:
            return self._contexts.get(_key(cluster, user))

    def made(self, cluster: Mapping[str, Any], user: Mapping[str, Any], configuration: Any) -> ssl.SSLContext:
        """Make the context for these entries; ``configuration`` (of the official client) has their files.

        Raises:
            OSError: a file cannot be read, or (`ssl.SSLError`) is no certificate or key.
        """
        context = _make(configuration)
        with self._lock:
            return self._contexts.setdefault(_key(cluster, user), context)


def without_files(cluster: Mapping[str, Any], user: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The entries without authorities, certificates and keys."""
    kept = {name: value for name, value in cluster.items() if not name.startswith("certificate-authority")}
    return kept, {name: value for name, value in user.items() if name not in _USER}


def _key(cluster: Mapping[str, Any], user: Mapping[str, Any]) -> _Key:
    return (*(cluster.get(name) for name in _CLUSTER), *(user.get(name) for name in _USER))


def _make(configuration: Any) -> ssl.SSLContext:
    from urllib3 import disable_warnings
    from urllib3.exceptions import InsecureRequestWarning
    from urllib3.util.ssl_ import create_urllib3_context

    if not configuration.verify_ssl:  # the kubeconfig says so; kubectl does not comment on it either
        disable_warnings(InsecureRequestWarning)
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED if configuration.verify_ssl else ssl.CERT_NONE)
    if configuration.verify_ssl and configuration.ssl_ca_cert:
        context.load_verify_locations(cafile=configuration.ssl_ca_cert)
    elif configuration.verify_ssl:
        context.load_default_certs()
    if configuration.cert_file:
        # A password would be asked for on the terminal; kubeconfigs have none.
        context.load_cert_chain(configuration.cert_file, configuration.key_file, password="")
    return context
