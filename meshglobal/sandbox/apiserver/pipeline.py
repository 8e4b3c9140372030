"""What every created or changed object goes through, as pure functions in the order in which they are called.

`check_fields` -> `default` -> (managed fields, admission) -> `warnings` -> `validate`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import (
    causes,
    defaults,
    metadata_checks,
    structural,
    structural_checks,
    typed_checks,
    update_checks,
)
from meshglobal.sandbox.apiserver.conversion import typed, unknown_fields
from meshglobal.sandbox.apiserver.definitions import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def validate(resource: Resource, new: JSON, old: JSON | None, subresource: str = "") -> list[Cause]:
    """What is wrong with an object; `old` is None for a new one, `subresource` the part that is written."""
    schema = schema_of(resource)
    meta, before = new.get("metadata") or {}, None if old is None else old.get("metadata") or {}
    rule = typed_checks.data()["names"].get(resource.kind, "subdomain")
    # What cannot be read back (a review) needs no name.
    is_kept = "get" in resource.verbs
    found = list(metadata_checks.check(meta, before, rule, is_custom=resource.is_custom)) if is_kept else []
    if old is not None:
        found = metadata_checks.told_again(found, resource.kind)
    if resource.is_custom:
        return structural_checks.check(schema, new, old, found)
    if resource.key == "services" and not meta.get("name"):
        return [_nameless_service()]
    found += typed_checks.check(schema, new, "")
    if old is not None:
        found += update_checks.check(resource.kind, new, old, subresource)
    return found


def warnings(resource: Resource, new: JSON) -> list[str]:
    """What is allowed and yet not right in an object, as Warning headers say it."""
    if resource.kind in ("Pod", "PodTemplate"):
        specs = [(new.get("spec") or {}, "spec")]
    else:
        template = (new.get("spec") or {}).get("template")
        is_workload = not resource.is_custom and isinstance(template, dict)
        specs = [(template.get("spec") or {}, "spec.template.spec")] if is_workload and template else []
    return [text for spec, path in specs for text in _hidden_variables(spec, path)]


def _hidden_variables(spec: JSON, path: str) -> Iterator[str]:
    for field in ("initContainers", "containers"):
        for place, container in enumerate(spec.get(field) or []):
            seen: set[str] = set()
            for index, variable in enumerate(container.get("env") or []):
                if (name := variable.get("name", "")) in seen:
                    where = f"{path}.{field}[{place}].env[{index}]"
                    yield f'{where}: hides previous definition of "{name}", which may be dropped when using apply'
                seen.add(name)


def _nameless_service() -> Cause:
    """A Service gets its address before anyone misses its name, and that is what fails."""
    why = "failed to allocate IP: spec.parentRef.name: Required value"
    return causes.invalid("spec.clusterIPs", [""], why)
