"""Patching of objects: merge patch, JSON patch, strategic merge patch, server-side apply, and managedFields.

Everything here is a function of its arguments. `apply_patch` chooses by media type; `track` keeps managedFields of all
writes that are not server-side apply, which does so itself (`apply.apply`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from meshglobal.sandbox.apiserver.patching.decoding import read_applied, read_object_patch, read_operations
from meshglobal.sandbox.apiserver.patching.json_patch import json_patch
from meshglobal.sandbox.apiserver.patching.managed_fields import APPLY, UPDATE, Writer, default_manager, track
from meshglobal.sandbox.apiserver.patching.merge import merge_patch
from meshglobal.sandbox.apiserver.patching.options import option_causes
from meshglobal.sandbox.apiserver.patching.strategic import strategic_merge
from meshglobal.sandbox.apiserver.problems import ApiError, bad_request

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.schema import Schema

__all__ = [
    "APPLY",
    "APPLY_PATCH",
    "UPDATE",
    "Writer",
    "apply_patch",
    "check_media_type",
    "check_object_type",
    "default_manager",
    "option_causes",
    "read_applied",
    "read_operations",
    "track",
]

JSON_PATCH: Final = "application/json-patch+json"
MERGE_PATCH: Final = "application/merge-patch+json"
STRATEGIC_PATCH: Final = "application/strategic-merge-patch+json"
APPLY_PATCH: Final = "application/apply-patch+yaml"
_CUSTOM = (JSON_PATCH, MERGE_PATCH, APPLY_PATCH)
_TYPED = (JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH)


def check_media_type(content_type: str, *, is_custom: bool) -> str:
    """Return the media type of a patch without its parameters; raises ApiError (415) for one that is not taken.

    Custom resources take no strategic merge patches: nobody has declared merge keys for them.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in (_CUSTOM if is_custom else _TYPED):
        return media_type
    if not is_custom:
        raise ApiError(415, "UnsupportedMediaType", "415: Unsupported Media Type")
    text = "the body of the request was in an unknown format - accepted media types include: "
    raise ApiError(415, "UnsupportedMediaType", text + ", ".join(_CUSTOM))


def check_object_type(config: JSON, group_version: str, kind: str) -> None:
    """Refuse to apply what is of another kind, or of none: ApiError (400)."""
    version, found = config.get("apiVersion") or "", config.get("kind") or ""
    if (version, found) != (group_version, kind):
        shown = version if "/" in version else f"/{version}"
        raise bad_request(f"invalid object type: {shown}, Kind={found}")


def apply_patch(media_type: str, current: JSON, body: bytes, schema: Schema | None) -> JSON:
    """Return what a patch other than server-side apply makes of an object; `current` is not changed.

    Args:
        media_type: as `check_media_type` returns it.
        current: the object in the version of the request.
        body: the patch as it was sent.
        schema: the kind's schema, for a strategic merge patch.

    Raises:
        ApiError: 400 for a body that is no patch, 422 or 500 for one that cannot be applied.
    """
    if media_type == JSON_PATCH:
        patched = json_patch(current, read_operations(body))
    elif media_type == MERGE_PATCH:
        patched = merge_patch(current, read_object_patch(body, is_strategic=False))
    else:
        patched = strategic_merge(current, read_object_patch(body, is_strategic=True), schema)
    if not isinstance(patched, dict):
        raise ApiError(422, "Invalid", "the server rejected our request due to an error in our request")
    return patched
