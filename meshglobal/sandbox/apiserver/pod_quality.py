"""The quality-of-service class of a pod, from the requests and limits of its containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON

_COUNTED = ("cpu", "memory")


def quality_of_service(spec: JSON) -> str:
    """Return BestEffort, Burstable or Guaranteed."""
    containers = [each for kind in ("containers", "initContainers") for each in spec.get(kind) or ()]
    requests = [_resources(each, "requests") for each in containers]
    limits = [_resources(each, "limits") for each in containers]
    if not any(requests) and not any(limits):
        return "BestEffort"
    for requested, limited in zip(requests, limits, strict=True):
        if set(limited) != set(_COUNTED) or (requested and requested != limited):
            return "Burstable"
    return "Guaranteed"


def _resources(container: JSON, kind: str) -> JSON:
    given = (container.get("resources") or {}).get(kind) or {}
    return {key: value for key, value in given.items() if key in _COUNTED}
