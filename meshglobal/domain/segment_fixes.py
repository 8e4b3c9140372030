"""For each object with references that break: one JSON Patch that writes the new texts, guarded by the old ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from meshglobal.domain.kinds import KINDS, Kind
from meshglobal.domain.segment_references import BrokenReference, Effect

_BY_NAME = {kind.name: kind for kind in KINDS}


class Fix(NamedTuple):
    """The patch of one object (RFC 6902). ``path``: where it is written, below the directory that was named."""

    context: str
    kind: Kind
    namespace: str
    name: str
    operations: tuple[dict[str, str], ...]

    @property
    def path(self) -> str:
        """A folder a cluster; names of contexts may hold anything."""
        folder = quote(self.context, safe="@:+ ").lstrip(".") or "_"
        return f"{folder}/{self.kind.name.lower()}.{self.namespace}.{self.name}.yaml"

    @property
    def resource(self) -> str:
        """As kubectl takes it."""
        return f"{self.kind.plural}.{self.kind.group}" if self.kind.group else self.kind.plural


def fixes_of(references: Sequence[BrokenReference]) -> tuple[Fix, ...]:
    """One fix an object, in the order in which the objects come; none where no new text is known."""
    together: dict[tuple[str, str, str, str], list[dict[str, str]]] = {}
    for one in references:
        if one.effect is Effect.BREAKS and one.instead is not None:
            operations = together.setdefault((one.context, one.kind, one.namespace, one.name), [])
            operations.append({"op": "test", "path": one.pointer, "value": one.value})
            operations.append({"op": "replace", "path": one.pointer, "value": one.instead})
    return tuple(
        Fix(context, _BY_NAME[kind], namespace, name, tuple(operations))
        for (context, kind, namespace, name), operations in together.items()
    )
