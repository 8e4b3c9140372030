"""From a context's entries to a connection: the official client reads them, its urllib3 pool carries the requests."""

from __future__ import annotations

import ssl
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any
from urllib.request import getproxies

from meshglobal import __version__
from meshglobal.domain.failure import Cause
from meshglobal.kube.credentials import Identity
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.official import official
from meshglobal.kube.redaction import first_line
from meshglobal.kube.tls import TlsContexts, without_files

_loading = threading.Lock()  # the loader shares its temporary files between threads without one
_POOL_KEYS_IN_CONTEXT = ("ca_certs", "ca_cert_data", "cert_file", "key_file")


@dataclass(frozen=True, slots=True)
class Connection:
    """What the official client made of a context, ready for requests, with the identity it was made for.

    Attributes:
        configuration: its `Configuration`.
        pool: the urllib3 PoolManager (or ProxyManager) of its REST client.
        identity: whom the server sees.
    """

    configuration: Any
    pool: Any
    identity: Identity

    @property
    def host(self) -> str:
        """The server's URL, possibly with a path."""
        return str(self.configuration.host)

    def headers(self) -> Any:
        """Authentication by the client's own settings, impersonation, and who asks."""
        from urllib3 import HTTPHeaderDict

        headers = HTTPHeaderDict({"User-Agent": f"meshglobal/{__version__}", "Accept": "application/json"})
        for setting in self.configuration.auth_settings().values():
            headers[setting["key"]] = setting["value"]
        for name, value in self.identity.headers:
            headers.add(name, value)
        return headers

    def close(self) -> None:
        """Close idle connections."""
        self.pool.clear()


def connect(context: str, cluster: Mapping[str, Any], identity: Identity, contexts: TlsContexts) -> Connection:
    """Make the connection of one context.

    Raises:
        ClusterError: KUBECONFIG when the entries cannot be used.
    """
    config_exception = official().config_exception
    _require_socks(context, cluster)
    try:
        configuration, pool = _load(context, cluster, identity, contexts)
    except config_exception as error:
        raise ClusterError(Cause.KUBECONFIG, first_line(str(error)), context) from error
    except OSError as error:  # ssl.SSLError is one
        raise ClusterError(
            Cause.KUBECONFIG, f"certificate or key cannot be used: {error.strerror or error}", context
        ) from error
    except (ValueError, TypeError, KeyError) as error:  # bad base64, a bad URL of a proxy
        raise ClusterError(Cause.KUBECONFIG, f"the kubeconfig's entries cannot be used: {error}", context) from error
    return Connection(configuration, pool, identity)


def _load(context: str, cluster: Mapping[str, Any], identity: Identity, contexts: TlsContexts) -> tuple[Any, Any]:
    """The official client's configuration and its pool, which gets the shared TLS context.

    The loader writes certificates and keys into files, since OpenSSL reads nothing else. They live in a directory of
    our own (0700, files 0600), once per distinct set, just until the TLS context has them.
    """
    if (known := contexts.known(cluster, identity.user)) is None:
        with _loading, tempfile.TemporaryDirectory(prefix="meshglobal-") as directory:
            known = contexts.known(cluster, identity.user)  # another thread may have been faster
            if known is None:
                configuration, pool = _made(context, cluster, identity.user, directory)
                if configuration.host.startswith("https"):
                    _share(pool, contexts.made(cluster, identity.user, configuration))
                return configuration, pool
    configuration, pool = _made(context, *without_files(cluster, identity.user), None)
    _share(pool, known)
    return configuration, pool


def _made(context: str, cluster: Mapping[str, Any], user: Mapping[str, Any], directory: str | None) -> tuple[Any, Any]:
    """As `new_client_from_config_dict` does it, but for the client's upper half of typed models."""
    document = {
        "current-context": context,
        "contexts": [{"name": context, "context": {"cluster": context, "user": context}}],
        "clusters": [{"name": context, "cluster": {k: v for k, v in cluster.items() if v not in ("", None)}}],
        "users": [{"name": context, "user": dict(user)}],
    }
    configuration = _configuration(cluster)
    official().load(
        document,
        context=context,
        persist_config=False,
        temp_file_path=directory,
        client_configuration=configuration,
    )
    return configuration, official().rest(configuration).pool_manager


def _share(pool: Any, tls: ssl.SSLContext) -> None:
    settings = pool.connection_pool_kw
    settings["ssl_context"] = tls
    for key in _POOL_KEYS_IN_CONTEXT:
        settings.pop(key, None)


def _configuration(cluster: Mapping[str, Any]) -> Any:
    # Left alone, each Configuration reads the environment four times over.
    proxies = _environment_proxies()
    scheme = str(cluster.get("server", "")).partition(":")[0].lower()
    proxy = proxies.get(scheme) or proxies.get("all") or ""
    configuration = official().configuration(proxy=proxy, no_proxy=proxies.get("no") or "")
    configuration.keep_alive = True  # a dead connection of a watch is noticed by the kernel as well
    configuration.proxy_headers = _proxy_headers(cluster.get("proxy-url") or proxy)
    return configuration


@cache
def _environment_proxies() -> Mapping[str, str]:
    return getproxies()


def _require_socks(context: str, cluster: Mapping[str, Any]) -> None:
    if str(cluster.get("proxy-url", "")).startswith("socks") and find_spec("socks") is None:
        raise ClusterError(Cause.KUBECONFIG, "its proxy-url needs PySocks: pip install pysocks", context)


def _proxy_headers(proxy: str | None) -> Any:
    """User and password of a proxy's URL, which urllib3 leaves to its caller."""
    from urllib3.util import make_headers, parse_url

    user = parse_url(proxy).auth if proxy else None
    return make_headers(proxy_basic_auth=user) if user else None
