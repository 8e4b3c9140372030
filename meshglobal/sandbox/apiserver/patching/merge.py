"""JSON merge patch (RFC 7396): null removes, objects merge, everything else replaces."""

from __future__ import annotations

from typing import Any


def merge_patch(target: Any, patch: Any) -> Any:
    """Return what `patch` makes of `target`; neither is changed.

    Both are decoded JSON. A target that is no object counts as an empty one where the patch is an object.
    """
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, wanted in patch.items():
        if wanted is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), wanted)
    return merged
