"""The paths of resources as OpenAPI operations: which methods they take, for which kind, with which parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.openapi_schemas import DELETE_OPTIONS, PREFIX, STATUS, name_of

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.resources import Resource, Subresource

# verb -> method, action, whether it names an object.
_VERBS = (
    ("list", "get", "list", False),
    ("create", "post", "post", False),
    ("deletecollection", "delete", "deletecollection", False),
    ("get", "get", "get", True),
    ("update", "put", "put", True),
    ("patch", "patch", "patch", True),
    ("delete", "delete", "delete", True),
)
_PATCH_TYPES = ("application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json")
_STRATEGIC = "application/strategic-merge-patch+json"
_ON_WRITE = ("dryRun", "fieldManager", "fieldValidation")
_ON_LIST = ("labelSelector", "fieldSelector", "limit", "continue", "resourceVersion", "watch")


def of(resource: Resource) -> JSON:
    """The paths of a resource and of its subresources."""
    base = f"/apis/{resource.group_version}" if resource.group else f"/api/{resource.version}"
    inside = f"{base}/namespaces/{{namespace}}" if resource.namespaced else base
    many, one = f"{inside}/{resource.plural}", f"{inside}/{resource.plural}/{{name}}"
    found: JSON = {}
    for path, names_object in ((many, False), (one, True)):
        methods = {
            method: _operation(resource, resource.kind, method, action)
            for verb, method, action, is_named in _VERBS
            if is_named == names_object and verb in resource.verbs
        }
        if methods:
            found[path] = methods | {"parameters": _in_path(resource, has_name=names_object)}
    if resource.namespaced and "list" in resource.verbs:
        found[f"{base}/{resource.plural}"] = {"get": _operation(resource, resource.kind, "get", "list")}
    for part in resource.subresources:
        found[f"{one}/{part.name}"] = _of_part(resource, part)
    return found


def _of_part(resource: Resource, part: Subresource) -> JSON:
    found = {
        method: _operation(resource, part.kind, method, action)
        for verb, method, action, is_named in _VERBS
        if verb in part.verbs and (is_named or verb == "create")
    }
    return found | {"parameters": _in_path(resource, has_name=True)}


def _operation(resource: Resource, kind: str, method: str, action: str) -> JSON:
    name = name_of(resource)
    answer = STATUS if method == "delete" else f"{name}List" if action == "list" else name
    found: JSON = {
        "description": f"{action} {resource.kind}",
        "operationId": f"{action}{resource.version.capitalize()}{kind}",
        "responses": {"200": {"description": "OK", "content": _content(answer)}},
        "x-kubernetes-action": action,
        "x-kubernetes-group-version-kind": {"group": resource.group, "version": resource.version, "kind": kind},
    }
    if method == "patch":
        patch = {"schema": {"type": "object"}}
        # kubectl sends custom resources the patches that are named here.
        types = _PATCH_TYPES if resource.is_custom else (*_PATCH_TYPES, _STRATEGIC)
        found["requestBody"] = {"content": dict.fromkeys(types, patch), "required": True}
    elif method in ("post", "put"):
        found["requestBody"] = {"content": _content(name, media="*/*"), "required": True}
    elif method == "delete":
        found["requestBody"] = {"content": _content(DELETE_OPTIONS, media="*/*")}
    names = _ON_LIST if action == "list" else () if method in ("get", "delete") else _ON_WRITE
    if names:
        extra = ("force",) if method == "patch" else ()
        found["parameters"] = [_parameter(each) for each in (*names, *extra)]
    return found


def _content(name: str, media: str = "application/json") -> JSON:
    return {media: {"schema": {"$ref": f"{PREFIX}{name}"}}}


def _parameter(name: str) -> JSON:
    kind = {"force": "boolean", "watch": "boolean", "limit": "integer"}.get(name, "string")
    return {"name": name, "in": "query", "schema": {"type": kind, "uniqueItems": True}}


def _in_path(resource: Resource, *, has_name: bool) -> list[JSON]:
    names = ["name"] if has_name else []
    names += ["namespace"] if resource.namespaced else []
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
