"""From a context's entries to a connection: the official client reads them, its urllib3 pool carries the requests."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from meshglobal import __version__
from meshglobal.domain.failure import Cause
from meshglobal.kube.credentials import Identity
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.redaction import first_line
from meshglobal.kube.tls import TlsContexts

_loading = threading.Lock()  # the loader shares its temporary files between threads without one
_POOL_KEYS_IN_CONTEXT = ("ca_certs", "ca_cert_data", "cert_file", "key_file")


@dataclass(frozen=True, slots=True)
class Connection:
    """An official client that is ready, with the identity it was made for."""

    client: Any
    identity: Identity

    @property
    def host(self) -> str:
        """The server's URL, possibly with a path."""
        return str(self.client.configuration.host)

    @property
    def pool(self) -> Any:
        """The urllib3 PoolManager (or ProxyManager)."""
        return self.client.rest_client.pool_manager

    def headers(self) -> Any:
        """Authentication by the client's own settings, impersonation, and who asks."""
        from urllib3 import HTTPHeaderDict

        headers = HTTPHeaderDict({"User-Agent": f"meshglobal/{__version__}", "Accept": "application/json"})
        for setting in self.client.configuration.auth_settings().values():
            headers[setting["key"]] = setting["value"]
        for name, value in self.identity.headers:
            headers.add(name, value)
        return headers

    def close(self) -> None:
        """Close idle connections."""
        self.pool.clear()


def connect(context: str, cluster: Mapping[str, Any], identity: Identity, contexts: TlsContexts) -> Connection:
    """Make the official client of one context.

    Raises:
        ClusterError: KUBECONFIG when the entries cannot be used.
    """
    from kubernetes.config import ConfigException

    try:
        client = _load(context, cluster, identity, contexts)
    except ConfigException as error:
        raise ClusterError(Cause.KUBECONFIG, first_line(str(error)), context) from error
    except OSError as error:  # ssl.SSLError is one
        raise ClusterError(
            Cause.KUBECONFIG, f"certificate or key cannot be used: {error.strerror or error}", context
        ) from error
    except (ValueError, TypeError, KeyError) as error:  # bad base64, a bad URL of a proxy
        raise ClusterError(Cause.KUBECONFIG, f"the kubeconfig's entries cannot be used: {error}", context) from error
    return Connection(client, identity)


def _load(context: str, cluster: Mapping[str, Any], identity: Identity, contexts: TlsContexts) -> Any:
    from kubernetes.client import Configuration
    from kubernetes.config import new_client_from_config_dict

    configuration = Configuration()
    configuration.keep_alive = True  # a dead connection of a watch is noticed by the kernel as well
    configuration.proxy_headers = _proxy_headers(cluster.get("proxy-url") or configuration.proxy)
    document = {
        "current-context": context,
        "contexts": [{"name": context, "context": {"cluster": context, "user": context}}],
        "clusters": [{"name": context, "cluster": {k: v for k, v in cluster.items() if v not in ("", None)}}],
        "users": [{"name": context, "user": dict(identity.user)}],
    }
    # The loader writes keys into files since OpenSSL reads nothing else: they live in a directory of our own (0700,
    # files 0600) just until the TLS context has them.
    with _loading, tempfile.TemporaryDirectory(prefix="meshglobal-") as directory:
        client = new_client_from_config_dict(
            document,
            context=context,
            persist_config=False,
            temp_file_path=directory,
            client_configuration=configuration,
        )
        if configuration.host.startswith("https"):
            settings = client.rest_client.pool_manager.connection_pool_kw
            settings["ssl_context"] = contexts.context_for(cluster, identity.user, configuration)
            for key in _POOL_KEYS_IN_CONTEXT:
                settings.pop(key, None)
    return client


def _proxy_headers(proxy: str | None) -> Any:
    """User and password of a proxy's URL, which urllib3 leaves to its caller."""
    from urllib3.util import make_headers, parse_url

    user = parse_url(proxy).auth if proxy else None
    return make_headers(proxy_basic_auth=user) if user else None
