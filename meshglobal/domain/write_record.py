"""What is kept of a change that was made: enough to see who did what, and to put it back.

Two lines a change: one before anything is sent, one when all is over. A first line without a second says that the
program ended in between: what it wrote has to be looked up in the clusters.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from meshglobal.domain.plan import DOUBT, Status, Step
from meshglobal.domain.report import Change, Write, change_report


class WriteOutcome(StrEnum):
    """How a change ended; ``unknown``: something was sent of which nobody knows whether it was carried out."""

    WRITTEN = "written"
    PARTLY = "partly"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


class Touched(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One object that is about to be changed: ``changes`` have what is put back to undo it.

    ``uid`` tells whether it is still the same object.
    """

    context: str
    kind: str
    namespace: str | None
    name: str
    uid: str
    changes: tuple[Change, ...]


class Begun(msgspec.Struct, frozen=True, rename="camel", kw_only=True, tag_field="stage", tag="begun"):
    """The first line. ``time`` in RFC 3339, ``who`` the user of the machine, ``command`` does the same in a shell."""

    id: str
    time: str
    who: str
    source: str
    command: str
    objects: tuple[Touched, ...]


class Ended(msgspec.Struct, frozen=True, rename="camel", kw_only=True, tag_field="stage", tag="ended"):
    """The second line. ``message`` says why it broke off; empty: it did not."""

    id: str
    time: str
    outcome: WriteOutcome
    writes: tuple[Write, ...] = ()
    message: str = ""


class WriteRecord(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A change: how it began, and how it ended; ``ended`` is null where nothing says so."""

    begun: Begun
    ended: Ended | None = None


def touched(steps: Sequence[Step]) -> tuple[Touched, ...]:
    """The objects that steps would change."""
    return tuple(
        Touched(
            context=step.context,
            kind=step.kind.name,
            namespace=step.namespace or None,
            name=step.name,
            uid=step.uid,
            changes=tuple(map(change_report, step.changes)),
        )
        for step in steps
        if step.changes
    )


def outcome_of(writes: Sequence[Write]) -> WriteOutcome:
    """What all writes together come to. What was so already counts neither way."""
    failures = [write.failure for write in writes if write.failure is not None]
    if any(DOUBT in failure.message for failure in failures):
        return WriteOutcome.UNKNOWN
    if not any(write.status is Status.CHANGED for write in writes):
        return WriteOutcome.NOTHING
    return WriteOutcome.PARTLY if failures else WriteOutcome.WRITTEN
