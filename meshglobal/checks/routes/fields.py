"""A place in an object that names a host or an entry: how it is called, how it is shown, and how it is patched."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass

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

    def patch(self, guard: tuple[Step, str], changes: dict[str, Value]) -> str:
        """A JSON Patch (RFC 6902) of members of the mapping, quoted for a shell; None removes one.

        ``guard``: a member and its value. Indices shift when somebody edits the object; then the patch is refused.
        """
        operations: list[dict[str, str | int]] = [{"op": "test", "path": self._pointer(guard[0]), "value": guard[1]}]
        operations += [
            {"op": "remove", "path": self._pointer(member)}
            if value is None
            else {"op": "add", "path": self._pointer(member), "value": value}
            for member, value in changes.items()
        ]
        return _quoted(operations)

    def replacement(self, member: Step, before: str, after: str) -> str:
        """A JSON Patch that puts one value in the place of another, in a mapping or in a list."""
        path = self._pointer(member)
        return _quoted([{"op": "test", "path": path, "value": before}, {"op": "replace", "path": path, "value": after}])

    def _pointer(self, member: Step) -> str:
        return "/spec/" + "/".join(map(str, (*self.path, member)))


def _dotted(step: Step) -> str:
    return f"[{step}]" if isinstance(step, int) else f".{step}"


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def _quoted(operations: list[dict[str, str | int]]) -> str:
    return shlex.quote(json.dumps(operations, separators=(",", ":")))
