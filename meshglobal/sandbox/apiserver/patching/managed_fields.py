"""metadata.managedFields: which manager owns which fields, kept up with every write.

An entry is known by manager, operation, subresource and, for updates, the version that was written. Follows
structured-merge-diff's Updater and the API server's field manager around it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver.objects import JSON, metadata
from meshglobal.sandbox.apiserver.patching.empty_objects import empty_object
from meshglobal.sandbox.apiserver.patching.field_sets import Paths, compare, decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from meshglobal.sandbox.apiserver.schema import Schema

UPDATE, APPLY = "Update", "Apply"
MOST_UPDATERS = 10
LONGEST_MANAGER = 128
UNTRACKED_METADATA = (
    "name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields", "resourceVersion",
    "deletionTimestamp", "deletionGracePeriodSeconds",
)  # fmt: skip
_UNTRACKED: Paths = frozenset({("f:metadata",)})
Identity = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, how, and when.

    `ignored` are the path elements at the top (`f:status`) that this write cannot change.
    """

    manager: str
    operation: str
    api_version: str
    time: str
    subresource: str = ""
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Owned:
    """One entry of managedFields; `fields` are paths as `field_sets` has them."""

    manager: str
    operation: str
    api_version: str
    subresource: str
    time: str
    fields: Paths

    @property
    def identity(self) -> Identity:
        """What tells two entries apart: an applier is the same in every version."""
        version = "" if self.operation == APPLY else self.api_version
        return (self.manager, self.operation, self.subresource, version)


def default_manager(user_agent: str) -> str:
    """Return the manager of a write that names none: the User-Agent up to the first slash."""
    return "".join(each for each in user_agent.partition("/")[0] if each.isprintable())[:LONGEST_MANAGER] or "unknown"


def track(old: JSON | None, new: JSON, schema: Schema | None, writer: Writer) -> JSON:
    """Return `new` with managedFields that say what this write changed and who owns it from now on.

    Args:
        old: the stored object, None for a new one.
        new: the object to store, with its defaults; its own managedFields replace the stored ones where it has any.
        schema: the kind's schema; None where nothing is known.
        writer: who writes; its operation is UPDATE.
    """
    if is_reset(new):
        return with_entries(new, [])
    if old is None:
        return with_entries(new, updated(decoded(new), tracked(empty_object(new)), tracked(new), schema, writer))
    was, now = tracked(old), tracked(new)
    is_untouched = metadata(old).get("managedFields") == metadata(new).get("managedFields")
    if is_untouched and was == now and metadata(old).get("managedFields"):
        return new
    stored = decoded(old)
    before = stored if is_untouched or writer.subresource else decoded(new) or stored
    if not before:
        return with_entries(new, [])  # nobody tracks this object
    after = updated(before, was, now, schema, writer)
    is_unchanged = was == now and is_same(stored, after)  # other times alone are no change
    return with_entries(new, stored if is_unchanged else after)


def is_reset(obj: JSON) -> bool:
    """Say whether an object asks for its managedFields to be forgotten: `[]` or `[{}]`."""
    return metadata(obj).get("managedFields") in ([], [{}])


def updated(before: Iterable[Owned], old: JSON, new: JSON, schema: Schema | None, writer: Writer) -> list[Owned]:
    """Return the entries after a write that takes over whatever it changes."""
    difference = compare(old, new, schema)
    gained, removed = seen_by(writer, difference.added | difference.changed), seen_by(writer, difference.removed)
    entries = owners_after(before, gained, removed)
    # What the writer owned already stays its own, even where it wrote it again.
    mine = next((each for each in before if each.identity == identity_of(writer)), None)
    kept = (mine.fields - removed) if mine else frozenset()
    return with_owner(entries, writer, kept | gained)


def owners_after(before: Iterable[Owned], taken: Paths, removed: Paths) -> list[Owned]:
    """Return the entries without what was taken over or removed."""
    left = (replace(each, fields=each.fields - taken - removed) for each in before)
    return [each for each in left if each.fields]


def with_owner(entries: Iterable[Owned], writer: Writer, fields: Paths) -> list[Owned]:
    """Return the entries with the writer's own set to `fields`, in the order in which they are shown."""
    others = [each for each in entries if each.identity != identity_of(writer)]
    mine = Owned(writer.manager, writer.operation, writer.api_version, writer.subresource, writer.time, fields)
    return _capped(in_order([*others, mine] if fields else others))


def identity_of(writer: Writer) -> Identity:
    """Return what the writer's entry is known by."""
    version = "" if writer.operation == APPLY else writer.api_version
    return (writer.manager, writer.operation, writer.subresource, version)


def in_order(entries: Iterable[Owned]) -> list[Owned]:
    """Return entries as the server lists them: appliers first, then by time and name."""
    return sorted(
        entries, key=lambda each: (each.operation, each.time, each.manager, each.api_version, each.subresource)
    )


def _capped(entries: list[Owned]) -> list[Owned]:
    """Join the oldest updaters where there are too many."""
    updaters = [each for each in entries if each.operation == UPDATE]
    if len(updaters) <= MOST_UPDATERS:
        return entries
    oldest = updaters[: len(updaters) - MOST_UPDATERS + 1]
    joined = replace(
        oldest[-1],
        manager="ancient-changes",
        subresource="",
        fields=frozenset().union(*(each.fields for each in oldest)),
    )
    return in_order([*(each for each in entries if each not in oldest), joined])


def seen_by(writer: Writer, paths: Paths) -> Paths:
    """Return the paths that a writer can own."""
    return frozenset(path for path in paths - _UNTRACKED if path[0] not in writer.ignored)


def tracked(obj: JSON) -> JSON:
    """Return the part of an object that managers can own."""
    found = {key: value for key, value in obj.items() if key not in ("apiVersion", "kind", "metadata")}
    meta = {key: value for key, value in metadata(obj).items() if key not in UNTRACKED_METADATA}
    return found | {"metadata": meta}


def is_same(before: Sequence[Owned], after: Sequence[Owned]) -> bool:
    """Say whether two lists of entries differ in nothing but times."""
    first = {each.identity: each.fields for each in before}
    return first == {each.identity: each.fields for each in after}


def decoded(obj: JSON) -> list[Owned]:
    """Return the entries of an object; none where they cannot be understood."""
    entries = metadata(obj).get("managedFields") or []
    try:
        return [_decoded(each) for each in entries]
    except (KeyError, TypeError, AttributeError):
        return []


def _decoded(entry: Any) -> Owned:
    return Owned(
        manager=entry.get("manager", ""),
        operation=entry["operation"],
        api_version=entry["apiVersion"],
        subresource=entry.get("subresource", ""),
        time=entry.get("time") or "",
        fields=decode(entry["fieldsV1"]),
    )


def _encoded(entry: Owned) -> JSON:
    shown: JSON = {"manager": entry.manager, "operation": entry.operation, "apiVersion": entry.api_version}
    shown |= {"time": entry.time} if entry.time else {}
    shown |= {"fieldsType": "FieldsV1", "fieldsV1": encode(entry.fields)}
    return shown | ({"subresource": entry.subresource} if entry.subresource else {})


def with_entries(obj: JSON, entries: Iterable[Owned]) -> JSON:
    """Return an object with these entries as its managedFields, without the field where there are none."""
    meta = {key: value for key, value in metadata(obj).items() if key != "managedFields"}
    listed = [_encoded(each) for each in entries]
    return obj | {"metadata": meta | ({"managedFields": listed} if listed else {})}
