"""Checking an object's metadata: name, labels, annotations, finalizers, owners, and what may not change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver import causes, names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.problems import Cause

_ANNOTATION_BYTES = 256 * 1024
_CHECKED_WITH_THE_OBJECT = ("metadata.labels", "metadata.annotations", "metadata.finalizers", "metadata.ownerRef")
_CHECKED_AS_NEW = ("ConfigMap", "EndpointSlice", "Pod", "Secret", "Service", "ServiceAccount")
_STANDARD_FINALIZERS = ("kubernetes", "orphan", "foregroundDeletion")
_NAME_RULES: dict[str, Callable[[str], list[str]]] = {
    "label": names.label_problems,
    "subdomain": names.subdomain_problems,
    "path": names.path_segment_problems,
}


def check(meta: JSON, old: JSON | None, name_rule: str, *, is_custom: bool) -> Iterator[Cause]:
    """Everything that is wrong with an object's metadata.

    Args:
        meta: the new object's metadata.
        old: the stored object's metadata, None for a new object.
        name_rule: ``label``, ``subdomain`` or ``path``.
        is_custom: finalizers of custom kinds need no domain of their own.
    """
    if old is None:
        yield from _name(meta, _NAME_RULES[name_rule])
    yield from labels(meta.get("labels") or {}, "metadata.labels")
    yield from _annotations(meta.get("annotations") or {})
    yield from _finalizers(meta.get("finalizers") or [], is_custom=is_custom)
    yield from _owners(meta.get("ownerReferences") or [])
    if old is not None:
        yield from _changes(meta, old)


def told_again(found: list[Cause], kind: str) -> list[Cause]:
    """The causes as the real server tells them when a built-in kind is changed.

    It looks at metadata for all kinds alike, then for the kind; many kinds check the whole new object once more.
    """
    whole = [each for each in found if each.field.startswith(_CHECKED_WITH_THE_OBJECT)]
    return [*found, *found, *(whole if kind in _CHECKED_AS_NEW else ())]


def labels(found: dict[str, str], path: str) -> Iterator[Cause]:
    """What is wrong with the keys and values of labels."""
    for key, value in found.items():
        for why in names.key_problems(key):
            yield causes.invalid(path, key, why)
        for why in names.value_problems(value):
            yield causes.invalid(path, value, why)


def _name(meta: JSON, problems: Callable[[str], list[str]]) -> Iterator[Cause]:
    if base := meta.get("generateName"):
        masked = base[:-1] + "a" if base.endswith("-") else base
        for why in problems(masked):
            yield causes.invalid("metadata.generateName", base, why)
    name = meta.get("name")
    if not name:
        yield causes.required("metadata.name", "name or generateName is required")
        return
    for why in problems(name):
        yield causes.invalid("metadata.name", name, why)


def _annotations(found: dict[str, str]) -> Iterator[Cause]:
    for key in found:
        for why in names.key_problems(key.lower()):
            yield causes.invalid("metadata.annotations", key, why)
    if sum(len(key.encode()) + len(value.encode()) for key, value in found.items()) > _ANNOTATION_BYTES:
        yield causes.too_long("metadata.annotations", _ANNOTATION_BYTES)


def _finalizers(found: list[str], *, is_custom: bool) -> Iterator[Cause]:
    for index, finalizer in enumerate(found):
        where = "metadata.finalizers" if is_custom else f"metadata.finalizers[{index}]"
        for why in names.key_problems(finalizer):
            yield causes.invalid(where, finalizer, why)
        if not is_custom and "/" not in finalizer and finalizer not in _STANDARD_FINALIZERS:
            why = "name is neither a standard finalizer name nor is it fully qualified"
            yield causes.invalid(where, finalizer, why)


def _owners(found: list[JSON]) -> Iterator[Cause]:
    path = "metadata.ownerReferences"
    for owner in found:
        if not owner.get("apiVersion"):
            yield causes.invalid(f"{path}.apiVersion", "", "version must not be empty")
        for field in ("kind", "name", "uid"):
            if not owner.get(field):
                yield causes.invalid(f"{path}.{field}", "", "must not be empty")
    controllers = [f"{owner.get('kind')}/{owner.get('name')}" for owner in found if owner.get("controller")]
    if len(controllers) > 1:
        why = "Only one reference can have Controller set to true."
        yield causes.invalid(path, found, f'{why} Found "true" in references for {" and ".join(controllers[:2])}')


def _changes(meta: JSON, old: JSON) -> Iterator[Cause]:
    for field in ("name", "namespace", "uid"):
        if meta.get(field) and old.get(field) and meta[field] != old[field]:
            yield causes.immutable(f"metadata.{field}", meta[field])
    if old.get("deletionTimestamp"):
        added = [each for each in meta.get("finalizers") or [] if each not in (old.get("finalizers") or [])]
        if added:
            listed = ", ".join(f'"{each}"' for each in added)
            why = "no new finalizers can be added if the object is being deleted, found new finalizers"
            yield causes.forbidden("metadata.finalizers", f"{why} []string{{{listed}}}")


def is_same(one: Any, other: Any) -> bool:
    """Whether two parts are the same, left out and empty counting alike."""
    return (one or None) == (other or None)
