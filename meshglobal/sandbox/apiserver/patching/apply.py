"""Server-side apply: an applier says what it wants, and owns exactly that.

Fields that it changes although others own them are conflicts (409) unless forced; fields that it no longer sends are
removed where nobody else owns them. Follows structured-merge-diff's Updater.Apply and the field manager around it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON, metadata
from meshglobal.sandbox.apiserver.patching import managed_fields, typed_check
from meshglobal.sandbox.apiserver.patching.empty_objects import empty_object
from meshglobal.sandbox.apiserver.patching.field_sets import (
    Path,
    Paths,
    compare,
    field_set,
    shown,
    with_named_fields,
)
from meshglobal.sandbox.apiserver.patching.managed_fields import UPDATE, Owned, Writer
from meshglobal.sandbox.apiserver.patching.typed_merge import merge, without
from meshglobal.sandbox.apiserver.problems import ApiError, Cause, bad_request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshglobal.sandbox.apiserver.schema import Schema

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_BEFORE_FIRST_APPLY = "before-first-apply"
_KUBECTL = "kubectl"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field that somebody else owns."""

    owner: Owned
    path: Path


def apply(live: JSON | None, config: JSON, schema: Schema | None, writer: Writer, *, force: bool = False) -> JSON:
    """Return the object that follows from applying `config`, with managedFields; not defaulted yet.

    Args:
        live: the stored object; None where there is none yet.
        config: what is applied, as `decoding.read_applied` gives it.
        schema: the kind's schema.
        writer: who applies; its operation is APPLY.
        force: take over what others own instead of refusing.

    Raises:
        ApiError: 400 for managedFields in the configuration, 409 with a cause for each conflict, 500 for what the
            schema does not know (the real server's answer).
    """
    if metadata(config).get("managedFields"):
        raise bad_request("metadata.managedFields must be nil")
    typed_check.check(config, schema)
    before = managed_fields.decoded(live) if live else []
    start = live or empty_object(config)
    if live and not before:
        first = replace(writer, manager=_BEFORE_FIRST_APPLY, operation=UPDATE)
        before = managed_fields.updated([], _bare(empty_object(live)), _bare(live), schema, first)
    merged, entries, conflicts = _applied(before, start, config, schema, writer)
    if conflicts and not force:
        conflicts = _beyond_last_applied(conflicts, start, schema, writer)
        if conflicts:
            raise _refused(conflicts)
    if live and _bare(merged) == _bare(live) and managed_fields.is_same(before, entries):
        return live | {"metadata": metadata(live) | _preconditions(config)}
    return managed_fields.with_entries(_synced(merged, config, writer), entries)


def _applied(
    before: Sequence[Owned], start: JSON, config: JSON, schema: Schema | None, writer: Writer
) -> tuple[JSON, list[Owned], list[Conflict]]:
    """Return the resulting object, its entries, and what had to be taken from others for it."""
    identity = managed_fields.identity_of(writer)
    last = next((each.fields for each in before if each.identity == identity), frozenset())
    others = [each for each in before if each.identity != identity]
    wanted = managed_fields.seen_by(writer, field_set(_bare(config), schema))
    merged = merge(_bare(start), _bare(config), schema)
    if last:
        owned = wanted.union(*(each.fields for each in others))
        merged = _pruned(merged, last, owned, schema)
    difference = compare(_bare(start), merged, schema)
    taken = managed_fields.seen_by(writer, difference.added | difference.changed)
    conflicts = [Conflict(each, path) for each in others for path in sorted(each.fields & taken)]
    left = managed_fields.owners_after(others, taken, managed_fields.seen_by(writer, difference.removed))
    return _dressed(merged, start, config), managed_fields.with_owner(left, writer, wanted), conflicts


def _pruned(merged: JSON, last: Paths, owned: Paths, schema: Schema | None) -> JSON:
    """Return the merged object without what the applier has given up and nobody else owns."""
    everything = with_named_fields(field_set(merged, schema), schema)
    given_up = with_named_fields(last, schema)
    cut = with_named_fields(field_set(without(merged, given_up, schema), schema), schema)
    kept = without(merged, everything - (cut | with_named_fields(owned, schema)), schema)
    remaining = with_named_fields(field_set(kept, schema), schema)
    return without(merged, (everything - remaining) & given_up, schema)


def _bare(obj: JSON) -> JSON:
    """Return the part of an object that managers can own."""
    return managed_fields.tracked(obj)


def _dressed(merged: JSON, start: JSON, config: JSON) -> JSON:
    """Return a merged object with the identity and system metadata that it was compared without."""
    identity = {key: start.get(key, config.get(key)) for key in ("apiVersion", "kind")}
    names = {key: value for key, value in metadata(config).items() if key in ("name", "namespace")}
    system = metadata(start) | names | _preconditions(config)
    own = metadata(merged)
    kept = {key: value for key, value in system.items() if key in managed_fields.UNTRACKED_METADATA}
    return identity | merged | {"metadata": kept | own}


def _preconditions(config: JSON) -> JSON:
    """Return what an applier demands of the stored object; whoever stores the result compares."""
    return {key: value for key, value in metadata(config).items() if key in ("uid", "resourceVersion")}


def _beyond_last_applied(
    conflicts: list[Conflict], live: JSON, schema: Schema | None, writer: Writer
) -> list[Conflict]:
    """Leave out what kubectl itself applied on the client's side before: moving to the server is no conflict."""
    if writer.manager != _KUBECTL or writer.subresource:
        return conflicts
    annotation = (metadata(live).get("annotations") or {}).get(LAST_APPLIED)
    try:
        last = json.loads(annotation or "")
    except ValueError:
        return conflicts
    difference = compare(_bare(last), _bare(live), schema)
    unchanged = field_set(_bare(last), schema) - difference.changed - difference.removed
    return [each for each in conflicts if each.path not in unchanged]


def _synced(obj: JSON, config: JSON, writer: Writer) -> JSON:
    """Keep kubectl's record of what it applied last up to date, where there is one, for a way back."""
    notes = metadata(obj).get("annotations") or {}
    if writer.manager != _KUBECTL or writer.subresource or LAST_APPLIED not in notes:
        return obj
    record = json.dumps(config, separators=(",", ":"), sort_keys=True) + "\n"
    return obj | {"metadata": metadata(obj) | {"annotations": notes | {LAST_APPLIED: record}}}


def _refused(conflicts: list[Conflict]) -> ApiError:
    causes = [
        Cause("FieldManagerConflict", shown(each.path), f"conflict with {_named(each.owner)}") for each in conflicts
    ]
    return ApiError(409, "Conflict", _message(conflicts), causes=causes)


def _message(conflicts: list[Conflict]) -> str:
    if len(conflicts) == 1:
        return f"Apply failed with 1 conflict: conflict with {_named(conflicts[0].owner)}: {shown(conflicts[0].path)}"
    lines: list[str] = []
    for owner in dict.fromkeys(each.owner for each in conflicts):
        lines.append(f"conflicts with {_named(owner)}:")
        lines += [f"- {shown(each.path)}" for each in conflicts if each.owner == owner]
    text = "\n".join(lines)
    return f"Apply failed with {len(conflicts)} conflicts: {text}"


def _named(owner: Owned) -> str:
    name = json.dumps(owner.manager)
    if owner.subresource:
        name += f' with subresource "{owner.subresource}"'
    return f"{name} using {owner.api_version}" if owner.operation == UPDATE else name
