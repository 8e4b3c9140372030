"""Refusing what a ResourceQuota does not leave room for. Counts of objects only, as the sandbox runs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import problems
from meshglobal.sandbox.apiserver.objects import JSON, name_of, namespace_of

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.resources import Resource
    from meshglobal.sandbox.apiserver.state import State

_QUOTAS = "resourcequotas"


def check(state: State, resource: Resource, obj: JSON) -> None:
    """Refuse a new object (403) where its namespace already has as many as a quota allows."""
    if not resource.namespaced or resource.key == _QUOTAS:
        return
    namespace = namespace_of(obj)
    for entry in state.store.all(_QUOTAS, namespace):
        hard = (entry.obj.get("spec") or {}).get("hard") or {}
        limited = [key for key in _keys(resource) if str(hard.get(key, "")).isdigit()]
        used = len(state.store.all(resource.key, namespace)) if limited else 0
        for key in limited:
            if used + 1 > int(hard[key]):
                counts = f"requested: {key}=1, used: {key}={used}, limited: {key}={hard[key]}"
                why = f"exceeded quota: {name_of(entry.obj)}, {counts}"
                raise problems.forbidden(resource.plural, resource.group, name_of(obj), why)


def _keys(resource: Resource) -> tuple[str, ...]:
    counted = f"count/{resource.key}"
    return (counted,) if resource.group else (resource.plural, counted)
