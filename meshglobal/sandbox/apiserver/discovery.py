"""What the cluster serves, told to clients: /api, /apis, resource lists, /version, health."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from meshglobal.sandbox.apiserver import openapi, problems
from meshglobal.sandbox.apiserver.exchange import Request, Response, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.resources import Catalogue, Resource, Subresource

AGGREGATED_TYPE = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
_HEALTH = ("/healthz", "/livez", "/readyz")
_VERSION: JSON = {
    "major": "1",
    "minor": "36",
    "emulationMajor": "1",
    "emulationMinor": "36",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "35",
    "gitVersion": "v1.36.2+meshglobal",
    "gitCommit": "",
    "gitTreeState": "clean",
    "buildDate": "1970-01-01T00:00:00Z",
    "goVersion": "go1.26",
    "compiler": "gc",
    "platform": "linux/amd64",
}


def answer(catalogue: Catalogue, request: Request) -> Response:
    """Answer a path that is no resource, or say that nobody serves it (404)."""
    path = request.path.rstrip("/") or "/"
    if any(path == health or path.startswith(f"{health}/") for health in _HEALTH):
        return text(200, "ok")
    if path == "/version":
        return _json(_VERSION)
    parts = path.strip("/").split("/")
    if parts[0] == "openapi":
        return openapi.answer(catalogue, request)
    if parts[0] == "api":
        return _core(catalogue, parts[1:], request)
    if parts[0] == "apis":
        return _grouped(catalogue, parts[1:], request)
    return page_not_found()


def page_not_found() -> Response:
    """Return the plain-text 404 for paths that nobody knows."""
    return text(404, "404 page not found\n")


def not_served(catalogue: Catalogue, group: str) -> Response:
    """Answer for a resource that does not exist: a Status in the groups of the API server itself, else plain text."""
    if any(resource.group == group and not resource.is_custom for resource in catalogue):
        raise problems.no_such_path()
    return page_not_found()


def _core(catalogue: Catalogue, rest: list[str], request: Request) -> Response:
    match rest:
        case []:
            if _wants_aggregated(request):
                return _aggregated(catalogue, [""])
            addresses = [{"clientCIDR": "0.0.0.0/0", "serverAddress": request.header("host")}]
            return _json({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": addresses})
        case ["v1"]:
            return _resource_list(catalogue, "", "v1")
    return not_served(catalogue, "")


def _grouped(catalogue: Catalogue, rest: list[str], request: Request) -> Response:
    groups = {group: versions for group, versions in catalogue.groups().items() if group}
    match rest:
        case []:
            if _wants_aggregated(request):
                return _aggregated(catalogue, groups)
            listed = [_group(group, versions) for group, versions in groups.items()]
            return _json({"kind": "APIGroupList", "apiVersion": "v1", "groups": listed})
        case [group] if group in groups:
            return _json({"kind": "APIGroup", "apiVersion": "v1"} | _group(group, groups[group]))
        case [group, version] if version in groups.get(group, ()):
            return _resource_list(catalogue, group, version)
        case [group, *_]:
            return not_served(catalogue, group)
    return page_not_found()


def _wants_aggregated(request: Request) -> bool:
    return "as=APIGroupDiscoveryList" in request.header("accept") and "v=v2" in request.header("accept")


def _json(body: JSON, content_type: str = "application/json") -> Response:
    return Response(200, msgspec.json.encode(body), content_type)


def _group(group: str, versions: list[str]) -> JSON:
    listed = [{"groupVersion": f"{group}/{version}", "version": version} for version in versions]
    return {"name": group, "versions": listed, "preferredVersion": listed[0]}


def _resource_list(catalogue: Catalogue, group: str, version: str) -> Response:
    group_version = f"{group}/{version}" if group else version
    rows = [row for resource in catalogue.of(group, version) for row in _rows(resource)]
    listed: JSON = {"kind": "APIResourceList", "groupVersion": group_version, "resources": rows}
    # The core group's list is older than its own apiVersion field.
    return _json(({"apiVersion": "v1"} if group else {}) | listed)


def _rows(resource: Resource) -> Iterable[JSON]:
    row: JSON = {
        "name": resource.plural,
        "singularName": resource.singular,
        "namespaced": resource.namespaced,
        "kind": resource.kind,
        "verbs": resource.verbs,
    }
    optional = {"shortNames": resource.short_names, "categories": resource.categories}
    yield row | {key: value for key, value in optional.items() if value}
    for part in resource.subresources:
        yield _subresource_row(resource, part)


def _subresource_row(resource: Resource, part: Subresource) -> JSON:
    row: JSON = {"name": f"{resource.plural}/{part.name}", "singularName": "", "namespaced": resource.namespaced}
    if part.group:
        row |= {"group": part.group, "version": part.version}
    return row | {"kind": part.kind, "verbs": part.verbs}


def _aggregated(catalogue: Catalogue, groups: Iterable[str]) -> Response:
    known = catalogue.groups()
    items = []
    for group in groups:
        versions = [_version(catalogue, group, version) for version in known[group]]
        items.append({"metadata": {"name": group} if group else {}, "versions": versions})
    body: JSON = {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}}
    return _json(body | {"items": items}, AGGREGATED_TYPE)


def _version(catalogue: Catalogue, group: str, version: str) -> JSON:
    found = [_described(resource) for resource in catalogue.of(group, version)]
    return {"version": version, "freshness": "Current", "resources": found}


def _described(resource: Resource) -> JSON:
    described: JSON = {
        "resource": resource.plural,
        "responseKind": _response_kind(resource, resource.kind),
        "scope": "Namespaced" if resource.namespaced else "Cluster",
        "singularResource": resource.singular,
        "verbs": resource.verbs,
    }
    parts = [
        {"subresource": part.name, "responseKind": _response_kind(resource, part.kind, part), "verbs": part.verbs}
        for part in resource.subresources
    ]
    optional = {"shortNames": resource.short_names, "categories": resource.categories, "subresources": parts}
    return described | {key: value for key, value in optional.items() if value}


def _response_kind(resource: Resource, kind: str, part: Subresource | None = None) -> JSON:
    # Built-in kinds leave group and version empty where they are those of the list they stand in.
    if part is not None and part.group:
        return {"group": part.group, "version": part.version, "kind": kind}
    if resource.is_custom:
        return {"group": resource.group, "version": resource.version, "kind": kind}
    return {"group": "", "version": "", "kind": kind}
