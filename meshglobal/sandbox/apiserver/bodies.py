"""Reading the object that a request carries: JSON, YAML or protobuf, and whether it is of the right kind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from meshglobal.sandbox.apiserver import problems
from meshglobal.sandbox.apiserver.intake import check_shape
from meshglobal.sandbox.apiserver.objects import JSON, name_of, namespace_of

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.exchange import Request
    from meshglobal.sandbox.apiserver.resources import Catalogue, Resource

LARGEST = 3 * 1024 * 1024
_PROTOBUF = "application/vnd.kubernetes.protobuf"
_ACCEPTED = f"application/json, application/yaml, {_PROTOBUF}"
_LONGEST_QUOTE = 30


def media_type(request: Request) -> str:
    """Return the media type of the request's body, without its parameters."""
    return request.header("content-type").partition(";")[0].strip().lower()


def decode(request: Request, kind: str) -> JSON:
    """Return the decoded object of a request; raises ApiError (400, 413, 415). `kind` is for the message."""
    check_size(request)
    match media_type(request):
        case "application/json" | "":
            return _from_json(request.body, kind)
        case "application/yaml":
            return _object(_from_yaml(request.body), request.body, kind)
        case "application/vnd.kubernetes.protobuf":
            from meshglobal.sandbox.apiserver import protobuf

            return protobuf.decode(request.body)
    text = f"the body of the request was in an unknown format - accepted media types include: {_ACCEPTED}"
    raise problems.ApiError(415, "UnsupportedMediaType", text)


def check_size(request: Request) -> None:
    """Refuse a body that is too large (413)."""
    if len(request.body) > LARGEST:
        raise problems.ApiError(413, "RequestEntityTooLarge", f"Request entity too large: limit is {LARGEST}")


def _from_json(body: bytes, kind: str) -> JSON:
    try:
        return _object(msgspec.json.decode(body), body, kind)
    except msgspec.DecodeError as error:
        why = "unexpected end of JSON input" if "truncated" in str(error) or _ends_early(body) else str(error)
        raise _unrecognized(kind, f"couldn't get version/kind; json parse error: {why}", body) from error


def _ends_early(body: bytes) -> bool:
    return body.rstrip().endswith((b",", b":", b"{", b"["))


def _from_yaml(body: bytes) -> Any:
    try:
        return json.loads(json.dumps(yaml.safe_load(body), default=str))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise problems.bad_request(f"error converting YAML to JSON: {error}") from error


def _object(decoded: Any, body: bytes, kind: str) -> JSON:
    if isinstance(decoded, dict):
        return decoded
    if decoded is None:
        raise _unrecognized(kind, f"Object 'Kind' is missing in '{body.decode(errors='replace')}'", body)
    what = {list: "array", str: "string", bool: "bool"}.get(type(decoded), "number")
    target = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'
    why = f"couldn't get version/kind; json parse error: json: cannot unmarshal {what} into Go value of type {target}"
    raise _unrecognized(kind, why, body)


def _unrecognized(kind: str, why: str, body: bytes) -> problems.ApiError:
    # What does not look like an object is shown in hexadecimal digits.
    text = body.decode(errors="replace") if body.startswith(b"{") else body.hex()
    shown = f"{text[:_LONGEST_QUOTE]} ..." if len(text) > _LONGEST_QUOTE else text or "<empty>"
    return problems.bad_request(f"the object provided is unrecognized (must be of type {kind}): {why} ({shown})")


def duplicates(request: Request) -> list[str]:
    """Return a complaint about each key that a JSON body has twice in one object."""
    found: list[str] = []
    if request.body and media_type(request) in ("application/json", ""):
        _note_duplicates(json.loads(request.body, object_pairs_hook=_Pairs), "", found)
    return found


class _Pairs(list[tuple[str, Any]]):
    """The members of a JSON object, repeated keys and all."""


def _note_duplicates(value: Any, path: str, found: list[str]) -> None:
    if isinstance(value, _Pairs):
        seen: set[str] = set()
        for key, inner in value:
            where = f"{path}.{key}" if path else key
            if key in seen:
                found.append(f'duplicate field "{where}"')
            seen.add(key)
            _note_duplicates(inner, where, found)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _note_duplicates(inner, f"{path}[{index}]", found)


def check_type(catalogue: Catalogue, resource: Resource, obj: JSON, body: bytes) -> JSON:
    """Return the object with the kind and version of the path; raises ApiError (400, 422) where it has others."""
    check_shape(resource, obj, is_patch=False)
    version, kind = obj.get("apiVersion") or "", obj.get("kind") or ""
    if resource.is_custom:
        _check_custom_type(resource, version, kind, body)
    else:
        _check_built_in_type(catalogue, resource, version or resource.group_version, kind or resource.kind)
    return obj | {"apiVersion": resource.group_version, "kind": resource.kind}


def _check_custom_type(resource: Resource, version: str, kind: str, body: bytes) -> None:
    if not version or not kind:
        missing = "apiVersion" if kind else "Kind"
        text = body.decode(errors="replace").strip()
        raise _unrecognized(resource.kind, f"Object '{missing}' is missing in '{text}'", body)
    if kind != resource.kind:
        cause = problems.Cause("FieldValueInvalid", "kind", f'Invalid value: "{kind}": must be {resource.kind}')
        raise problems.invalid(kind, resource.group, "x", [cause])
    if version != resource.group_version:
        expected = f"does not match the expected API version ({resource.group_version})"
        raise problems.bad_request(f"the API version in the data ({version}) {expected}")


def _check_built_in_type(catalogue: Catalogue, resource: Resource, version: str, kind: str) -> None:
    if (version, kind) == (resource.group_version, resource.kind):
        return
    short, why = version.rpartition("/")[2], why_other(catalogue, resource, version, kind)
    raise problems.bad_request(f'{kind} in version "{short}" cannot be handled as a {resource.kind}: {why}')


def why_other(catalogue: Catalogue, resource: Resource, version: str, kind: str) -> str:
    """Say why an object of another kind or version is none of this resource."""
    if catalogue.by_kind(version, kind) is None:
        return f'no kind "{kind}" is registered for version "{version}" in scheme "pkg/api/legacyscheme/scheme.go:30"'
    return f"converting (v1.{kind}) to (core.{resource.kind}): unknown conversion"


def place(resource: Resource, obj: JSON, namespace: str, name: str) -> JSON:
    """Return the object with the namespace and name of the path; raises ApiError (400) where it has others."""
    if name and name_of(obj) and name_of(obj) != name:
        text = f"the name of the object ({name_of(obj)}) does not match the name on the URL ({name})"
        raise problems.bad_request(text)
    inside = namespace if resource.namespaced else ""
    if namespace_of(obj) not in ("", inside):
        raise problems.bad_request(
            "the namespace of the provided object does not match the namespace sent on the request"
        )
    meta = dict(obj.get("metadata") or {})
    if name:
        meta.setdefault("name", name)
    if inside:
        meta["namespace"] = inside
    else:
        meta.pop("namespace", None)
    return obj | {"metadata": meta}
