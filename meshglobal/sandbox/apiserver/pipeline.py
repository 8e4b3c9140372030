"""What every created or changed object goes through, as pure functions in the order in which they are called.

`check_fields` -> `default` -> (managed fields) -> `validate` -> `warnings`; `generation_bump` says whether a change
counts as one of the desired state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import defaults, structural, structural_checks
from meshglobal.sandbox.apiserver.conversion import typed, unknown_fields
from meshglobal.sandbox.apiserver.definitions import schema_of

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.problems import Cause
    from meshglobal.sandbox.apiserver.resources import Resource
    from meshglobal.sandbox.apiserver.schema import Schema


def check_fields(resource: Resource, obj: JSON) -> list[str]:
    """The paths of the fields that the kind does not have, as warnings and strict errors name them."""
    return list(unknown_fields(schema_of(resource), obj))


def default(resource: Resource, obj: JSON) -> JSON:
    """A new object: of the kind's fields only, with the defaults filled in; raises `Mismatch`."""
    schema = schema_of(resource)
    new = _custom(schema, obj) if resource.is_custom else typed(schema, obj)
    defaults.fill(schema, new)
    return new


def _custom(schema: Schema, obj: JSON) -> JSON:
    """A custom object without what its schema does not know; its metadata is typed as everyone's is."""
    new: JSON = structural.pruned(schema, obj)
    if isinstance(new.get("metadata"), dict):
        new["metadata"] = typed(schema.fields["metadata"], new["metadata"])
    return new


def validate(resource: Resource, new: JSON, old: JSON | None) -> list[Cause]:
    """What is wrong with an object; `old` is None for a new one."""
    schema = schema_of(resource)
    if resource.is_custom:
        return structural_checks.check(schema, new, old)
    return []
