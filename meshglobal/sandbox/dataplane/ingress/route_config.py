"""HTTPRoutes in Envoy's words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from meshglobal.sandbox.dataplane.envoy_config import JSON, retries
from meshglobal.sandbox.dataplane.ingress.backends import Way
from meshglobal.sandbox.dataplane.ingress.observed import Route, Rule

_NOWHERE = "nowhere"
"""No pool has this name: what is sent there gets a 500, as Gateway API asks."""
_PATHS = {"Exact": 2, "RegularExpression": 1, "PathPrefix": 0}


class Placed(NamedTuple):
    """A rule with where its backends lead: a way and a weight each; None: nowhere."""

    route: Route
    number: int
    rule: Rule
    ways: tuple[tuple[Way | None, int], ...]


def envoy_routes(rules: Iterable[Placed], onward_header: str) -> list[JSON]:
    """The routes of one host, those that come first by Gateway API's rules first."""
    found = [(_rank(match, each), match, each) for each in rules for match in each.rule.matches]
    found.sort(key=lambda one: one[0])
    return [_route(match, each, onward_header) for _, match, each in found]


def _rank(match: JSON, placed: Placed) -> tuple[object, ...]:
    """Exact paths, then longer ones; a method; more headers; more parameters; the older route, by name; its order."""
    path = match.get("path") or {}
    return (
        -_PATHS.get(path.get("type", "PathPrefix"), 0),
        -len(path.get("value", "/")),
        "method" not in match,
        -len(match.get("headers") or ()),
        -len(match.get("queryParams") or ()),
        placed.route.created,
        placed.route.key,
        placed.number,
    )


def _route(match: JSON, placed: Placed, onward_header: str) -> JSON:
    found = {"match": _match(match), **_filters(placed.rule)}
    if not sum(weight for _, weight in placed.ways):
        return found | {"direct_response": {"status": 500}}
    clusters = [_weighted(way, weight, onward_header) for way, weight in placed.ways]
    action = {
        "weighted_clusters": {"clusters": clusters},
        "cluster_not_found_response_code": "INTERNAL_SERVER_ERROR",
        "timeout": "0s",
        "retry_policy": retries(),
        **_rewrite(placed.rule),
    }
    return found | {"route": action}


def _weighted(way: Way | None, weight: int, onward_header: str) -> JSON:
    if way is None:
        return {"name": _NOWHERE, "weight": weight}
    return {"name": way.pool, "weight": weight, "request_headers_to_add": [_header(onward_header, way.onward)]}


def _header(name: str, value: str, action: str = "OVERWRITE_IF_EXISTS_OR_ADD") -> JSON:
    return {"header": {"key": name, "value": value}, "append_action": action, "keep_empty_value": True}


def _match(match: JSON) -> JSON:
    found = _path(match.get("path") or {})
    headers = [_compared(each) for each in match.get("headers") or ()]
    if "method" in match:
        headers.append({"name": ":method", "string_match": {"exact": match["method"]}})
    parameters = [_compared(each) for each in match.get("queryParams") or ()]
    return found | {"headers": headers, "query_parameters": parameters}


def _path(path: JSON) -> JSON:
    value = path.get("value", "/")
    match path.get("type", "PathPrefix"):
        case "Exact":
            return {"path": value}
        case "RegularExpression":
            return {"safe_regex": {"regex": value}}
        case _ if value == "/":
            return {"prefix": "/"}
        case _:
            return {"path_separated_prefix": value.rstrip("/")}


def _compared(each: JSON) -> JSON:
    if each.get("type") == "RegularExpression":
        return {"name": each["name"], "string_match": {"safe_regex": {"regex": each["value"]}}}
    return {"name": each["name"], "string_match": {"exact": each["value"]}}


def _filters(rule: Rule) -> JSON:
    found: JSON = {}
    for each in rule.filters:
        for side in ("request", "response"):
            change = each.get(f"{side}HeaderModifier")
            if change:
                found[f"{side}_headers_to_add"] = [
                    *(_header(one["name"], one["value"]) for one in change.get("set") or ()),
                    *(_header(one["name"], one["value"], "APPEND_IF_EXISTS_OR_ADD") for one in change.get("add") or ()),
                ]
                found[f"{side}_headers_to_remove"] = change.get("remove") or []
    return found


def _rewrite(rule: Rule) -> JSON:
    """The host and path that a URLRewrite filter puts in."""
    wish: JSON = next((each["urlRewrite"] for each in rule.filters if each.get("urlRewrite")), {})
    found: JSON = {"host_rewrite_literal": wish["hostname"]} if wish.get("hostname") else {}
    path = wish.get("path") or {}
    if path.get("type") == "ReplaceFullPath":
        whole = {"pattern": {"regex": "^/[^?]*"}, "substitution": path.get("replaceFullPath", "/")}
        return found | {"regex_rewrite": whole}
    if path.get("type") == "ReplacePrefixMatch":
        return found | {"prefix_rewrite": path.get("replacePrefixMatch") or "/"}
    return found
