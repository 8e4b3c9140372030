"""The scale subresource: how many replicas, as autoscaling/v1 Scale shows it for any kind that has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver import bodies, patching, problems, writes
from meshglobal.sandbox.apiserver.answers import document
from meshglobal.sandbox.apiserver.conversion import Mismatch, typed
from meshglobal.sandbox.apiserver.intake import cannot_hold
from meshglobal.sandbox.apiserver.objects import JSON, metadata
from meshglobal.sandbox.apiserver.schema import schema_for

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.call import Call
    from meshglobal.sandbox.apiserver.exchange import Response
    from meshglobal.sandbox.apiserver.resources import Resource

_SHOWN_METADATA = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")


def paths_of(resource: Resource) -> tuple[str, str, str]:
    """Return where a kind keeps its replicas, their present number, and its selector."""
    for version in ((resource.definition or {}).get("spec") or {}).get("versions") or ():
        given = (version.get("subresources") or {}).get("scale")
        if given and version.get("name") == resource.version:
            return given["specReplicasPath"], given["statusReplicasPath"], given.get("labelSelectorPath", "")
    return ".spec.replicas", ".status.replicas", ""


def scale_of(resource: Resource, obj: JSON) -> JSON:
    """Return the Scale of an object."""
    wanted, present, selector = paths_of(resource)
    status: JSON = {"replicas": _at(obj, present) or 0}
    if selector:
        status |= {"selector": _at(obj, selector)} if _at(obj, selector) else {}
    else:
        labels = ((obj.get("spec") or {}).get("selector") or {}).get("matchLabels") or {}
        status |= {"selector": ",".join(f"{key}={value}" for key, value in sorted(labels.items()))} if labels else {}
    replicas = _at(obj, wanted)
    meta = {key: value for key, value in metadata(obj).items() if key in _SHOWN_METADATA}
    scale: JSON = {"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": meta}
    return scale | {"spec": {"replicas": replicas} if replicas else {}, "status": status}


def answer(call: Call) -> Response:
    """Answer a request for the scale of an object; raises ApiError (404, 409, 422, ...)."""
    if call.request.method == "GET":
        return document(scale_of(call.resource, call.found().obj), call.form)
    how = call.write(is_patch=call.request.method == "PATCH")

    def change(old: JSON) -> JSON:
        wanted = _typed(call.resource, _wanted_scale(call, scale_of(call.resource, old)), is_patch=how.is_patch)
        return _scaled(call.resource, old, wanted)

    entry = writes.update(call.state, call.resource, call.key, change, how)
    return document(scale_of(call.resource, entry.obj), call.form)


def _wanted_scale(call: Call, current: JSON) -> JSON:
    if call.request.method == "PUT":
        return bodies.place(call.resource, bodies.decode(call.request, "Scale"), call.namespace, call.route.name)
    media_type = patching.check_media_type(call.request.header("content-type"), is_custom=call.resource.is_custom)
    if media_type == patching.APPLY_PATCH:
        applied = patching.read_applied(call.request.body)
        patching.check_object_type(applied, current["apiVersion"], current["kind"])
        return current | {"spec": applied.get("spec") or {}}
    return patching.apply_patch(media_type, current, call.request.body, schema_for("autoscaling/v1", "Scale"))


def _typed(resource: Resource, scale: JSON, *, is_patch: bool) -> JSON:
    """Return a Scale of the right types; raises ApiError (400, 422)."""
    try:
        return typed(schema_for("autoscaling/v1", "Scale"), scale)
    except Mismatch as mismatch:
        if is_patch:
            raise cannot_hold(resource, scale, str(mismatch), is_patch=True) from mismatch
        text = f'Scale in version "v1" cannot be handled as a Scale: {mismatch}'
        raise problems.bad_request(text) from mismatch


def _scaled(resource: Resource, obj: JSON, scale: JSON) -> JSON:
    replicas = (scale.get("spec") or {}).get("replicas", 0)
    if isinstance(replicas, int) and replicas < 0:
        text = f"Invalid value: {replicas}: must be greater than or equal to 0"
        cause = problems.Cause("FieldValueInvalid", "spec.replicas", text)
        raise problems.invalid("Scale", "autoscaling", metadata(obj)["name"], [cause])
    changed = _with(obj, paths_of(resource)[0].strip(".").split("."), replicas)
    version = metadata(scale).get("resourceVersion")
    return changed | {"metadata": metadata(obj) | ({"resourceVersion": version} if version else {})}


def _at(obj: JSON, path: str) -> Any:
    found: Any = obj
    for part in path.strip(".").split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _with(obj: JSON, path: list[str], value: Any) -> JSON:
    first, *rest = path
    return obj | {first: _with(obj.get(first) or {}, rest, value) if rest else value}
