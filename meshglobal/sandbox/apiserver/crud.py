"""The verbs on ordinary objects: get, list, watch, create, update, patch, delete, deletecollection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import bodies, deletion, listing, patches, selectors, writes
from meshglobal.sandbox.apiserver.answers import document
from meshglobal.sandbox.apiserver.exchange import Answer, Response, WatchStream
from meshglobal.sandbox.apiserver.options import ListOptions, list_options, parsed_version
from meshglobal.sandbox.apiserver.watch import Stream, Watch

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.call import Call
    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.store import Entry


def get(call: Call) -> Response:
    """Answer with one object."""
    parsed_version(call.request.query.get("resourceVersion", ""), call.state.store.version)
    return call.writer.one(call.found())


def list_or_watch(call: Call) -> Answer:
    """Answer with a list, or with a stream of events."""
    options = list_options(call.request.query, is_watch=call.route.is_watch)
    if options.is_watch:
        return _watch(call, options)
    return call.writer.many(listing.page(call.state.store, call.resource, call.namespace, options))


def _watch(call: Call, options: ListOptions) -> WatchStream:
    fields = options.fields
    if call.route.name:
        fields = ",".join(filter(None, [fields, f"metadata.name={call.route.name}"]))
    matches = selectors.matcher(options.labels, fields, call.resource)
    watch = Watch(call.resource, call.namespace, matches)
    stream = Stream(call.state.store, watch, options, call.writer.event_encoder())
    return WatchStream(stream.lines(), stream.close)


def create(call: Call) -> Response:
    """Store the object of the body as a new one."""
    obj = _body(call)
    return call.writer.one(writes.create(call.state, call.resource, obj, call.write()), 201)


def update(call: Call) -> Response:
    """Replace the object with the one of the body; a few kinds are made where they are missing."""
    obj = _body(call)
    if call.resource.create_on_put and call.state.store.get(call.resource.key, call.key) is None:
        return call.writer.one(writes.create(call.state, call.resource, obj, call.write()), 201)
    return call.writer.one(writes.update(call.state, call.resource, call.key, lambda _: obj, call.write()))


def patch(call: Call) -> Response:
    """Change the object as the body says; an apply patch makes it where it is missing."""
    return patches.patch(call)


def delete(call: Call) -> Response:
    """Delete the object, or mark it; answer with it or with a Status that names it."""
    options = deletion.read_options(call.request, is_dry_run=call.write().is_dry_run)
    entry = deletion.delete(call.state, call.resource, call.key, options)
    if call.resource.returns_deleted or _is_held(call, entry, options):
        return call.writer.one(entry)
    return document(_deleted(call, entry), call.form)


def _is_held(call: Call, entry: Entry, options: deletion.Options) -> bool:
    if options.is_dry_run:
        return bool(entry.obj["metadata"].get("finalizers"))
    return call.state.store.get(call.resource.key, entry.key) is not None


def _deleted(call: Call, entry: Entry) -> JSON:
    resource = call.resource
    uid = entry.obj["metadata"]["uid"]
    details = {"name": entry.key[1], "group": resource.group, "kind": resource.plural, "uid": uid}
    shown = {key: value for key, value in details.items() if value}
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": shown}


def delete_collection(call: Call) -> Response:
    """Delete all objects that a list with these selectors would show; answer with that list."""
    options = deletion.read_options(call.request, is_dry_run=call.write().is_dry_run)
    page = listing.page(call.state.store, call.resource, call.namespace, list_options(call.request.query))
    for entry in page.entries:
        deletion.delete(call.state, call.resource, entry.key, options)
    return call.writer.many(page)


def _body(call: Call) -> JSON:
    obj = bodies.decode(call.request, call.resource.kind)
    typed = bodies.check_type(call.state.catalogue, call.resource, obj, call.request.body)
    return bodies.place(call.resource, typed, call.namespace, call.route.name)
