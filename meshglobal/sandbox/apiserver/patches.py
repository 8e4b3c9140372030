"""PATCH: merge, JSON and strategic patches of what is there, and server-side apply, which may also make it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import bodies, patching, problems, writes
from meshglobal.sandbox.apiserver.intake import cannot_hold, check_shape, known_schema
from meshglobal.sandbox.apiserver.objects import JSON, timestamp
from meshglobal.sandbox.apiserver.options import flag
from meshglobal.sandbox.apiserver.patching import apply as server_side
from meshglobal.sandbox.apiserver.problems import Cause

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.call import Call
    from meshglobal.sandbox.apiserver.exchange import Response
    from meshglobal.sandbox.apiserver.resources import Resource


def patch(call: Call) -> Response:
    """Change the object that the path names; raises ApiError (400, 404, 409, 415, 422)."""
    media_type = patching.check_media_type(call.request.header("content-type"), is_custom=call.resource.is_custom)
    bodies.check_size(call.request)
    if media_type == patching.APPLY_PATCH:
        return _apply(call)
    schema = known_schema(call.resource)

    def change(old: JSON) -> JSON:
        patched = patching.apply_patch(media_type, _shown(call.resource, old), call.request.body, schema)
        check_shape(call.resource, patched, is_patch=True)
        _check_kind(call, patched)
        return bodies.place(call.resource, patched, call.namespace, call.route.name)

    return call.writer.one(writes.update(call.state, call.resource, call.key, change, call.write(is_patch=True)))


def _check_kind(call: Call, patched: JSON) -> None:
    """Refuse a patch that makes something else of an object: ApiError (422)."""
    resource, version, kind = call.resource, patched.get("apiVersion") or "", patched.get("kind") or ""
    if (version, kind) == (resource.group_version, resource.kind):
        return
    if not resource.is_custom:
        why = bodies.why_other(call.state.catalogue, resource, version, kind)
        raise cannot_hold(resource, patched, why, is_patch=True)
    field, wanted, found = "kind", resource.kind, kind
    if kind == resource.kind:
        field, wanted, found = "apiVersion", resource.group_version, version
    cause = Cause("FieldValueInvalid", field, f'Invalid value: "{found}": must be {wanted}')
    raise problems.invalid(kind, resource.group, call.route.name, [cause])


def _shown(resource: Resource, stored: JSON) -> JSON:
    """Return a stored object in the version of the request."""
    return stored | {"apiVersion": resource.group_version}


def _apply(call: Call) -> Response:
    """Answer an apply patch: with 201 where it made the object."""
    how = call.write(is_patch=True, is_apply=True)
    config = patching.read_applied(call.request.body)
    check_shape(call.resource, config, is_patch=False)
    patching.check_object_type(config, call.resource.group_version, call.resource.kind)
    config = bodies.place(call.resource, config, call.namespace, call.route.name)
    writer = patching.Writer(
        manager=call.request.query.get("fieldManager", ""),
        operation=patching.APPLY,
        api_version=call.resource.group_version,
        time=timestamp(call.state.now()),
        subresource=call.route.subresource,
        ignored=writes.ignored_by(call.resource, call.route.subresource),
    )
    force = bool(flag(call.request.query, "force"))

    def merged(live: JSON | None) -> JSON:
        return server_side.apply(live, config, known_schema(call.resource), writer, force=force)

    if call.state.store.get(call.resource.key, call.key) is not None:
        entry = writes.update(call.state, call.resource, call.key, lambda old: merged(_shown(call.resource, old)), how)
        return call.writer.one(entry)
    if call.route.subresource:
        raise problems.not_found(call.resource.plural, call.resource.group, call.route.name)
    return call.writer.one(writes.create(call.state, call.resource, merged(None), how), 201)
