"""What the server knows about the fields of a kind: types, defaults, limits, merge keys.

A `Schema` is one node of a tree. It is the single description that defaulting, validation, pruning, strategic merge,
server-side apply and OpenAPI work from. Trees come from data: ``data/core.json`` with ``data/core.yaml`` on top for
Kubernetes' own kinds, ``data/custom/*.yaml`` for the custom kinds of a mesh, and a CustomResourceDefinition's own
openAPIV3Schema (`structural.py`) for kinds that are made at run time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Literal

Type = Literal["object", "map", "list", "string", "integer", "boolean", "number", "int-or-string", "quantity", "any"]


class Unset:
    """The type of `UNSET`: no default, which is not the same as the default null."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule across fields (``x-kubernetes-validations``), as a CEL expression."""

    expression: str
    message: str = ""
    field_path: str = ""
    reason: str = "FieldValueInvalid"
    message_expression: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """One node: an object's fields, a list's or map's values, or a scalar.

    Kubernetes' own kinds leave out a field that is zero or empty, unless it is required or `keeps_zero` is set.
    `limits` holds JSON-schema keywords (``minLength``, ``pattern``, ``maximum``, ...) by their own names, and `rules`
    what only an expression can say. `reference` is the OpenAPI name of a shared definition, empty for other nodes.
    """

    type: Type
    fields: Mapping[str, Schema] = field(default_factory=dict)
    items: Schema | None = None
    required: tuple[str, ...] = ()
    list_type: Literal["atomic", "set", "map"] = "atomic"
    list_keys: tuple[str, ...] = ()
    map_type: Literal["granular", "atomic"] = "granular"
    patch_merge_key: str | None = None
    patch_strategy: frozenset[str] = frozenset()
    default: Any = UNSET
    enum: tuple[Any, ...] = ()
    format: str = ""
    limits: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    nullable: bool = False
    preserves_unknown: bool = False
    is_embedded: bool = False
    keeps_zero: bool = False
    reference: str = ""
    description: str = ""


ANY: Final = Schema("any", preserves_unknown=True)


@cache
def schema_for(group_version: str, kind: str) -> Schema:
    """The schema of a kind that is always there.

    Args:
        group_version: ``v1``, ``apps/v1``, ...
        kind: ``Service``, ``Deployment``, ...

    Raises:
        KeyError: the kind is neither one of Kubernetes' own nor of the mesh's custom kinds.
    """
    from meshglobal.sandbox.apiserver import definitions

    return definitions.root(group_version, kind)
