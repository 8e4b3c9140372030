"""Pools in Envoy's words: all of them in one document, endpoints inline.

One file a pool would be one inotify instance a pool: with the kernel's usual 128 instances Envoy aborts at 120.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from meshglobal.sandbox.dataplane.envoy_config import JSON, TYPE, kept_case
from meshglobal.sandbox.dataplane.pools import Endpoint, Pool

CONNECT_SECONDS = 1
_IDLE_SECONDS = 30
"""Less than the applications' servers wait, so that it is Envoy who closes idle connections."""
_PLENTY = 65536
"""Circuit breakers are not what the sandbox is about."""


def pools_document(pools: Iterable[Pool], version: str) -> bytes:
    """The file of all pools."""
    resources = [{"@type": f"{TYPE}.config.cluster.v3.Cluster", **_cluster(each)} for each in pools]
    return msgspec.json.encode({"version_info": version, "resources": resources})


def listeners_document(listeners: Iterable[JSON], version: str) -> bytes:
    """The file of the listeners that come and go."""
    resources = [{"@type": f"{TYPE}.config.listener.v3.Listener", **each} for each in listeners]
    return msgspec.json.encode({"version_info": version, "resources": resources})


def _cluster(pool: Pool) -> JSON:
    tiers = [
        {"priority": rank, "lb_endpoints": [_endpoint(each) for each in tier]} for rank, tier in enumerate(pool.tiers)
    ]
    plenty = dict.fromkeys(("max_connections", "max_pending_requests", "max_requests", "max_retries"), _PLENTY)
    return {
        "name": pool.name,
        "type": "STATIC",
        "connect_timeout": f"{CONNECT_SECONDS}s",
        "load_assignment": {"cluster_name": pool.name, "endpoints": tiers},
        "common_lb_config": {"healthy_panic_threshold": {"value": 0}},
        "circuit_breakers": {"thresholds": [plenty]},
        "typed_extension_protocol_options": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": f"{TYPE}.extensions.upstreams.http.v3.HttpProtocolOptions",
                "common_http_protocol_options": {"idle_timeout": f"{_IDLE_SECONDS}s"},
                "explicit_http_config": {"http_protocol_options": kept_case()},
            }
        },
    }


def _endpoint(endpoint: Endpoint) -> JSON:
    where = {"socket_address": {"address": endpoint.address, "port_value": endpoint.port}}
    return {"endpoint": {"address": where}, "load_balancing_weight": endpoint.weight}
