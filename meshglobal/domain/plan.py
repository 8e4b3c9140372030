"""What is to be written: labels and annotations of single objects, each guarded by what was read."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import msgspec

from meshglobal.domain.failure import Failure
from meshglobal.domain.kinds import Kind
from meshglobal.domain.labels import Section


class KeyChange(NamedTuple):
    """One label or annotation; ``before`` is what was read, ``after`` what shall be. None: not set."""

    section: Section
    key: str
    before: str | None
    after: str | None


class Step(NamedTuple):
    """The changes of one object in one cluster; none at all means: it is as it should be, send nothing.

    Attributes:
        context: the cluster.
        kind, namespace, name: the object; ``namespace`` is empty for a Namespace.
        uid, resource_version: as read: the guard of the write.
        changes: what differs, keys of ours alone.
    """

    context: str
    kind: Kind
    namespace: str
    name: str
    uid: str
    resource_version: str
    changes: tuple[KeyChange, ...]


DOUBT = "it may have been written all the same"
"""What the failure says of a write that was sent and has no answer."""


class Status(StrEnum):
    """How a step ended."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WOULD_CHANGE = "would-change"
    CONFLICT = "conflict"
    FAILED = "failed"


class StepResult(msgspec.Struct, frozen=True):
    """A step with its end. ``warnings`` are the API server's Warning headers."""

    step: Step
    status: Status
    warnings: tuple[str, ...] = ()
    failure: Failure | None = None
