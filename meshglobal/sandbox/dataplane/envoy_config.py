"""What an Envoy is told when it starts, as its JSON. Pools come later and change (`pool_config`).

The routes never change: a header names the pool. Its name is drawn anew for each sandbox, so only who was told by the
sandbox can choose a pool, whatever headers a request carries. A second header names the pool at the far end, for
requests that leave the cluster.
"""

from __future__ import annotations

import secrets
from typing import Any, NamedTuple, TypeAlias

JSON: TypeAlias = dict[str, Any]

OUTBOUND, EASTWEST = "outbound", "eastwest"
POOLS, LISTENERS = "pools", "listeners"
"""Folders with one file each, `NAME/NAME.json`."""
ADMIN_SOCKET = "admin.sock"
TYPE = "type.googleapis.com/envoy"

_NO_ENDPOINT = "x-sandbox-no-endpoint"
"""Marks an answer of the far Envoy, which had nothing to send the request to: worth another try elsewhere."""
_REPEATABLE = "GET|HEAD|OPTIONS"
_TRIES = 3


class Marks(NamedTuple):
    """The names of the two headers, secret to one sandbox."""

    pool: str
    onward: str

    @classmethod
    def draw(cls) -> Marks:
        """New names that nobody can guess."""
        return cls(f"x-sandbox-{secrets.token_hex(16)}", f"x-sandbox-{secrets.token_hex(16)}")


def bootstrap(cluster: str, marks: Marks) -> JSON:
    """All that an Envoy is told when it starts. Paths are relative to the folder that it runs in."""
    listeners = [
        listener(OUTBOUND, _of_every_host(_outbound_routes(marks))),
        listener(EASTWEST, _of_every_host(_eastwest_routes(marks)), local_reply=_own_words()),
    ]
    return {
        "node": {"id": cluster, "cluster": cluster},
        "admin": {"address": {"pipe": {"path": ADMIN_SOCKET, "mode": 0o600}}},
        "dynamic_resources": {"cds_config": _file(POOLS), "lds_config": _file(LISTENERS)},
        "static_resources": {"listeners": listeners},
    }


def _file(name: str) -> JSON:
    """A source that is replaced by rename: its folder is watched, as a file that is replaced loses its watch."""
    source = {"path": f"{name}/{name}.json", "watched_directory": {"path": name}}
    return {"path_config_source": source, "resource_api_version": "V3"}


def _of_every_host(routes: list[JSON]) -> JSON:
    return {"virtual_hosts": [{"name": "every host", "domains": ["*"], "routes": routes}]}


def listener(name: str, routes: JSON, port: int = 0, local_reply: JSON | None = None) -> JSON:
    """A listener on 127.0.0.1, on a free port for 0; it leaves requests as they are, as one that forwards bytes would.

    `routes` is what Envoy calls a RouteConfiguration.
    """
    manager = {
        "@type": f"{TYPE}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": name,
        "generate_request_id": False,
        "skip_xff_append": True,
        "stream_idle_timeout": "0s",
        "server_header_transformation": "PASS_THROUGH",
        "http_protocol_options": {"accept_http_10": True, **kept_case()},
        "route_config": {"name": name} | routes,
        "http_filters": [{"name": "envoy.filters.http.router", "typed_config": _router()}],
        **({"local_reply_config": local_reply} if local_reply else {}),
    }
    filters = [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]
    where = {"socket_address": {"address": "127.0.0.1", "port_value": port}}
    return {"name": name, "address": where, "filter_chains": [{"filters": filters}]}


def _router() -> JSON:
    return {"@type": f"{TYPE}.extensions.filters.http.router.v3.Router", "suppress_envoy_headers": True}


def kept_case() -> JSON:
    """Header names go through as they were written, as they do where bytes are forwarded."""
    kind = f"{TYPE}.extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig"
    formatter = {"name": "preserve_case", "typed_config": {"@type": kind, "forward_reason_phrase": True}}
    return {"header_key_format": {"stateful_formatter": formatter}}


def _outbound_routes(marks: Marks) -> list[JSON]:
    """To the pool that the header names. What is safe to repeat is repeated also when a connection breaks."""
    safe = {"name": ":method", "string_match": {"safe_regex": {"regex": _REPEATABLE}}}
    found = [
        _to_named_pool({"prefix": "/", "headers": [safe]}, marks.pool, retries("reset")),
        _to_named_pool({"prefix": "/"}, marks.pool, retries()),
    ]
    return [each | {"response_headers_to_remove": [_NO_ENDPOINT]} for each in found]


def _eastwest_routes(marks: Marks) -> list[JSON]:
    return [_to_named_pool({"prefix": "/"}, marks.onward, retries())]


def _to_named_pool(match: JSON, header: str, retry_policy: JSON) -> JSON:
    return {
        "match": match,
        "route": {"cluster_header": header, "timeout": "0s", "retry_policy": retry_policy},
        "request_headers_to_remove": ["x-forwarded-proto"],
    }


def retries(also: str = "") -> JSON:
    """Try again at another endpoint, of the next tier where the first is used up.

    Only what never reached an application is repeated, unless `also` names more.
    """
    reasons = ["connect-failure", "refused-stream", "reset-before-request", "retriable-headers", also]
    previous = f"{TYPE}.extensions.retry"
    return {
        "retry_on": ",".join(filter(None, reasons)),
        "num_retries": _TRIES,
        "retriable_headers": [{"name": _NO_ENDPOINT, "present_match": True}],
        "retry_back_off": {"base_interval": "0.002s", "max_interval": "0.05s"},
        "host_selection_retry_max_attempts": 5,
        "retry_host_predicate": [
            {
                "name": "envoy.retry_host_predicates.previous_hosts",
                "typed_config": {"@type": f"{previous}.host.previous_hosts.v3.PreviousHostsPredicate"},
            }
        ],
        "retry_priority": {
            "name": "envoy.retry_priorities.previous_priorities",
            "typed_config": {
                "@type": f"{previous}.priority.previous_priorities.v3.PreviousPrioritiesConfig",
                "update_frequency": 1,
            },
        },
    }


def _own_words() -> JSON:
    """Mark the answers that are Envoy's own: no healthy endpoint, or no such pool."""
    mark = {"header": {"key": _NO_ENDPOINT, "value": "true"}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}
    flags = {"response_flag_filter": {"flags": ["UH", "NC"]}}
    return {"mappers": [{"filter": flags, "headers_to_add": [mark]}]}
