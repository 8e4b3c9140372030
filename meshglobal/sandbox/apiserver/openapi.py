"""/openapi: what kubectl reads before it applies, explains or compares.

Version 3 has an index and one document a group version, made when it is first asked for. Of version 2 kubectl needs
that it is there, when it patches a custom resource: the document names no kinds, as if all were custom.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import msgspec

from meshglobal.sandbox.apiserver import openapi_paths, openapi_schemas
from meshglobal.sandbox.apiserver.definitions import schema_of
from meshglobal.sandbox.apiserver.exchange import Request, Response

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.resources import Catalogue, Resource

_INFO = {"title": "Kubernetes", "version": "v1.36.2"}
_V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
_V2_ASKED = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"
_documents: dict[str, bytes] = {}
_MOST_DOCUMENTS = 256


def answer(catalogue: Catalogue, request: Request) -> Response:
    """Answer a path below /openapi; with an empty 404 where nobody serves it."""
    parts = request.path.strip("/").split("/")[1:]
    match parts:
        case ["v2"]:
            return _version_2(request)
        case ["v3"]:
            return Response(200, msgspec.json.encode({"paths": _index(catalogue)}), "text/plain; charset=utf-8")
        case ["v3", *rest]:
            return _document(catalogue, rest)
    return _nothing()


def _nothing() -> Response:
    return Response(404, b"", "")


def _index(catalogue: Catalogue) -> JSON:
    found = {"version": _location("version", "version")}
    for group, versions in catalogue.groups().items():
        for version in versions:
            path = f"apis/{group}/{version}" if group else f"api/{version}"
            found[path] = _location(path, _fingerprint(catalogue.of(group, version)))
    return dict(sorted(found.items()))


def _location(path: str, fingerprint: str) -> JSON:
    hashed = hashlib.sha256(fingerprint.encode()).hexdigest().upper()
    return {"serverRelativeURL": f"/openapi/v3/{path}?hash={hashed}"}


def _fingerprint(resources: list[Resource]) -> str:
    """A text that differs where the documents of two groups of resources do."""
    stated = [(each.group_version, each.plural, (each.definition or {}).get("spec")) for each in resources]
    return json.dumps(stated, sort_keys=True)


def _document(catalogue: Catalogue, rest: list[str]) -> Response:
    match rest:
        case ["version"]:
            group = version = ""
        case ["api", version]:
            group = ""
        case ["apis", group, version]:
            pass
        case _:
            return _nothing()
    resources = [each for each in catalogue.of(group, version) if _is_described(each)]
    if rest != ["version"] and version not in catalogue.groups().get(group, ()):
        return _nothing()
    key = f"{rest} {_fingerprint(resources)}"
    if key not in _documents:
        if len(_documents) >= _MOST_DOCUMENTS:
            _documents.clear()
        _documents[key] = msgspec.json.encode(_described(resources))
    return Response(200, _documents[key], "application/json")


def _described(resources: list[Resource]) -> JSON:
    paths: JSON = {}
    for resource in resources:
        paths |= openapi_paths.of(resource)
    schemas = openapi_schemas.components(resources)
    document = {"openapi": "3.0.0", "info": _INFO, "paths": dict(sorted(paths.items()))}
    return document | {"components": {"schemas": schemas}}


def _is_described(resource: Resource) -> bool:
    try:
        schema_of(resource)
    except KeyError:
        return False
    return True


def _version_2(request: Request) -> Response:
    if _V2_ASKED in request.header("accept"):
        # Document{swagger: 1, info: 2{title: 1, version: 2}}, length before content.
        info = _text_field(1, _INFO["title"]) + _text_field(2, _INFO["version"])
        body = _text_field(1, "2.0") + bytes([2 << 3 | 2, len(info)]) + info
        return Response(200, body, _V2_PROTOBUF)
    document = {"swagger": "2.0", "info": _INFO, "paths": {}, "definitions": {}}
    return Response(200, msgspec.json.encode(document), "application/json")


def _text_field(number: int, text: str) -> bytes:
    return bytes([number << 3 | 2, len(text)]) + text.encode()
