"""A place in an object that names a host or an entry: how it is called, how it is shown, and how it is patched."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from meshglobal.domain.finding import Evidence
from meshglobal.domain.kinds import Kind
from meshglobal.domain.objects import Object
from meshglobal.domain.view import ClusterView

Step = str | int
Value = str | int | None


@dataclass(frozen=True, slots=True)
class Field:
    """A mapping or a list inside ``spec`` of an object in a cluster; ``path``: names and indices that lead there."""

    view: ClusterView
    kind: Kind
    object: Object
    path: tuple[Step, ...]

    @property
    def context(self) -> str:
        """The cluster."""
        return self.view.context

    @property
    def where(self) -> str:
        """The object, for a sentence: ``HTTPRoute bookinfo/reviews``."""
        return f"{self.kind.name} {self.object.namespace}/{self.object.name}"

    def seen(self, member: Step, value: Value, expected: Value = None) -> Evidence:
        """What stands there: a member of the mapping, or an element of the list."""
        return Evidence(
            context=self.view.context,
            kind=self.kind.name,
            namespace=self.object.namespace,
            name=self.object.name,
            field="spec" + "".join(map(_dotted, (*self.path, member))),
            value=_text(value),
            expected=_text(expected),
        )

    def patch(self, guard: tuple[Step, str], changes: Mapping[str, Value]) -> str:
        """A JSON Patch (RFC 6902) of members of the mapping, quoted for a shell; None removes one.

        ``guard``: a member and its value. Indices shift when somebody edits the object; then the patch is refused.
        """
        operations: list[dict[str, str | int]] = [{"op": "test", "path": self.pointer(guard[0]), "value": guard[1]}]
        operations += [
            {"op": "remove", "path": self.pointer(member)}
            if value is None
            else {"op": "add", "path": self.pointer(member), "value": value}
            for member, value in changes.items()
        ]
        return _quoted(operations)

    def pointer(self, member: Step) -> str:
        """Where a member stands, as a JSON Pointer (RFC 6901)."""
        return "/spec/" + "/".join(map(str, (*self.path, member)))


class Spot(NamedTuple):
    """A member of a mapping, or an element of a list, that holds a name."""

    field: Field
    member: Step


def replacement(spots: Iterable[Spot], before: str, after: str) -> str:
    """A JSON Patch that puts one name in the place of another, wherever an object has it."""
    pointers = [spot.field.pointer(spot.member) for spot in spots]
    return _quoted(
        [
            operation
            for path in pointers
            for operation in (
                {"op": "test", "path": path, "value": before},
                {"op": "replace", "path": path, "value": after},
            )
        ]
    )


def _dotted(step: Step) -> str:
    return f"[{step}]" if isinstance(step, int) else f".{step}"


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def _quoted(operations: Sequence[Mapping[str, str | int]]) -> str:
    return shlex.quote(json.dumps(operations, separators=(",", ":")))
