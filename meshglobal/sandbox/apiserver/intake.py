"""From what a client sent to what a kind holds: unknown fields, wrong types, defaults, and what is refused.

Calls the functions of `pipeline.py` and turns what they find into warnings and refusals, which differ a little between
a whole object and a patch.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import pipeline, problems
from meshglobal.sandbox.apiserver.conversion import Mismatch
from meshglobal.sandbox.apiserver.definitions import schema_of
from meshglobal.sandbox.apiserver.objects import JSON, name_of
from meshglobal.sandbox.apiserver.problems import ApiError, Cause
from meshglobal.sandbox.apiserver.shapes import misshapen

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.resources import Resource
    from meshglobal.sandbox.apiserver.schema import Schema


def known_schema(resource: Resource) -> Schema | None:
    """Return the schema of a kind, None where nothing is known about its fields."""
    try:
        return schema_of(resource)
    except KeyError:
        return None


def check_shape(resource: Resource, obj: JSON, *, is_patch: bool) -> None:
    """Refuse an object whose identity or metadata have wrong types (400; 422 for a patch)."""
    wrong = misshapen(obj)
    if wrong:
        raise cannot_hold(resource, obj, wrong, is_patch=is_patch)


def taken_in(resource: Resource, obj: JSON, *, is_patch: bool) -> JSON:
    """Return an object with the kind's fields only and its defaults filled in; raises ApiError (400, 422)."""
    if known_schema(resource) is None:
        return obj
    try:
        return pipeline.default(resource, obj)
    except Mismatch as mismatch:
        raise cannot_hold(resource, obj, str(mismatch), is_patch=is_patch) from mismatch


def check_fields(resource: Resource, obj: JSON, found: list[str], mode: str, *, is_patch: bool) -> list[str]:
    """Return warnings about fields that nobody knows, after those already `found`; raises ApiError where strict."""
    if mode == "Ignore":
        return []
    if known_schema(resource) is not None:
        found = [*found, *(f'unknown field "{path}"' for path in pipeline.check_fields(resource, obj))]
    if found and mode == "Strict":
        raise cannot_hold(resource, obj, f"strict decoding error: {', '.join(found)}", is_patch=is_patch)
    return found


def check(resource: Resource, new: JSON, old: JSON | None, subresource: str = "") -> None:
    """Refuse an object that is not valid (422)."""
    causes = pipeline.validate(resource, new, old, subresource)
    if causes:
        raise problems.invalid(resource.kind, resource.group, name_of(new), causes)


def cannot_hold(resource: Resource, obj: JSON, why: str, *, is_patch: bool) -> ApiError:
    """Return the refusal of what the kind cannot be made from; a patch is blamed otherwise than a whole object."""
    if not is_patch:
        kind = resource.kind
        return problems.bad_request(f'{kind} in version "{resource.version}" cannot be handled as a {kind}: {why}')
    shown = json.dumps(json.dumps(obj, separators=(",", ":")))
    return problems.invalid("", "", "", [Cause("FieldValueInvalid", "patch", f"Invalid value: {shown}: {why}")])
