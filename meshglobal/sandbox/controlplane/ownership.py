"""Which generated objects the control plane may touch.

In a sandbox of our own it stands for istiod: whatever carries the wanted name is put right. On clusters that are not
ours every object that it writes carries a mark, and nothing without the mark is ever touched.
"""

from __future__ import annotations

from typing import Protocol

from meshglobal.domain import labels
from meshglobal.sandbox.controlplane.observed import JSON, Labels

MARK = "meshglobal.dev/sandbox"


class Ownership(Protocol):
    """Who owns which generated object."""

    def stamped(self, obj: JSON) -> JSON:
        """The object as it is to be written."""

    def note(self, obj: JSON) -> None:
        """See an existing object."""

    def may_replace(self, obj: JSON) -> bool:
        """Whether an existing object of a wanted name may be replaced."""

    def may_delete(self, obj: JSON) -> bool:
        """Whether an existing object that is not wanted may go."""


class Istiod:
    """Ownership in an embedded mesh: objects look like istiod's own.

    An object of the prefix without a parent was written by hand and does not go away by itself.
    """

    def stamped(self, obj: JSON) -> JSON:
        """The object as it is."""
        return obj

    def note(self, obj: JSON) -> None:
        """Nothing is to be remembered."""

    def may_replace(self, obj: JSON) -> bool:  # noqa: ARG002 - part of the protocol
        """Always: a hand-edited entry is put back (R31)."""
        return True

    def may_delete(self, obj: JSON) -> bool:
        """Where the object names its parent service."""
        return labels.PARENT_SERVICE in labels_of(obj)


class Marked:
    """Ownership on foreign clusters: by a label with this sandbox's id.

    An object that was once seen with the mark stays ours when somebody edits the mark away.
    """

    def __init__(self, sandbox_id: str) -> None:
        self._id = sandbox_id
        self._seen: set[str] = set()

    def stamped(self, obj: JSON) -> JSON:
        """The object with the mark."""
        metadata = obj["metadata"]
        return obj | {"metadata": metadata | {"labels": metadata["labels"] | {MARK: self._id}}}

    def note(self, obj: JSON) -> None:
        """Remember an object that carries the mark."""
        if is_marked(obj, self._id):
            self._seen.add(obj["metadata"]["uid"])

    def may_replace(self, obj: JSON) -> bool:
        """Where the object is ours."""
        return obj["metadata"]["uid"] in self._seen

    def may_delete(self, obj: JSON) -> bool:
        """Where the object is ours."""
        return obj["metadata"]["uid"] in self._seen


def is_marked(obj: JSON, sandbox_id: str) -> bool:
    """Whether an object carries this sandbox's mark."""
    return labels_of(obj).get(MARK) == sandbox_id


def labels_of(obj: JSON) -> Labels:
    """An object's labels."""
    found: Labels = obj["metadata"].get("labels") or {}
    return found
