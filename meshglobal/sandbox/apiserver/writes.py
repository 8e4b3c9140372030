"""Creating and changing objects: what every write goes through, whoever asks for it.

create: system metadata, habits of the kind -> defaults -> admission -> validation -> managed fields -> store.
update: what the writer may not touch is taken from the stored object, then the same. A write that changes nothing
keeps its resourceVersion, and an object that is being deleted goes with the last thing that held it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import admission, deletion, intake, pipeline, pod_security, problems, strategies
from meshglobal.sandbox.apiserver.objects import JSON, metadata, name_of, namespace_of, timestamp
from meshglobal.sandbox.apiserver.patching import managed_fields
from meshglobal.sandbox.apiserver.problems import Cause
from meshglobal.sandbox.apiserver.random_names import generated_name
from meshglobal.sandbox.apiserver.store import Entry, Key

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshglobal.sandbox.apiserver.resources import Resource
    from meshglobal.sandbox.apiserver.state import State

_SERVER_MADE = ("resourceVersion", "uid", "creationTimestamp", "generation", "deletionTimestamp")


@dataclass(frozen=True, slots=True)
class Write:
    """How something is written: by whom, to which subresource, how strictly, or only for show."""

    manager: str = "sandbox"
    subresource: str = ""
    is_dry_run: bool = False
    is_patch: bool = False
    is_apply: bool = False
    """Whether the object comes from server-side apply, which keeps managedFields itself."""
    validation: str = "Ignore"
    """What becomes of unknown fields: Ignore, Warn or Strict."""
    duplicates: list[str] = field(default_factory=list)
    """Complaints about keys that the body has twice."""
    warnings: list[str] = field(default_factory=list)
    """Where texts of Warning headers go."""
    user: str = "system:admin"


def create(state: State, resource: Resource, obj: JSON, how: Write) -> Entry:
    """Store a new object and return it; raises ApiError (400, 404 or 403 for its namespace, 409, 422)."""
    checked = _fields_checked(resource, obj, how)
    sent = strategies.without_status(resource, _with_identity(state, resource, checked))
    new = intake.taken_in(resource, sent, is_patch=how.is_apply)
    new = _tracked(state, resource, None, strategies.with_defaults(resource, new), how)
    how.warnings.extend(pipeline.warnings(resource, new))
    new = strategies.born(resource, new)  # what the server adds from here on belongs to no manager
    new = admission.admitted(state, resource, new, how.warnings)
    if resource.key == "services":
        new = state.allocator.allocate(new, None, is_dry_run=how.is_dry_run)
    intake.check(resource, new, None)
    before = state.store.get(resource.key, (namespace_of(new), name_of(new)))
    if before is not None:
        raise _taken(resource, before)
    return _stored(state, resource, new, how)


def update(state: State, resource: Resource, key: Key, change: Callable[[JSON], JSON], how: Write) -> Entry:
    """Replace an object with what `change` makes of it; raises ApiError (400, 404, 409, 422)."""
    before = state.store.get(resource.key, key)
    if before is None:
        raise problems.not_found(resource.plural, resource.group, key[1])
    changed = _fields_checked(resource, change(before.obj), how)
    _check_preconditions(resource, before.obj, changed, how)
    defaulted = intake.taken_in(resource, changed, is_patch=how.is_patch)
    new = strategies.carried_over(resource, before.obj, defaulted, how.subresource)
    new = _tracked(state, resource, before.obj, new, how)
    if how.subresource == "ephemeralcontainers":
        how.warnings.extend(pod_security.judged(state, resource, new))
    if resource.key == "services" and not how.subresource:
        new = state.allocator.allocate(new, before.obj, is_dry_run=how.is_dry_run)
    if how.subresource != "status":
        new = _counted(resource, before.obj, new)
    if how.subresource != "binding":  # which may do what no update of a pod may: give it a node
        intake.check(resource, new, before.obj, how.subresource)
    if resource.key == "namespaces":
        how.warnings.extend(pod_security.warnings_of_namespace(state, new, before.obj))
    if new == before.obj or _without_times(new) == _without_times(before.obj):
        return before
    if metadata(new).get("deletionTimestamp") and not deletion.is_held(resource, new):
        return _let_go(state, resource, before.obj, new, how)
    return _stored(state, resource, new, how)


def _without_times(obj: JSON) -> JSON:
    """Return the object as if its field managers had no clocks: their times alone make no change."""
    managers = [
        {key: value for key, value in each.items() if key != "time"}
        for each in metadata(obj).get("managedFields") or ()
    ]
    return obj | {"metadata": metadata(obj) | {"managedFields": managers}}


def _fields_checked(resource: Resource, obj: JSON, how: Write) -> JSON:
    intake.check_shape(resource, obj, is_patch=how.is_patch)
    found = intake.check_fields(resource, obj, how.duplicates, how.validation, is_patch=how.is_patch)
    how.warnings.extend(found)
    return obj


def _with_identity(state: State, resource: Resource, obj: JSON) -> JSON:
    """Return the object with the metadata that the server gives a new one."""
    meta = {key: value for key, value in metadata(obj).items() if key not in _SERVER_MADE}
    if not meta.get("name") and meta.get("generateName"):
        meta["name"] = generated_name(meta["generateName"])
    meta |= {"uid": str(uuid.uuid4()), "creationTimestamp": timestamp(state.now())}
    if resource.has_generation:
        meta["generation"] = 1
    return obj | {"metadata": meta}


def _taken(resource: Resource, before: Entry) -> problems.ApiError:
    taken = problems.already_exists(resource.plural, resource.group, before.key[1])
    if metadata(before.obj).get("deletionTimestamp"):
        taken.message = f"object is being deleted: {taken.message}"
    return taken


def _check_preconditions(resource: Resource, old: JSON, new: JSON, how: Write) -> None:
    """Compare the resourceVersion and uid that a writer sends with the stored ones."""
    wanted, current = metadata(new).get("resourceVersion") or "", metadata(old)["resourceVersion"]
    if not wanted and (resource.is_custom or resource.key == "leases.coordination.k8s.io"):
        cause = Cause(
            "FieldValueInvalid", "metadata.resourceVersion", "Invalid value: 0: must be specified for an update"
        )
        raise problems.invalid(resource.plural, resource.group, name_of(old), [cause])
    if wanted and not wanted.isdigit():
        raise problems.ApiError(500, "", f'strconv.ParseUint: parsing "{wanted}": invalid syntax')
    if wanted not in ("", "0", current):
        raise problems.conflict(resource.plural, resource.group, name_of(old))
    uid = metadata(new).get("uid")
    if uid and uid != metadata(old)["uid"] and not how.is_patch:
        raise _other_uid(resource, old, uid)


def _other_uid(resource: Resource, old: JSON, uid: str) -> problems.ApiError:
    where = f"/registry/{resource.plural}/specs/{namespace_of(old)}/{name_of(old)}"
    why = f"Precondition failed: UID in precondition: {uid}, UID in object meta: {metadata(old)['uid']}"
    text = f"StorageError: invalid object, Code: 4, Key: {where}, ResourceVersion: 0, AdditionalErrorMsg: {why}"
    return problems.conflict(resource.plural, resource.group, name_of(old), text)


def _counted(resource: Resource, old: JSON, new: JSON) -> JSON:
    """Return the object with its generation counted on where what is wanted has changed."""
    if not resource.has_generation or _wanted(resource, old) == _wanted(resource, new):
        return new
    return new | {"metadata": new["metadata"] | {"generation": metadata(old).get("generation", 0) + 1}}


def _wanted(resource: Resource, obj: JSON) -> JSON:
    wanted = {key: value for key, value in obj.items() if key not in ("metadata", "status")}
    if resource.key == "deployments.apps":
        wanted["annotations"] = metadata(obj).get("annotations")
    return wanted


def _tracked(state: State, resource: Resource, old: JSON | None, new: JSON, how: Write) -> JSON:
    writer = managed_fields.Writer(
        manager=how.manager,
        operation=managed_fields.UPDATE,
        api_version=new.get("apiVersion", resource.group_version),
        time=timestamp(state.now()),
        subresource=how.subresource,
        ignored=ignored_by(resource, how.subresource),
    )
    tracked = new if how.is_apply else _with_owners(resource, old, new, writer)
    # Objects are kept in one version, whichever they were written through.
    return tracked | {"apiVersion": state.catalogue.by_key(resource.key).group_version, "kind": resource.kind}


def _with_owners(resource: Resource, old: JSON | None, new: JSON, writer: managed_fields.Writer) -> JSON:
    try:
        return managed_fields.track(old, new, intake.known_schema(resource), writer)
    except ValueError:
        # Lists without their keys cannot be tracked. The real server then goes on without, and validation speaks.
        return new


def ignored_by(resource: Resource, subresource: str) -> tuple[str, ...]:
    """Return the fields, as managedFields name them, that a write to this part of an object cannot own."""
    if subresource == "status":
        return ("f:spec",)
    return ("f:status",) if resource.subresource("status") and not subresource else ()


def _stored(state: State, resource: Resource, new: JSON, how: Write) -> Entry:
    if how.is_dry_run:
        return Entry(new)
    numbered = new["metadata"] | {"resourceVersion": str(state.store.next_version())}
    return state.store.put(resource.key, new | {"metadata": numbered})


def _let_go(state: State, resource: Resource, stored: JSON, last: JSON, how: Write) -> Entry:
    """Remove an object that nothing holds any more.

    The answer shows it as it was written last, watchers see what was stored, at the version of the deletion.
    """
    if not how.is_dry_run:
        gone = stored["metadata"] | {"resourceVersion": str(state.store.next_version())}
        state.store.remove(resource.key, stored | {"metadata": gone})
    return Entry(last)
