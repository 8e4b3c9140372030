"""What a subscriber has been told of a resource, so that a fresh full list can be turned into the events in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshglobal.sandbox.controlplane.observed import JSON, name_of, namespace_of
from meshglobal.sandbox.controlplane.picture import ObjectKey


class Known:
    """The objects of one resource that a subscriber knows, by key, each with its resourceVersion."""

    def __init__(self) -> None:
        self._versions: dict[ObjectKey, str] = {}

    def note(self, event: str, obj: JSON) -> None:
        """Remember one event that is passed on."""
        if event == "DELETED":
            self._versions.pop(_key(obj), None)
        else:
            self._versions[_key(obj)] = _version(obj)

    def is_news(self, obj: JSON) -> bool:
        """Whether this version of the object was not told yet."""
        return self._versions.get(_key(obj)) != _version(obj)

    def catch_up(self, objects: Iterable[JSON]) -> Iterator[tuple[str, JSON]]:
        """The events that lead from what is known to a full list; a vanished object is told by its name alone."""
        vanished = dict(self._versions)
        for obj in objects:
            before = vanished.pop(_key(obj), None)
            if before != _version(obj):
                event = "ADDED" if before is None else "MODIFIED"
                self.note(event, obj)
                yield event, obj
        for namespace, name in vanished:
            del self._versions[namespace, name]
            yield "DELETED", {"metadata": {"namespace": namespace, "name": name}}


def _key(obj: JSON) -> ObjectKey:
    return namespace_of(obj), name_of(obj)


def _version(obj: JSON) -> str:
    return str(obj["metadata"].get("resourceVersion", ""))
